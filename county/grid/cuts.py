"""Areas too large for one cell are cut: along a built-up area's outline, and by a lattice that lies as the area lies."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from county.areas import Areas
from county.grid.faces import Faces, Floats, Indexes, Shapes
from county.grid.tables import norms
from county.grid.zones import BuiltUp

# Steps of the lattice in sides of the norm's square: squares of 1.4 sides stay below twice the norm.
LONGEST_STEP: Final = 1.4


@dataclass(frozen=True, slots=True)
class Parts:
    """Faces, cut where they are partly built up: each part's shape, zone and face; and the cutting lines."""

    shapes: Shapes
    zones: NDArray[np.object_]
    faces: Indexes
    outlines: Shapes


def parted(streets: Faces, areas_m2: Floats, built: BuiltUp) -> Parts:
    """Return the faces with their zones; a face larger than a settlement's cell is cut along the outlines within it."""
    shapes = streets.shapes
    zones = np.append(built.zones, "open")[
        Areas(built.shapes).of(np.asarray(shapely.points(streets.spots), dtype=object))
    ]
    large = np.flatnonzero(areas_m2 > norms()["settlement"].most_m2)
    face, area = shapely.STRtree(built.shapes).query(shapes[large], predicate="intersects")
    face = large[face]
    inside, owner = _areas(shapely.intersection(shapes[face], built.shapes[area]))
    cut = np.unique(face)
    around = [shapely.union_all(built.shapes[area[face == one]]) for one in cut.tolist()]
    outside, left = _areas(shapely.difference(shapes[cut], np.array(around, dtype=object)))
    kept = np.setdiff1d(np.arange(len(shapes)), cut)
    return Parts(
        np.concatenate([shapes[kept], inside, outside]),
        np.concatenate([zones[kept], built.zones[area[owner]], np.full(len(outside), "open")]),
        np.concatenate([kept, face[owner], cut[left]]).astype(np.int64),
        _lines(shapely.intersection(shapes[face], shapely.boundary(built.shapes[area]))),
    )


def lattice(parts: Parts, scale: Floats) -> Shapes:
    """Return lines that cut every part larger than its zone allows into pieces that are small enough."""
    areas = shapely.area(parts.shapes) * scale.prod()
    most = np.array([norms()[zone].most_m2 for zone in parts.zones])
    large = np.flatnonzero(areas > most)
    metric = shapely.transform(parts.shapes[large], lambda xy: xy * scale)
    out: list[Shapes] = []
    for part, turned in zip(large.tolist(), shapely.oriented_envelope(metric), strict=True):
        step = LONGEST_STEP * float(np.sqrt(norms()[parts.zones[part]].norm_m2))
        lines = shapely.transform(_rules(turned, step), lambda xy: xy / scale)
        out.append(shapely.intersection(lines, parts.shapes[part]))
    return _lines(np.concatenate(out)) if out else np.empty(0, dtype=object)


def _rules(turned: shapely.Polygon, step: float) -> Shapes:
    corner, along, _, across = shapely.get_coordinates(turned)[:4]
    lines = []
    for side, reach in ((along - corner, across - corner), (across - corner, along - corner)):
        count = int(np.ceil(np.hypot(*side) / step))
        starts = corner + np.arange(1, count)[:, None] / count * side
        lines += [np.stack([start - 0.01 * reach, start + 1.01 * reach]) for start in starts]
    return np.asarray(shapely.linestrings(np.array(lines).reshape(-1, 2, 2)), dtype=object)


def _areas(shapes: Shapes) -> tuple[Shapes, Indexes]:
    parts, owner = _flat(shapes)
    flat = shapely.get_dimensions(parts) == 2
    return parts[flat], owner[flat].astype(np.int64)


def _lines(shapes: Shapes) -> Shapes:
    parts, _ = _flat(shapes)
    kept: Shapes = parts[shapely.get_dimensions(parts) == 1]
    return kept


def _flat(shapes: Shapes) -> tuple[Shapes, Indexes]:
    parts, owner = shapely.get_parts(shapes, return_index=True)
    inner, number = shapely.get_parts(parts, return_index=True)
    return np.asarray(inner, dtype=object), owner[number]
