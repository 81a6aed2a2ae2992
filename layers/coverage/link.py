"""From a sector to the signal in every cell around it: model, ground, antenna and power, as one byte of half a decibel."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from county.compiled import compiled
from layers.coverage import pathloss
from layers.coverage.antenna import around, turned
from layers.coverage.bands import frequency_mhz, reference_dbm
from layers.coverage.ground import Ground, classes
from layers.coverage.model import Sector
from layers.coverage.pathloss import Link
from layers.coverage.rays import OWN_CELL, QUARTERS, Rays
from layers.coverage.tables import antenna
from layers.coverage.terrain import losses

Bytes = NDArray[np.uint8]
Reals = NDArray[np.float32]

# Byte 0 is silence; byte n is FLOOR_DBM + n / 2: from -140.5 to -13.5 dBm. 3GPP reports RSRP from -140 (TS 36.133 9.1.4).
FLOOR_DBM: Final = -141.0
ENVIRONMENTS: Final = ("rma", "uma")
REACH_M: Final = (
    5_000.0  # TR 38.901 table 7.4.1-1: what NLOS in the country and both in town are specified to
)
LOW_BAND_REACH_M: Final = 10_000.0  # what line of sight in the country is specified to
LOW_BAND_MHZ: Final = 1_000.0
MOBILE_M: Final = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """A frequency and a height, tabled: by environment, part (sight, mean) and quarter of a cell; and by byte of the ground."""

    by_distance: Reals
    by_ground: tuple[Reals, Reals]


def dbm(codes: Bytes) -> Reals:
    """Return the signal in dBm; NaN for silence."""
    return np.where(codes == 0, np.nan, FLOOR_DBM + codes * 0.5).astype(np.float32)


def reach_cells(sector: Sector, cell_m: float) -> int:
    """Return how many cells a sector is followed."""
    low = frequency_mhz(sector) < LOW_BAND_MHZ
    return int((LOW_BAND_REACH_M if low else REACH_M) / cell_m)


@lru_cache(maxsize=1024)
def losses_of(station_m: float, mhz: float, cell_m: float, half: int) -> Losses:
    """Return the tables of a link; Refused where the models do not hold."""
    link = Link(station_m, mhz)
    for model in ENVIRONMENTS:
        for part in ("los", "nlos"):
            pathloss.check(model, part, link)
    along = np.maximum(np.arange(half * QUARTERS + 2), OWN_CELL * QUARTERS) * cell_m / QUARTERS
    sight = pathloss.rma_los(along, link), pathloss.uma_los(along, link)
    chance = pathloss.rma_sight(along), pathloss.uma_sight(along)
    blocked = pathloss.rma_nlos(along, link), pathloss.uma_nlos(along, link)
    mean = [p * los + (1 - p) * nlos for p, los, nlos in zip(chance, sight, blocked, strict=True)]
    table = np.stack([np.stack([los, held]) for los, held in zip(sight, mean, strict=True)])
    return Losses(table.astype(np.float32), losses(mhz))


@lru_cache(maxsize=64)
def clutter_offsets(corrections: tuple[float, ...] | None = None) -> tuple[NDArray[np.uint8], Reals]:  # fmt: skip
    """Return the environment and the offset of every class of land; corrections come from calibration and are added."""
    kinds = classes()
    more = corrections or (0.0,) * len(kinds)
    environment = np.array([ENVIRONMENTS.index(one.environment) for one in kinds], dtype=np.uint8)
    offset = np.array([one.offset_db + add for one, add in zip(kinds, more, strict=True)], dtype=np.float32)  # fmt: skip
    return environment, offset


def heard(
    sectors: Sequence[Sector], ground: Ground, at: tuple[int, int], bytes_around: Bytes, table: Rays, outs: Sequence[Bytes],
    corrections: tuple[float, ...] | None = None,
) -> None:  # fmt: skip
    """Write the signal of sectors of one mast, height, frequency and reach into `outs`, squares of cells around `at`.

    `at` is a cell of the grid with its margin. What the way costs is worked out once; each antenna then sees it its own way.
    """
    cell_m, half = ground.grid.cell_m, (outs[0].shape[0] - 1) // 2
    height_m, mhz = sectors[0].height_m, frequency_mhz(sectors[0])
    links = losses_of(height_m, mhz, cell_m, table.half)
    loss = np.empty(outs[0].shape, dtype=np.float32)
    down = np.empty(outs[0].shape, dtype=np.float32)
    _way(
        loss, down, half, table.half, table.quarters, table.per_cell, bytes_around, ground.heights, ground.clutter,
        *at, ground.margin, float(ground.heights[at]) + height_m - MOBILE_M, cell_m, links.by_distance,
        *links.by_ground, *clutter_offsets(corrections),
    )  # fmt: skip
    shift = table.half - half
    for sector, out in zip(sectors, outs, strict=True):
        pattern = antenna(sector.antenna)
        limits = (
            pattern.vertical_deg, pattern.vertical_floor_db, pattern.total_floor_db, sector.electrical_tilt_deg,
            sector.mechanical_tilt_deg,
        )  # fmt: skip
        sent = reference_dbm(sector) + pattern.gain_dbi - FLOOR_DBM
        _facing(
            out, loss, down, table.direction, shift, turned(sector), *around(sector.antenna),
            np.array(limits, np.float32), np.float32(sent),
        )  # fmt: skip


@compiled
def _way(
    loss: Reals, angle: Reals, half: int, reach: int, quarters: NDArray[np.uint16], per_cell: Reals, ground_bytes: Bytes,
    heights: Reals, clutter: Bytes, row: int, column: int, margin: int, above: float, cell: float, by_distance: Reals,
    edge: Reals, per_metre: Reals, environment: Bytes, offset: Reals,
) -> None:  # fmt: skip
    shift, ground_shift = reach - half, (ground_bytes.shape[0] - 1) // 2 - half
    top, left = row - half, column - half
    bottom, right = heights.shape[0] - margin, heights.shape[1] - margin
    limit, metre, per = half * 4, np.float32(cell / 4), np.float32(1 / cell)
    station, most = np.float32(above), np.float32(1.0)
    for down in range(2 * half + 1):
        for across in range(2 * half + 1):
            away = quarters[down + shift, across + shift]
            y, x = top + down, left + across
            if away == 0 or away > limit or y < margin or x < margin or y >= bottom or x >= right:
                loss[down, across] = np.float32(1e6)
                angle[down, across] = np.float32(0.0)
                continue
            kind = clutter[y, x]
            there = environment[kind]
            code = ground_bytes[down + ground_shift, across + ground_shift]
            sight = by_distance[there, 0, away] + edge[code] + per_metre[code] * (away * metre)
            loss[down, across] = max(sight, by_distance[there, 1, away]) + offset[kind]
            steep = (station - heights[y, x]) * per * per_cell[down + shift, across + shift]
            steep = min(max(steep, -most), most)
            square = steep * steep  # degrees of the arc tangent, to 0.1 between -45 and 45
            angle[down, across] = steep * (
                np.float32(57.034) + square * (np.float32(-16.52) + square * np.float32(4.54))
            )


@compiled
def _facing(
    out: Bytes, loss: Reals, down: Reals, direction: NDArray[np.uint16], shift: int, north: int, beside: Reals,
    forward: Reals, limits: Reals, sent: np.float32,
) -> None:  # fmt: skip
    narrow, low, floor, electrical, mechanical = (
        np.float32(1.0) / limits[0],
        limits[1],
        limits[2],
        limits[3],
        limits[4],
    )
    for row in range(out.shape[0]):
        for column in range(out.shape[1]):
            facing = direction[row + shift, column + shift] + north
            off = (down[row, column] - electrical - mechanical * forward[facing]) * narrow
            lost = min(beside[facing] + min(np.float32(12.0) * off * off, low), floor)
            level = (sent - loss[row, column] - lost) * np.float32(2.0) + np.float32(0.5)
            out[row, column] = np.uint8(min(max(level, np.float32(0.0)), np.float32(255.0)))
