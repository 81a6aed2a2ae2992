"""How well positions fit what is known under each datum they might be in, and whether that tells the datums apart.

For every hypothesis the positions are brought to WGS 84 and compared with what is known there. Decoys (the same positions, moved
by as much in directions that no datum moves them) say what chance would give. The best hypothesis is named only if it beats every
decoy, and each other hypothesis in a sign test over blocks of 500 m: neighbours are no independent witnesses.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.datum import Floats, Pair, to_wgs84

HYPOTHESES: Final = ("wgs84", "gcj02", "bd09")
CONFIDENT: Final = 0.99
LARGEST_SAMPLE: Final = 2_000
REACH_M: Final = (
    150.0  # farther than this a position does not belong to the object; all datums differ by more
)
BLOCK_M: Final = 500.0
STEP_M: Final = 200.0  # along an outline
DECOYS: Final = tuple(
    (radius * math.cos(turn), radius * math.sin(turn))
    for radius in (500.0, 1_000.0)
    for turn in np.linspace(0.0, 2.0 * math.pi, 8, endpoint=False)
)
DECOY_CLEARANCE_M: Final = 250.0
DEGREE_M: Final = 111_195.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """What each hypothesis leaves unexplained, and which of them (if any) the data single out, how surely."""

    likely: str | None
    confidence: float
    residuals: Mapping[str, float]


def of_points(lons: Floats, lats: Floats, known: NDArray[np.object_]) -> Comparison:
    """Compare positions with objects (WGS 84) on which they should lie; a residual is a distance in metres, at most REACH_M."""
    step = max(1, math.ceil(len(lons) / LARGEST_SAMPLE))
    lons, lats = lons[::step], lats[::step]
    scale = _metres_per_degree(lats)
    tree = shapely.STRtree(shapely.transform(known, lambda xy: xy * scale))
    rows = {
        name: _distances(tree, np.stack([x, y], axis=1) * scale)
        for name, (x, y) in _trials(lons, lats, scale)
    }
    return _judge(rows, _blocks(lons, lats, scale), margin=0.9)


def of_outline(outline: BaseGeometry, members: Floats) -> Comparison:
    """Compare an outline with positions (WGS 84) that lie within it; a residual is the share on its wrong side."""
    step = max(1, math.ceil(len(members) / LARGEST_SAMPLE))
    lons, lats = members[::step, 0], members[::step, 1]
    scale = _metres_per_degree(lats)
    ring = shapely.get_coordinates(outline)
    rows: dict[str, Floats] = {}
    for name, (x, y) in _trials(ring[:, 0], ring[:, 1], scale):
        there = shapely.set_coordinates(
            shapely.transform(outline, np.copy), np.stack([x, y], axis=1)
        )
        rows[name] = _wrong_side(there, lons, lats)
    return _judge(rows, _blocks(lons, lats, scale), margin=1.0)


def along(outline: BaseGeometry) -> Pair:
    """Return positions every STEP_M along an outline's rings, in the outline's own frame (degrees)."""
    lines = shapely.get_parts(outline.boundary)
    reach = [np.arange(0.0, line.length, STEP_M / DEGREE_M) for line in lines]
    at = [
        shapely.get_coordinates(shapely.line_interpolate_point(line, steps))
        for line, steps in zip(lines, reach, strict=True)
    ]
    xy = np.concatenate(at)
    return xy[:, 0], xy[:, 1]


def _trials(lons: Floats, lats: Floats, scale: Floats) -> Iterator[tuple[str, Pair]]:
    moves = []
    for name in HYPOTHESES:
        there = to_wgs84(name, lons, lats)
        moves.append(np.array([(there[0] - lons).mean(), (there[1] - lats).mean()]) * scale)
        yield name, there
    for number, decoy in enumerate(np.array(DECOYS)):
        if min(np.hypot(*(decoy - move)) for move in moves) >= DECOY_CLEARANCE_M:
            east, north = decoy / scale
            yield f"decoy {number}", (lons + east, lats + north)


def _metres_per_degree(lats: Floats) -> Floats:
    return np.array([DEGREE_M * math.cos(math.radians(float(np.mean(lats)))), DEGREE_M])


def _distances(tree: shapely.STRtree, metres: Floats) -> Floats:
    out = np.full(len(metres), REACH_M)
    (asked, _), away = tree.query_nearest(
        shapely.points(metres), max_distance=REACH_M, return_distance=True, all_matches=False
    )
    out[asked] = away
    return out


def _wrong_side(outline: BaseGeometry, lons: Floats, lats: Floats) -> Floats:
    shapely.prepare(outline)
    return np.asarray(~shapely.intersects_xy(outline, lons, lats), dtype=float)


def _blocks(lons: Floats, lats: Floats, scale: Floats) -> NDArray[np.int64]:
    cells = np.floor(np.stack([lons, lats], axis=1) * scale / BLOCK_M).astype(np.int64)
    return np.unique(cells, axis=0, return_inverse=True)[1].reshape(-1)


def _judge(rows: Mapping[str, Floats], block: NDArray[np.int64], margin: float) -> Comparison:
    means = {name: float(row.mean()) for name, row in rows.items()}
    residuals = {name: means[name] for name in HYPOTHESES}
    best = min(HYPOTHESES, key=lambda name: means[name])
    confidence = min(
        _sign_test(rows[best], rows[other], block) for other in HYPOTHESES if other != best
    )
    decoys = [mean for name, mean in means.items() if name not in residuals]
    beaten = all(means[best] <= margin * mean for mean in decoys)
    likely = best if beaten and confidence >= CONFIDENT else None
    return Comparison(likely, confidence if beaten else 0.0, residuals)


def _sign_test(best: Floats, other: Floats, block: NDArray[np.int64]) -> float:
    """Return 1 - p of "the two fit equally well", one-sided and exact, over the blocks in which they differ."""
    gain = np.bincount(block, weights=other - best)
    won, lost = int((gain > 1e-9).sum()), int((gain < -1e-9).sum())
    tries = won + lost
    tail: int = sum(math.comb(tries, k) for k in range(won, tries + 1))
    return float(1.0 - tail / 2**tries)
