"""From dBm (and dB of SINR) to a class: the operators' thresholds as a table of rows, each with where it was found."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocabulary.errors import Refused

TABLE: Final = Path(__file__).parent / "tables" / "thresholds.csv"
COLUMNS: Final = ("technology", "class", "at_least_dbm", "weak", "zh", "en", "source", "source_en")
SINR: Final = "SINR"
SCALES: Final = ("4G", "5G", SINR)
HIGHEST: Final = 60.0
OUTSIDE: Final = 0  # the code of what is not the county's, or not predicted

Codes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """One class of a technology: from `at_least_dbm` up to the class above; `weak` ones make weak areas."""

    technology: str
    name: str
    at_least_dbm: float
    weak: bool
    zh: str
    en: str
    source: str
    source_en: str

    def told(self, language: str) -> tuple[str, str]:
        """Return its name and where it was found, in a language."""
        return (self.en, self.source_en) if language == "en" else (self.zh, self.source)


@dataclass(frozen=True, slots=True)
class Scale:
    """The classes of one technology, best first; class number n of a raster is `grades[n - 1]`."""

    technology: str
    grades: tuple[Grade, ...]

    def codes(self, rsrp_dbm: NDArray[np.float32]) -> Codes:
        """Return the class of each value, 1 for the best; where nothing is heard (NaN) it is the last."""
        edges = np.array([grade.at_least_dbm for grade in self.grades[:-1]][::-1])
        heard = np.nan_to_num(rsrp_dbm, nan=-np.inf)
        codes: Codes = (len(self.grades) - np.digitize(heard, edges)).astype(np.uint8)
        return codes

    def grade(self, rsrp_dbm: float) -> Grade:
        """Return the class of one value; what is not finite has no signal."""
        if not np.isfinite(rsrp_dbm):
            return self.grades[-1]
        return next(grade for grade in self.grades if rsrp_dbm >= grade.at_least_dbm)

    @property
    def weak_codes(self) -> tuple[int, ...]:
        """Return the class numbers that count as weak."""
        return tuple(n for n, grade in enumerate(self.grades, 1) if grade.weak)

    @property
    def weak_below_dbm(self) -> float:
        """Return below which value coverage is weak."""
        return min(grade.at_least_dbm for grade in self.grades if not grade.weak)


Scales = dict[str, Scale]


@cache
def shipped_scales() -> Scales:
    """Return the scales that come with the program."""
    return read_scales(TABLE.name, TABLE.read_text("utf-8"))


def read_scales(table: str, text: str) -> Scales:
    """Return the scale of every technology; Refused names the row that is not right."""
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    found: dict[str, list[Grade]] = {technology: [] for technology in SCALES}
    for line, row in enumerate(rows, 2):
        grade = _grade(table, line, row)
        found[grade.technology].append(grade)
    return {name: _scale(table, name, grades) for name, grades in found.items()}


def _grade(table: str, line: int, row: dict[str, str]) -> Grade:
    missing = [name for name in COLUMNS if not row.get(name)]
    if missing:
        raise Refused("radio.threshold_empty", table=table, row=line, column=missing[0])
    if row["technology"] not in SCALES:
        value, known = row["technology"], ", ".join(SCALES)
        raise Refused("radio.technology", table=table, row=line, value=value, known=known)
    try:
        at_least = float(row["at_least_dbm"])
    except ValueError:
        at_least = float("nan")
    if not -999 <= at_least <= HIGHEST:
        value = row["at_least_dbm"]
        raise Refused("radio.threshold_value", table=table, row=line, value=value)
    return Grade(
        technology=row["technology"], name=row["class"], at_least_dbm=at_least, weak=row["weak"] == "1",
        zh=row["zh"], en=row["en"], source=row["source"],
        source_en=row["source_en"],
    )  # fmt: skip


def _scale(table: str, technology: str, grades: Sequence[Grade]) -> Scale:
    values = [grade.at_least_dbm for grade in grades]
    weak = [grade.weak for grade in grades]
    falls = all(one > other for one, other in pairwise(values))
    if len(grades) < 2 or not falls or weak != sorted(weak) or not any(weak) or all(weak):
        raise Refused("radio.threshold_order", table=table, technology=technology)
    return Scale(technology, tuple(grades))
