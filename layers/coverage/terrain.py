"""What the ground costs around a site, for every band at once: one byte per cell, swept along rays in one go.

The byte stands for nu times the square root of the wavelength of Bullington's edge (`diffraction.edge`), which has no
frequency in it. The station's horizon is a running maximum; the mobile's is found on the upper hull of the ground so far.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from county.compiled import compiled
from layers.coverage.diffraction import EARTH_M, LIGHT, knife_edge_db
from layers.coverage.rays import Rays

Bytes = NDArray[np.uint8]
Reals = NDArray[np.float32]

# Fine where a decibel is at stake (around nu = 0), coarse far above: an even step of the inverse hyperbolic sine.
SCALE: Final = 0.15
LOWEST: Final = -0.66  # CLEAR at 420 MHz: nothing lower costs anything
LOW: Final = float(np.arcsinh(LOWEST / SCALE))
STEP: Final = (float(np.arcsinh(60.0 / SCALE)) - LOW) / 254
CLEAR: Final = 0
BRANCHES: Final = 3  # as `rays` lays them
FINE, MIDDLE, COARSE, HIGHEST = 0.002, 2.0, 0.02, 60.0


def losses(mhz: float) -> tuple[Reals, Reals]:
    """Return what each byte costs at a frequency: a part for the edge, and one per metre of path (P.526-15 (58))."""
    value = SCALE * np.sinh(LOW + STEP * (np.arange(256) - 0.5))
    edge = knife_edge_db(value / np.sqrt(LIGHT / mhz))
    edge[CLEAR] = 0.0
    share = 1 - np.exp(-edge / 6)
    return (edge + 10 * share).astype(np.float32), (share * 0.02 / 1000).astype(np.float32)


def _bytes_by_value() -> Bytes:
    # Two straight scales joined: steps of FINE up to MIDDLE, steps of COARSE beyond.
    fine = LOWEST + (np.arange(int((MIDDLE - LOWEST) / FINE) + 1) + 0.5) * FINE
    coarse = MIDDLE + (np.arange(int((HIGHEST - MIDDLE) / COARSE) + 2) + 0.5) * COARSE
    code = np.floor((np.arcsinh(np.concatenate([fine, coarse]) / SCALE) - LOW) / STEP) + 1
    return np.asarray(np.clip(code, 1, 255), dtype=np.uint8)


BYTES: Final = _bytes_by_value()
FINE_COUNT: Final = int((MIDDLE - LOWEST) / FINE) + 1


def around(
    heights: Reals, at: tuple[int, int], station_m: float, mobile_m: float, cell_m: float, table: Rays, margin: int = 0
) -> Bytes:  # fmt: skip
    """Return the bytes of the cells around `at`; `station_m` is above the sea, `mobile_m` above the ground.

    Within `margin` of the edges only the ground is wanted, so a ray that leaves the middle of the array ends there.
    """
    swept = np.zeros(table.rows.shape, dtype=np.uint8)
    _sweep(
        heights, at[0], at[1], station_m, mobile_m, cell_m, 1 / (2 * EARTH_M), margin, table.rows, table.columns, BYTES,
        swept,
    )  # fmt: skip
    return spread(swept, table.ray, table.step)


@compiled
def spread(swept: Bytes, ray: NDArray[np.uint16], step: NDArray[np.uint16]) -> Bytes:
    """Return the swept bytes cell by cell."""
    out = np.zeros(ray.shape, dtype=np.uint8)
    for row in range(ray.shape[0]):
        for column in range(ray.shape[1]):
            out[row, column] = swept[ray[row, column], step[row, column]]
    return out


@compiled
def _sweep(
    heights: Reals, row: int, column: int, station: float, mobile: float, cell: float, bend: float, margin: int,
    rows: NDArray[np.int16], columns: NDArray[np.int16], bytes_: Bytes, out: Bytes,
) -> None:  # fmt: skip
    count, steps = rows.shape
    level = np.empty(
        steps, dtype=np.float64
    )  # of the ground from the station down, over a flat earth
    per = 1 / (np.maximum(np.arange(steps), 1) * cell)  # one over so many steps, in metres
    bottom, right = heights.shape[0] - margin, heights.shape[1] - margin
    within = margin <= row < bottom and margin <= column < right
    # By depth, where rays branch off: what the latest ray had found when it came to half, a quarter, an eighth of the reach.
    hulls, crests = np.empty((BRANCHES, steps), np.int64), np.empty((BRANCHES, steps), np.float64)
    tops, steep = np.zeros(BRANCHES, dtype=np.int64), np.full(BRANCHES, -1e30)
    for ray in range(count):
        depth = _depth(ray)
        first = 1 if depth == BRANCHES or tops[depth] == 0 else (steps - 1 >> depth + 1) + 1
        last = steps
        for step in range(first, steps):
            y, x = row + rows[ray, step], column + columns[ray, step]
            if within and (y < margin or x < margin or y >= bottom or x >= right):
                last = step
                break
            along = step * cell
            level[step] = heights[y, x] - along * along * bend - station
        _walk(
            level,
            first,
            last,
            depth,
            hulls,
            crests,
            tops,
            steep,
            mobile,
            cell,
            per,
            bytes_,
            out[ray],
        )


@compiled
def _depth(ray: int) -> int:
    depth = 0
    while depth < BRANCHES and not ray >> depth & 1:
        depth += 1
    return depth


@compiled
def _walk(
    level: NDArray[np.float64], first: int, last: int, depth: int, hulls: NDArray[np.int64], crests: NDArray[np.float64],
    tops: NDArray[np.int64], steep: NDArray[np.float64], mobile: float, cell: float, per: NDArray[np.float64],
    bytes_: Bytes, out: Bytes,
) -> None:  # fmt: skip
    """Walk one ray outwards; `hull` and `crest` hold steps and levels of the ground's upper hull so far."""
    steps = len(per)
    hull, crest = np.empty(steps, dtype=np.int64), np.empty(steps, dtype=np.float64)
    top, steepest, branch = 0, -1e30, BRANCHES - 1
    if first > 1:
        top, steepest, branch = tops[depth], steep[depth], depth - 1
        hull[:top], crest[:top] = hulls[depth, :top], crests[depth, :top]
    for below in range(branch + 1):
        tops[below] = 0  # until this ray comes so far, nobody branches off
    for step in range(first, last):
        here = level[step]
        slope = here * per[step]
        if top > 0:
            straight = slope + mobile * per[step]
            if steepest < straight:
                out[step] = _seen(crest, hull, top, step, straight, cell, per, bytes_)
            else:
                back = _horizon(crest, hull, top, step, here + mobile, per) + straight
                # Both lines to the horizons rise above the line of sight by so much a metre; where they meet, P.526-15
                # (57) is the root of twice the path times both.
                value = np.sqrt(2 * step * cell * max(steepest - straight, 0.0) * max(back, 0.0))
                out[step] = _byte(value, bytes_)
        steepest = max(steepest, slope)
        while top > 1 and (crest[top - 1] - crest[top - 2]) * (step - hull[top - 2]) <= (
            here - crest[top - 2]
        ) * (hull[top - 1] - hull[top - 2]):
            top -= (
                1  # the last point of the hull lies below the line from the one before to this one
            )
        hull[top], crest[top] = step, here
        top += 1
        if branch >= 0 and step == steps - 1 >> branch + 1:
            tops[branch], steep[branch] = top, steepest
            hulls[branch, :top], crests[branch, :top] = hull[:top], crest[:top]
            branch -= 1


