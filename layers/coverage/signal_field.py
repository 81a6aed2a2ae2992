"""How each cell of the county is covered, in one byte: what cases, units, ways, sensors and figures are told alike."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from layers.coverage.fallbacks import COVERED, HOLE, WEAK
from layers.coverage.grid import cells_of
from layers.coverage.model import Grid
from layers.coverage.thresholds import OUTSIDE, Codes
from vocabulary.place import Place

UNKNOWN: Final = "unknown"
SIGNALS: Final = (UNKNOWN, COVERED, WEAK, HOLE)  # by the number in a field
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SignalField:
    """The numbers of `SIGNALS` on a grid; off the county it is not known, and no hole."""

    grid: Grid
    codes: Codes

    def numbers(self, lon_deg: Floats, lat_deg: Floats) -> Codes:
        """Return how many places are covered, one number each."""
        found = np.zeros(len(lon_deg), dtype=np.uint8)
        there = np.flatnonzero(np.isfinite(lon_deg) & np.isfinite(lat_deg))
        rows, columns = cells_of(self.grid, lon_deg[there], lat_deg[there])
        high, wide = self.grid.shape
        on = (rows >= 0) & (rows < high) & (columns >= 0) & (columns < wide)
        found[there[on]] = self.codes[rows[on], columns[on]]
        return found

    def at(self, place: Place) -> str:
        """Return how one place is covered."""
        number = self.numbers(np.array([place.lon_deg]), np.array([place.lat_deg]))[0]
        return SIGNALS[int(number)]


def signal_field(grid: Grid, classes: Codes, count: int, first_weak: int) -> SignalField:
    """Return the field of a raster of `count` classes: weak from after `first_weak` on, a hole in the last one."""
    table = np.full(count + 1, SIGNALS.index(WEAK), dtype=np.uint8)
    table[: first_weak + 1] = SIGNALS.index(COVERED)
    table[OUTSIDE], table[count] = SIGNALS.index(UNKNOWN), SIGNALS.index(HOLE)
    return SignalField(grid, table[classes])
