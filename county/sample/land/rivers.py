"""Rivers and brooks as lines from spring to mouth: traced where water gathers, eased, meandering where the land is flat."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from county.sample.frame import (
    Frame,
    Points,
    coords,
    eased,
    line_of,
    normals,
    paced,
    passed,
    smoothed,
)
from county.sample.land.drainage import Drainage
from county.sample.land.relief import Relief

STREAM_KM2: Final = 2.2
SPRING_KM2: Final = 1.1
RIVER_KM2: Final = 30.0
BROAD_KM2: Final = 55.0  # from here on a river's water is drawn as an area
EASE_M: Final = 190.0
PACE_M: Final = 25.0
MOUTH_M: Final = 1_100.0
CALM_M: Final = 3_600.0  # how far from the seat's middle the main river runs embanked
SHORT_M: Final = 500.0


@dataclass(frozen=True, slots=True, eq=False)
class River:
    """One river: its line downstream, and at each point the land it drains and how high it lies."""

    line: Points
    km2: NDArray[np.float64]
    metres: NDArray[np.float64]
    name: str = ""

    @property
    def kind(self) -> str:
        """Return river or stream."""
        return "river" if self.km2[-1] >= RIVER_KM2 else "stream"

    @property
    def width_m(self) -> NDArray[np.float64]:
        """Return how wide the water is at each point."""
        return width_m(self.km2)


def width_m(km2: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how wide a river is that drains so much land."""
    return np.asarray(2.6 * km2**0.48)


def trace(frame: Frame, rng: np.random.Generator, relief: Relief, calm: Points) -> list[River]:
    """Return the rivers, the main one first; near `calm`, where the seat will lie, it is embanked."""
    drainage = relief.drainage
    up = _upstream(drainage)
    wet = np.flatnonzero(drainage.gathered_km2 >= STREAM_KM2)
    taken: dict[int, Points] = {}
    rivers: list[River] = []
    for mouth in wet[np.argsort(-drainage.gathered_km2[wet], kind="stable")].tolist():
        if mouth in taken:
            continue
        path = _upwards(drainage, up, mouth)[::-1]
        joins = int(drainage.down[mouth])
        cells = path if joins == mouth else [*path, joins]
        river = _drawn(frame, rng, relief, cells, taken.get(joins), None if rivers else calm)
        along = np.linspace(0, len(river.line) - 1, len(path)).astype(int)
        taken.update(zip(path, river.line[along], strict=True))
        rivers.append(river)
    return _apart(rivers)


def _upstream(drainage: Drainage) -> dict[int, list[int]]:
    cells = np.flatnonzero(drainage.gathered_km2 >= SPRING_KM2)
    up: dict[int, list[int]] = {}
    for cell, below in zip(cells.tolist(), drainage.down[cells].tolist(), strict=True):
        if cell != below:
            up.setdefault(below, []).append(cell)
    return up


def _upwards(drainage: Drainage, up: dict[int, list[int]], mouth: int) -> list[int]:
    path = [mouth]
    while above := up.get(path[-1]):
        path.append(max(above, key=lambda cell: float(drainage.gathered_km2[cell])))
    return path


def _drawn(
    frame: Frame, rng: np.random.Generator, relief: Relief, cells: list[int],
    target: Points | None, calm: Points | None,
) -> River:  # fmt: skip
    drainage = relief.drainage
    row, column = np.divmod(np.array(cells), drainage.side)
    points = (np.stack([column, row], axis=1) + 0.5) * drainage.step_m - frame.half_m
    points = points + rng.uniform(-30, 30, points.shape)
    line = eased(points, EASE_M, PACE_M)
    if calm is not None:
        line = paced(_calmed(line, calm), PACE_M)
    share = np.linspace(0, 1, len(cells))
    here = passed(line) / passed(line)[-1]
    km2 = np.interp(
        here, share, np.minimum(drainage.gathered_km2[cells], drainage.gathered_km2[cells[-2]])
    )
    metres = np.interp(here, share, drainage.metres[cells])
    flat = 1.0 - 2.6 * frame.at(relief.wild, line)
    line = _meandering(rng, line, km2, np.clip(flat, 0.16, 1.0), calm)
    if target is not None:
        left = passed(line)[-1] - passed(line)
        pull = np.clip(1 - left / min(MOUTH_M, 0.6 * float(left[0]) + 1), 0, 1)
        line = line + (target - line[-1]) * (pull**2 * (3 - 2 * pull))[:, None]
    return River(line, np.maximum.accumulate(km2), metres)