@compiled
def _byte(value: float, bytes_: Bytes) -> int:
    if value < MIDDLE:
        return int(bytes_[int((value - LOWEST) / FINE)])
    return int(bytes_[FINE_COUNT + int((min(value, HIGHEST) - MIDDLE) / COARSE)])


@compiled
def _seen(
    crest: NDArray[np.float64], hull: NDArray[np.int64], top: int, step: int, straight: float, cell: float,
    per: NDArray[np.float64], bytes_: Bytes,
) -> int:  # fmt: skip
    # Every point lies below the line of sight: the highest nu is the least depth below it, by the width of the zone there.
    least = LOWEST * LOWEST / (2 * step * cell)
    clear = True
    for number in range(top):
        at = hull[number]
        below = straight * (at * cell) - crest[number]
        depth = below * below * per[at] * per[step - at]
        if depth < least:
            least = depth
            clear = False
    return CLEAR if clear else _byte(-np.sqrt(least * 2 * step * cell), bytes_)


@compiled
def _horizon(
    crest: NDArray[np.float64], hull: NDArray[np.int64], top: int, step: int, mobile: float, per: NDArray[np.float64]
) -> float:  # fmt: skip
    # Seen from the mobile, slopes rise along the hull and then fall: the walk ends at the first that falls.
    number = top - 1
    back = (crest[number] - mobile) * per[step - hull[number]]
    while number > 0:
        number -= 1
        slope = (crest[number] - mobile) * per[step - hull[number]]
        if slope < back:
            break
        back = slope
    return float(back)
