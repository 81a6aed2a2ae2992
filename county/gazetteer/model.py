"""What a gazetteer holds (a table of names) and what it answers."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

# How a name was found: as written, by its beginning, by a part, by pinyin, by initials of pinyin, with a mistake,
# as the street of a house number, as where two roads meet.
Why = Literal["exact", "prefix", "contains", "pinyin", "initials", "typo", "address", "crossing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One answer: what it is, where (WGS 84, longitude first), how well it fits (0 to 1), and by what."""

    name: str
    name_en: str
    kind: str
    town: str
    lon: float
    lat: float
    score: float
    why: Why
    town_en: str = ""
    distance_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """A table of named things, one row each; `weight` (0 to 1) puts the weightier of equal matches first."""

    names: list[str]
    names_en: list[str]
    kinds: list[str]
    towns: list[str]
    lons_deg: Floats
    lats_deg: Floats
    weights: Floats
    aliases: tuple[tuple[int, str], ...] = ()  # (row, another name of it), such as a road's number

    def __len__(self) -> int:
        return len(self.names)
