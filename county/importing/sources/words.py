"""How foreign files call our roles, columns and kinds: tables of words beside this file, which a county may add to."""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from county.importing import kinds
from county.importing.sources.roles import BY_NAME, Role

FOLDER: Final = Path(__file__).parent
PARTS: Final = re.compile(r"[\s_\-.()（）]+|\d+$")
DBF_LETTERS: Final = 10  # a shapefile's column names end here
TAGS: Final[Mapping[str, tuple[kinds.Kind, ...]]] = {
    "roads": kinds.ROADS, "water": kinds.WATER, "waterways": kinds.WATERWAYS, "landcover": kinds.LANDCOVER,
    "railways": kinds.RAILWAYS, "places": kinds.PLACES, "pois": kinds.POIS,
}  # fmt: skip


def plain(word: str) -> str:
    """Return a word as it is compared: full-width letters narrowed, case and outer space gone."""
    return unicodedata.normalize("NFKC", word).strip().casefold()


def role_of(word: str) -> str | None:
    """Return the role a file or layer name means (`dem_west` means dem), or None."""
    words = _roles()
    name = plain(word)
    while name:
        if name in words:
            return words[name]
        shorter = [match.start() for match in PARTS.finditer(name) if match.start()]
        name = name[: shorter[-1]] if shorter else ""
    return None


def columns_of(role: Role, present: Iterable[str]) -> dict[str, str]:
    """Return which of `present` is which column of `role`: our own name first, then the role's words, then everybody's."""
    by_word: dict[str, str] = {}
    for name in present:
        by_word.setdefault(plain(name), name)
    wanted = (*role.columns, *(("lon", "lat") if role.shape == "point" else ()))
    found = {}
    for column in wanted:
        words = [
            column,
            column[:DBF_LETTERS],
            *_columns()[role.name][column],
            *_columns()["*"][column],
        ]
        match = next((by_word[word] for word in words if word in by_word), None)
        if match is not None:
            found[column] = match
    return found


def kind_words(role: str) -> Mapping[str, str]:
    """Return the kind that each word means for a role; empty where any kind will do."""
    return _kinds()[role]


@cache
def _roles() -> dict[str, str]:
    words = {plain(row["word"]): row["role"] for row in _rows("roles.csv")}
    return {**words, **{name: name for name in BY_NAME}}


@cache
def _columns() -> defaultdict[str, defaultdict[str, list[str]]]:
    words: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows("columns.csv"):
        words[row["role"]][row["column"]].append(plain(row["word"]))
    return words


@cache
def _kinds() -> defaultdict[str, dict[str, str]]:
    words: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for role, tagged in TAGS.items():
        for kind in tagged:
            for value in kind.values:
                words[role].setdefault(value, kind.name)
    for row in _rows("kinds.csv"):
        words[row["role"]][plain(row["word"])] = row["kind"]
    for role, tagged in TAGS.items():
        words[role].update({kind.name: kind.name for kind in tagged})
    return words


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
