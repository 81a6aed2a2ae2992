"""From typed text to rows: every way a name may have been meant, each with its score, the best way kept."""

from dataclasses import dataclass
from typing import Final, get_args

import numpy as np
from numpy.typing import NDArray

from county.gazetteer.grams import Tokens
from county.gazetteer.model import Floats, Names, Rows, Why
from county.gazetteer.spelling import (
    Speller,
    confused,
    english_ending,
    fold,
    fold_words,
    has_han,
    initials,
    words,
)
from county.gazetteer.spellings import Prefer, Spellings, alike, letters

WHYS: Final[tuple[Why, ...]] = get_args(Why)
SOUNDS_FROM: Final = (
    0x110000  # beyond the last code point, so that a sound is never taken for a letter
)
PRIVATE_USE: Final = 0xE000  # where a sound has a character of its own
LONGEST: Final = 64  # characters of a query that are looked at
SHORTENED: Final = 0.84  # 县医院 for 县第一人民医院: all characters, in order, with others between
LIKE_AT_LEAST: Final = 0.5
LIKE: Final = 0.9  # what full likeness with a mistake is worth, against 1 for the name itself
ENOUGH: Final = 10  # answers without a mistake; then nobody looks for mistakes
SHORTEST_PART: Final = {"written": 2, "latin": 3, "initials": 3}

# What a match is worth by the sort of spelling: the whole, its beginning, a part of it.
WORTH: Final[dict[str, tuple[tuple[float, Why], tuple[float, Why], tuple[float, Why]]]] = {
    "written": ((1.0, "exact"), (0.95, "prefix"), (0.9, "contains")),
    "english": ((1.0, "exact"), (0.95, "prefix"), (0.9, "contains")),
    "pinyin": ((0.97, "pinyin"), (0.93, "pinyin"), (0.88, "pinyin")),
    "romanised": ((0.97, "exact"), (0.92, "pinyin"), (0.87, "pinyin")),
    "initials": ((0.92, "initials"), (0.88, "initials"), (0.8, "initials")),
}


LATIN_SORTS: Final = ("english", "pinyin", "romanised")


@dataclass(frozen=True, slots=True)
class Matches:
    """Rows with what each is worth and why, a row once."""

    rows: Rows
    scores: Floats
    whys: NDArray[np.int8]


class NameIndex:
    """All spellings of a table of names. Read-only after it is made: any number of threads may ask."""

    def __init__(self, names: Names, speller: Speller) -> None:
        """Spell every name in all its ways and index them (some 5 s for 100,000)."""
        self._speller = speller
        self._sounds: dict[str, int] = {}
        self._sound_of: dict[str, int] = {}
        self._table = _Table(names, speller)
        table = self._table
        self._written = Spellings(
            table.written, table.written_rows, tokens=self._sounded, width=2, loose=True
        )
        self._latin = Spellings(table.latin, table.latin_rows, tokens=letters, width=3, loose=False)
        self._initials = Spellings(
            table.initials, table.initials_rows, tokens=letters, width=2, loose=False
        )
        self._latin_sorts = np.array(table.latin_sorts)
        self._heard = [self._by_ear(text) for text in table.written]

    def search(self, text: str, prefer: Prefer) -> Matches:
        """Return what `text` may mean; of equally good matches more than can be looked at, those that `prefer` values most."""
        text = text[:LONGEST]
        folded = fold(text)
        found = _Gathered()
        if has_han(folded):
            self._as_written(folded, prefer, found)
            if any(c.isascii() and c.isalpha() for c in folded):
                self._as_latin("".join(self._speller.syllables(folded)), [], prefer, found)
        elif folded:
            self._as_latin(fold_words(text) or folded, words(text), prefer, found)
        return found.best()

    def _as_written(self, query: str, prefer: Prefer, found: "_Gathered") -> None:
        self._straight(self._written, query, "written", prefer, found)
        if found.count >= ENOUGH:
            return
        rows, likeness = self._written.like(query, prefer)
        by_ear = alike(self._by_ear(query), [self._heard[i] for i in rows.tolist()])
        short = np.array(
            [_in_order(query, self._written.texts[i]) for i in rows.tolist()], dtype=bool
        )
        found.add(self._written.rows[rows[short]], SHORTENED, "contains")
        found.add_like(self._written.rows[rows], (likeness + by_ear) / 2)

    def _as_latin(self, query: str, parts: list[str], prefer: Prefer, found: "_Gathered") -> None:
        self._straight(self._latin, query, "latin", prefer, found)
        if any(character.isdigit() for character in query):
            self._straight(self._written, query, "written", prefer, found)  # 318国道
        if query.isascii() and query.isalnum():
            self._straight(self._initials, query, "initials", prefer, found)
        if found.count >= ENOUGH or len(query) < SHORTEST_PART["latin"]:
            return
        rows, likeness = self._latin.like(query, prefer)
        if len(parts) > 1:
            told = [all(part in self._latin.texts[i] for part in parts) for i in rows.tolist()]
            likeness = np.where(told, np.maximum(likeness, 0.95), likeness)
        found.add_like(self._latin.rows[rows], likeness)

    def _straight(
        self, spellings: Spellings, query: str, sort: str, prefer: Prefer, found: "_Gathered"
    ) -> None:
        begun, exact = spellings.beginning(query, prefer)
        held = spellings.holding(query, prefer) if len(query) >= SHORTEST_PART[sort] else begun[:0]
        for rank, at in enumerate((begun[exact], begun[~exact], held)):
            if sort != "latin":
                found.add(spellings.rows[at], *WORTH[sort][rank])
                continue
            for number, latin in enumerate(LATIN_SORTS):
                found.add(spellings.rows[at[self._latin_sorts[at] == number]], *WORTH[latin][rank])

    def _by_ear(self, text: str) -> str:
        numbers = (self._sound(character) for character in text)
        return "".join(
            chr(n if n < SOUNDS_FROM else n - SOUNDS_FROM + PRIVATE_USE) for n in numbers
        )

    def _sounded(self, text: str) -> Tokens:
        return np.array([self._sound(character) for character in text], dtype=np.int64)

    def _sound(self, character: str) -> int:
        # A sound first met in a query gets a number that no row has; which one does not matter.
        known = self._sound_of.get(character)
        if known is None:
            if has_han(character):
                sound = confused(self._speller.usual(character))
                known = SOUNDS_FROM + self._sounds.setdefault(sound, len(self._sounds))
            else:
                known = ord(character)
            self._sound_of[character] = known
        return known


