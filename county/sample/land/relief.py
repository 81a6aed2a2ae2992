"""Mountains in the west and north, a basin in the south-east: how strongly the land rises, and what water makes of it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from county.sample.frame import CELL_M, Frame, Grid, Mask
from county.sample.land.drainage import Drainage, carved, first

MOUNTAINS: Final = 0.062  # slope of a brook that drains 1 km²
HILLS: Final = 0.022
PLAIN: Final = 0.0012
INFLOW_KM2: Final = 1_650.0  # the main river comes from beyond the county
EAST_M, WEST_M = 38.0, 150.0


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """The drained land, and how mountainous each place is, 0 (plain) to 1."""

    drainage: Drainage
    wild: Grid


def made(frame: Frame, rng: np.random.Generator) -> Relief:
    """Return the land as rain has left it."""
    x, y = frame.centres(frame.cells)
    reach = frame.half_m / 24_000.0
    wild = _wild(frame, rng, x / reach, y / reach)
    rise = PLAIN + HILLS * np.clip(wild * 2.2, 0, 1) ** 1.4 + (MOUNTAINS - HILLS) * wild**1.5
    rise *= np.exp(0.30 * frame.noise(rng, 2_600.0) + 0.16 * frame.noise(rng, 700.0))
    outlets, inflow = _edges(frame, x, y, wild)
    base = EAST_M + (WEST_M - EAST_M) * (1 - (x + frame.half_m) / (2 * frame.half_m)) + 260.0 * wild
    cost = np.exp(0.75 * frame.noise(rng, 1_300.0) + 0.35 * frame.noise(rng, 420.0)) * (0.6 + wild)
    down = first(cost, outlets, CELL_M)
    return Relief(carved(down, rise, base, inflow, CELL_M, 5), wild)


def _wild(frame: Frame, rng: np.random.Generator, x: Grid, y: Grid) -> Grid:
    # Distance into the mountains: a bay of the plain opens to the south-east.
    inward = (-0.86 * x + 0.62 * y) / 15_000.0 + 0.12
    inward += 0.33 * frame.noise(rng, 8_500.0) + 0.12 * frame.noise(rng, 3_300.0)
    islands = 0.62 * np.clip(frame.noise(rng, 4_600.0) - 1.25, 0, 1)  # hills that stand alone
    out: Grid = np.clip(1 / (1 + np.exp(-3.4 * (inward - 0.3))) * 1.08 - 0.06, 0, 1)
    return np.clip(out + islands, 0, 1)


def _edges(frame: Frame, x: Grid, y: Grid, wild: Grid) -> tuple[Mask, Grid]:
    """Return the cells water leaves by, and the main river's water where it comes in."""
    side = frame.cells
    outlets = np.zeros((side, side), dtype=bool)
    south, north = int(side * 0.36), int(side * 0.5)
    outlets[south:north, -1] = True
    entry = int(side * 0.62)
    inflow = np.zeros((side, side))
    inflow[entry, 0] = INFLOW_KM2
    return outlets, inflow
