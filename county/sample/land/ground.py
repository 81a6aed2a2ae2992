"""The finished ground: fine detail on the slopes, flat floors in the valleys, and the rivers' beds below them."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from county.sample.frame import Frame, Grid, paced
from county.sample.land.relief import Relief
from county.sample.land.rivers import River, width_m

FINER: Final = 2  # cells of 50 m
WIDEST_M: Final = 700.0


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Heights in metres, their slope (rise over run), and how far and how low the nearest river is, on one grid."""

    metres: Grid
    slope: Grid
    to_water_m: Grid
    above_water_m: Grid
    wild: Grid


def finished(frame: Frame, rng: np.random.Generator, relief: Relief, rivers: list[River]) -> Ground:
    """Return the ground shaped around the rivers as they were drawn."""
    side = frame.cells * FINER
    rough = frame.finer(relief.drainage.metres.reshape(frame.cells, -1), FINER)
    wild = frame.finer(relief.wild, FINER)
    rough += wild * 9.0 * frame.noise(rng, 330.0, side) + (1 - wild) * 0.7 * frame.noise(
        rng, 900.0, side
    )
    low, km2 = _beds(frame, rivers, side)
    away, (row, column) = ndimage.distance_transform_edt(
        np.isnan(low), sampling=frame.step(side), return_indices=True
    )
    low, km2 = low[row, column], km2[row, column]
    floor = np.minimum(45.0 + 15.0 * np.sqrt(km2), WIDEST_M * np.clip(1.1 - 1.2 * wild, 0.3, 1))
    up = np.clip((away - floor) / (2.2 * floor), 0, 1)
    up = up * up * (3 - 2 * up)
    bed = low + 1.2 + 0.007 * away
    metres = bed + (np.maximum(rough, low + 0.5) - bed) * up
    metres -= 2.5 * np.clip(1.2 - away / (0.5 * width_m(km2) + 25.0), 0, 1)
    plain = np.clip(1 - wild / 0.12, 0, 1)
    metres = frame.blur(metres, 32.0) * (1 - plain) + frame.blur(metres, 150.0) * plain
    metres = np.maximum(metres, 2.0)
    north, east = np.gradient(metres, frame.step(side))
    return Ground(metres, np.hypot(north, east), away, metres - low, wild)


def _beds(frame: Frame, rivers: list[River], side: int) -> tuple[Grid, NDArray[np.float64]]:
    low, km2 = np.full((side, side), np.nan), np.zeros((side, side))
    for river in sorted(rivers, key=lambda one: float(one.km2[-1])):
        points = paced(river.line, 25.0)
        share = np.linspace(0, len(river.line) - 1, len(points))
        row, column = frame.cell(side, points)
        steps = np.arange(len(river.line))
        low[row, column] = np.interp(share, steps, river.metres)
        km2[row, column] = np.interp(share, steps, river.km2)
    return low, km2