def _calmed(line: Points, calm: Points) -> Points:
    gap = np.hypot(*(line - calm).T)
    near = np.clip((2.2 * CALM_M - gap) / (1.2 * CALM_M), 0, 1)[:, None]
    straight = smoothed(line, 2_400.0 / PACE_M)
    return np.asarray(line * (1 - near) + straight * near)


def _meandering(
    rng: np.random.Generator, line: Points, km2: NDArray[np.float64],
    flat: NDArray[np.float64], calm: Points | None,
) -> Points:  # fmt: skip
    even = line
    wave = np.clip(11.0 * width_m(km2), 230.0, 1_500.0) * np.exp(0.45 * _murmur(rng, len(even), 14))
    phase = np.cumsum(PACE_M * 2 * np.pi / wave) + rng.uniform(0, 2 * np.pi)
    swing = (
        np.interp(width_m(km2), (5.0, 18.0), (0.1, 0.21))
        * wave
        * flat
        * np.clip(0.5 + 0.6 * _murmur(rng, len(even), 24), 0.03, 1.35)
    )
    if calm is not None:
        swing *= np.clip((np.hypot(*(even - calm).T) - CALM_M) / 2_500.0, 0.0, 1)
    ends = np.minimum(np.arange(len(even)), np.arange(len(even))[::-1]) * PACE_M
    swing *= np.clip(ends / (1.5 * wave), 0, 1)
    left = normals(smoothed(even, 6.0))
    ahead = np.stack([left[:, 1], -left[:, 0]], axis=1)
    for share_kept in (1.0, 0.6, 0.3):
        side, along = swing * np.sin(phase), -0.42 * swing * flat * np.sin(2 * phase)
        bent: Points = even + share_kept * (left * side[:, None] + ahead * along[:, None])
        if shapely.is_simple(line_of(bent)):
            return bent
    return even


def _murmur(rng: np.random.Generator, count: int, over: int) -> NDArray[np.float64]:
    """Return smooth noise along a line, deviation 1, changing over about `over` points."""
    knots = rng.standard_normal(count // over + 4)
    return np.interp(np.arange(count) / over, np.arange(len(knots)), knots)


def _apart(rivers: list[River]) -> list[River]:
    """Return the rivers each ending where it first meets a larger one; stubs are left out."""
    lines = np.array([line_of(river.line) for river in rivers], dtype=object)
    one, other = shapely.STRtree(lines).query(lines, predicate="intersects")
    kept: dict[int, River] = {}
    for number, river in enumerate(rivers):
        larger = [kept[j] for j in other[(one == number) & (other < number)].tolist() if j in kept]
        ended = _ending(river, lines[number], larger)
        if ended is not None and passed(ended.line)[-1] > SHORT_M:
            kept[number] = ended
    return list(kept.values())


def _ending(river: River, line: shapely.LineString, larger: list[River]) -> River | None:
    meets = [shapely.intersection(line_of(one.line), line) for one in larger]
    spots = [spot for meet in meets for spot in coords(meet)]
    if not spots:
        return river
    first = float(shapely.line_locate_point(line, shapely.points(np.array(spots))).min())
    keep = passed(river.line) < first - 1.0
    if keep.sum() < 4:
        return None
    end = coords(line.interpolate(first))
    return River(np.vstack([river.line[keep], end]), np.append(river.km2[keep], river.km2[keep][-1]),
                 np.append(river.metres[keep], river.metres[keep][-1]))  # fmt: skip