def _in_order(query: str, text: str) -> bool:
    rest = iter(text)
    return all(character in rest for character in query)


class _Gathered:
    """Matches as they come in, in several ways."""

    def __init__(self) -> None:
        self.count = 0
        self._rows: list[Rows] = []
        self._scores: list[Floats] = []
        self._whys: list[NDArray[np.int8]] = []

    def add(self, rows: Rows, score: float | Floats, why: Why) -> None:
        """Take in rows found in one way."""
        self.count += len(rows)
        self._rows.append(rows)
        self._scores.append(np.broadcast_to(np.asarray(score, dtype=float), rows.shape))
        self._whys.append(np.full(len(rows), WHYS.index(why), dtype=np.int8))

    def add_like(self, rows: Rows, likeness: Floats) -> None:
        """Take in rows that are meant if there is a mistake in what was typed."""
        keep = likeness >= LIKE_AT_LEAST
        self.add(rows[keep], LIKE * likeness[keep], "typo")

    def best(self) -> Matches:
        """Return every row once, by its best way."""
        if not self._rows:
            return Matches(np.empty(0, np.int64), np.empty(0), np.empty(0, np.int8))
        rows, scores = np.concatenate(self._rows), np.concatenate(self._scores)
        order = np.lexsort((-scores, rows))
        rows, scores, whys = rows[order], scores[order], np.concatenate(self._whys)[order]
        first = np.ones(len(rows), dtype=bool)
        first[1:] = rows[1:] != rows[:-1]
        return Matches(rows[first], scores[first], whys[first])


class _Table:
    """Every spelling of every row, by its sort."""

    def __init__(self, names: Names, speller: Speller) -> None:
        self.written: list[str] = []
        self.written_rows: list[int] = []
        self.latin: list[str] = []
        self.latin_rows: list[int] = []
        self.latin_sorts: list[int] = []
        self.initials: list[str] = []
        self.initials_rows: list[int] = []
        self._speller = speller
        for row, (name, english) in enumerate(zip(names.names, names.names_en, strict=True)):
            self._spell(row, name, in_english=bool(english))
            self._spell_latin(row, english)
        for row, name in names.aliases:
            self._spell(row, name, in_english=True)

    def _spell(self, row: int, name: str, *, in_english: bool) -> None:
        folded = fold(name)
        if not has_han(folded):
            self._spell_latin(row, name)
            return
        self.written.append(folded)
        self.written_rows.append(row)
        read = self._speller.syllables(folded)
        usual = self._speller.usual_syllables(folded)
        for syllables in (read,) if read == usual else (read, usual):
            self._add_latin(row, "".join(syllables), "pinyin")
            self.initials.append(initials(syllables))
            self.initials_rows.append(row)
        if not in_english:
            self._romanise(row, folded, read)

    def _romanise(self, row: int, folded: str, syllables: list[str]) -> None:
        parted = english_ending(folded)
        if parted is not None:
            before, ending = parted
            self._add_latin(
                row, "".join(syllables[: len(before)]) + fold_words(ending), "romanised"
            )

    def _spell_latin(self, row: int, name: str) -> None:
        folded = fold_words(name)
        if folded:
            self._add_latin(row, folded, "english")

    def _add_latin(self, row: int, text: str, sort: str) -> None:
        self.latin.append(text)
        self.latin_rows.append(row)
        self.latin_sorts.append(LATIN_SORTS.index(sort))
