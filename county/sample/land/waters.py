"""Water as areas: broad rivers widening downstream, reservoirs behind dams in the hills, lakes and ponds in the plain."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from scipy import ndimage
from shapely.geometry.base import BaseGeometry

from county.sample import names
from county.sample.areas import Window, above
from county.sample.frame import Frame, Mask, Points, line_of, normals, smoothed
from county.sample.land.drainage import Drainage
from county.sample.land.ground import Ground
from county.sample.land.rivers import BROAD_KM2, River

RESERVOIR_M2: Final = (90_000.0, 4_500_000.0)
DAM_M: Final = (14.0, 20.0, 28.0, 38.0)
BRANCHY: Final = 0.036
DAM_APART_M: Final = 5_200.0
AROUND: Final = 6  # cells beside a lake that are looked at
TEETH: Final = 40  # points of a river's bank drawn as one piece


@dataclass(frozen=True, slots=True, eq=False)
class Water:
    """One water area; `dam` is the line that holds it back, if one does."""

    kind: str
    name: str
    shape: BaseGeometry
    dam: Points | None = None


def broad(rivers: list[River]) -> list[Water]:
    """Return the water of rivers too broad to be lines."""
    out = []
    for river in rivers:
        wide = np.flatnonzero(river.km2 >= BROAD_KM2)
        if len(wide) > 20:
            out.append(Water("river", river.name, _banks(river, int(wide[0]))))
    return out


def _banks(river: River, first: int) -> BaseGeometry:
    line, half = river.line[first:], river.width_m[first:] / 2
    side = normals(smoothed(line, 1.0))
    # A broad river's banks are not parallel: slack water here, a gravel bar there.
    sway = 1.0 + 0.16 * np.sin(np.arange(len(line)) / 9.0) * np.sin(
        np.arange(len(line)) / 31.0 + 1.0
    )
    left, right = line + side * (half * sway)[:, None], line - side * (half * (2 - sway))[:, None]
    pieces = [shapely.buffer(line_of(line), float(half.min()) * 0.9, quad_segs=3)]
    for begin in range(0, len(line) - 1, TEETH):
        end = min(begin + TEETH + 1, len(line))
        ring = np.vstack([left[begin:end], right[begin:end][::-1]])
        pieces.append(shapely.buffer(shapely.Polygon(ring), 0))
    return shapely.simplify(shapely.union_all(pieces), 2.0)


def reservoirs(
    frame: Frame,
    ground: Ground,
    drainage: Drainage,
    inside: Mask,
    clear: BaseGeometry,
    most: int,
) -> list[Water]:
    """Return the reservoirs of the hills: valleys that a dam of some height fills well."""
    side, level = drainage.side, ground.metres
    height = level.reshape(side, 2, side, 2).mean(axis=(1, 3)).ravel()
    wild = ground.wild.reshape(side, 2, side, 2).mean(axis=(1, 3)).ravel()
    good = (
        (drainage.gathered_km2 > 4.0)
        & (drainage.gathered_km2 < 45.0)
        & (wild > 0.22)
        & inside.ravel()
    )
    up = _children(drainage)
    found: list[tuple[float, int, float, list[int]]] = []
    for cell in np.flatnonzero(good)[::3].tolist():
        for dam in DAM_M:
            lake = _behind(cell, up, height, float(height[cell]) + dam)
            km2 = len(lake) * drainage.step_m**2
            if RESERVOIR_M2[0] < km2 < RESERVOIR_M2[1]:
                found.append((km2 / (dam + 12.0) ** 2, cell, dam, lake))
    return _chosen(frame, drainage, level, found, clear, most)


def _children(drainage: Drainage) -> dict[int, list[int]]:
    up: dict[int, list[int]] = {}
    cells = np.flatnonzero(drainage.gathered_km2 > 0.0)
    for cell, below in zip(cells.tolist(), drainage.down[cells].tolist(), strict=True):
        if cell != below:
            up.setdefault(below, []).append(cell)
    return up


def _behind(dam: int, up: dict[int, list[int]], height: Points, top: float) -> list[int]:
    lake: list[int] = []
    waiting = [dam]
    while waiting and len(lake) < 500:
        cell = waiting.pop()
        lake.append(cell)
        waiting += [above_ for above_ in up.get(cell, ()) if height[above_] < top]
    return lake


def _chosen(
    frame: Frame, drainage: Drainage, level: Points, found: list[tuple[float, int, float, list[int]]],
    clear: BaseGeometry, most: int,
) -> list[Water]:  # fmt: skip
    out: list[Water] = []
    spots: list[Points] = []
    for _, cell, dam, lake in sorted(found, key=lambda one: -one[0]):
        row, column = divmod(cell, drainage.side)
        spot = (np.array([column, row]) + 0.5) * drainage.step_m - frame.half_m
        if len(out) == most:
            break
        if spots and np.hypot(*(np.array(spots) - spot).T).min() < DAM_APART_M:
            continue
        shape = _filled(frame, drainage, level, cell, dam, lake)
        if shape is not None and not shapely.intersects(clear, shape.buffer(600.0)):
            spots.append(spot)
            out.append(
                Water("reservoir", names.RESERVOIRS[len(out) % len(names.RESERVOIRS)], shape)
            )
    return out


def _filled(
    frame: Frame, drainage: Drainage, level: Points, dam: int, dam_m: float, lake: list[int]
) -> shapely.Polygon | None:
    """Return the lake as the fine ground holds it, its water at one level."""
    rows, columns = np.divmod(np.array(lake), drainage.side)
    low = np.maximum(np.array([rows.min(), columns.min()]) - AROUND, 0)
    high = np.array([rows.max(), columns.max()]) + AROUND + 1
    mask = np.zeros(np.minimum(high, drainage.side) - low)
    mask[rows - low[0], columns - low[1]] = 1.0
    here = np.s_[
        2 * low[0] : 2 * low[0] + 2 * mask.shape[0], 2 * low[1] : 2 * low[1] + 2 * mask.shape[1]
    ]
    row, column = divmod(dam, drainage.side)
    top = float(level[2 * row : 2 * row + 2, 2 * column : 2 * column + 2].mean()) + dam_m
    near = ndimage.gaussian_filter(np.kron(mask, np.ones((2, 2))), 1.1) > 0.28
    depth = ndimage.gaussian_filter(np.where(near, top - level[here], -3.0), 0.6)
    window = Window(frame.step(level), 2.0 * low[::-1])
    shapes = above(frame, depth, 0.0, RESERVOIR_M2[0] * 0.6, window=window)
    whole = max(shapes, key=lambda one: one.area, default=None)
    # What is round and short of shore is no drowned valley.
    return whole if whole is not None and whole.area < BRANCHY * whole.length**2 else None


def ponds(
    frame: Frame,
    rng: np.random.Generator,
    ground: Ground,
    inside: Mask,
    clear: shapely.STRtree,
    count: int,
) -> list[Water]:
    """Return lakes and fish ponds in the plain, off everything in `clear`; the first ones are the largest."""
    spots = rng.uniform(-frame.half_m, frame.half_m, (count * 40, 2))
    row, column = frame.cell(inside, spots)
    low = (
        inside[row, column]
        & (frame.at(ground.wild, spots) < 0.08)
        & (frame.at(ground.slope, spots) < 0.02)
    )
    spots = spots[low][: count * 2]
    out: list[Water] = []
    for spot in spots:
        large = len(out) < len(names.LAKES)
        radius = 420.0 / (1 + 0.5 * len(out)) if large else float(rng.uniform(18.0, 62.0))
        shape = _blob(rng, spot, radius)
        if len(clear.query(shape, predicate="dwithin", distance=28.0)) or len(out) == count:
            continue
        name = names.LAKES[len(out)] if large else ""
        out.append(Water("lake", name, shape))
    return out


def _blob(rng: np.random.Generator, at: Points, radius: float) -> shapely.Polygon:
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    reach = np.ones_like(angle)
    for waves in (2, 3, 5):
        reach += rng.uniform(0.05, 0.5 / waves) * np.cos(waves * angle + rng.uniform(0, 6.3))
    turn, flat = rng.uniform(0, np.pi), rng.uniform(0.55, 0.95)
    x, y = reach * np.cos(angle) * radius, reach * np.sin(angle) * radius * flat
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return shapely.Polygon(at + np.stack([x, y], axis=1) @ spin)
