"""Three kinds of failure: Refused (you asked for what cannot be), Unavailable (something outside), anything else is our bug."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

SENTENCES_FOLDER: Final = Path(__file__).parent / "sentences"


class Told(Exception):
    """A failure that may be told to the person as it is written; `code` names a sentence in `vocabulary/sentences/`."""

    def __init__(self, code: str, **values: object) -> None:
        """Keep the code and the values its sentence names."""
        super().__init__(code)
        self.code = code
        self.values = values

    def text(self, language: str = "zh") -> str:
        """Return the sentence in `language` (zh or en) with its values filled in."""
        return sentence(self.code, language).format(**self.values)

    def __str__(self) -> str:
        """Return the English sentence, for logs and the command line."""
        return self.text("en")

    @property
    def status(self) -> int:
        """Return the HTTP status that carries this failure."""
        return _catalogue()[self.code].status or self.default_status

    default_status = 400


class Refused(Told):
    """The request cannot be done as it was asked; nothing was changed. `status` is 4xx."""

    default_status = 422


class Unavailable(Told):
    """Something outside this program does not answer; nothing kept is lost and the request may be sent again."""

    default_status = 503


@dataclass(frozen=True, slots=True)
class Sentence:
    """One telling in both languages; `status` is the HTTP status where the kind's default does not fit."""

    zh: str
    en: str
    status: int | None = None


@cache
def _catalogue() -> dict[str, Sentence]:
    entries: dict[str, Sentence] = {}
    for file in sorted(SENTENCES_FOLDER.glob("*.toml")):
        for code, entry in tomllib.loads(file.read_text("utf-8")).items():
            if code in entries:
                raise ValueError(f"{file.name}: the sentence {code!r} stands in two files")
            entries[code] = Sentence(**entry)
    return entries


def codes() -> dict[str, Sentence]:
    """Return every sentence by its code (a test holds that what is raised is here)."""
    return dict(_catalogue())


def sentence(code: str, language: str) -> str:
    """Return the template of `code` in `language`; an unknown code is a programming error."""
    entry = _catalogue()[code]
    return entry.en if language == "en" else entry.zh
