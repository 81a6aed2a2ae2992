"""Words: every visible string stands in `views/words/zh/` and `views/words/en/`, in files and under keys of the same name."""

import string
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "words"
LANGUAGES: Final = ("zh", "en")
HTML_LANGUAGE: Final = MappingProxyType({"zh": "zh-CN", "en": "en"})

Words = Callable[..., str]


class _Filled(string.Formatter):
    """Fills `{n}`, and chooses the word in `{n:case|cases}` by whether the value is one."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, many = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return one if str(value) == "1" else many


_filled = _Filled()


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{key}.")
        else:
            found[prefix + key] = value
    return found


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return every word of `language` by its dotted key; a key stands in one file alone."""
    found: dict[str, str] = {}
    for path in sorted((FOLDER / language).glob("*.toml")):
        entries = _flat(tomllib.loads(path.read_text("utf-8")))
        if twice := sorted(found.keys() & entries.keys()):
            raise ValueError(f"{path}: {', '.join(twice)} stand in another file already")
        found |= entries
    return MappingProxyType(found)


def spoken(language: str | None) -> str:
    """Return `language` where we speak it, else Chinese, which comes first here."""
    return language if language in LANGUAGES else "zh"


def words(language: str) -> Words:
    """Return the function that gives a key's words in `language` with their values filled in."""
    entries = catalogue(spoken(language))

    def say(key: str, **values: object) -> str:
        return _filled.format(entries[key], **values) if values else entries[key]

    return say
