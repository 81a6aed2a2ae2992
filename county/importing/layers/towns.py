"""Towns that fit together: no overlap, no sliver between them, so that a point lies in exactly one.

The rule: what two towns both claim goes to the smaller one (a subdistrict carved out of a town that still has its old outline).
More than LARGE of the smaller town is no digitising slack but a dispute, and refused. What no town claims goes to the neighbour
with the longest common border where it is below SLIVER_KM2 or narrower than SLIVER_M but for spots; a larger one stays.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.importing.report import LayerReport, Note
from county.importing.shapes import AREA, area_km2, only
from county.metres import metres_per_degree
from vocabulary.errors import Refused

LARGE: Final = 0.05
SLIVER_KM2: Final = 0.05
SLIVER_M: Final = 100.0
WORTH_TELLING_KM2: Final = 1e-4
HAIR_KM2: Final = 1e-9  # a square of 3 cm: what two differences leave of one line
TOUCHING_DEG: Final = 1e-7

Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two towns that claim the same ground: rows of the smaller and the larger one, and how much."""

    smaller: int
    larger: int
    km2: float
    share: float


def fitted(
    names: list[str], shapes: Shapes, county: BaseGeometry, report: LayerReport
) -> tuple[Shapes, list[Note]]:
    """Return the towns' shapes within the county, each point of them in one town; a large overlap is Refused."""
    cut = np.array(
        [only(shape, AREA) for shape in shapely.intersection(shapes, county)], dtype=object
    )
    overlaps = _overlaps(cut)
    for one in overlaps:
        if one.share > LARGE:
            raise Refused(
                "county.towns_overlap",
                one=names[one.smaller],
                other=names[one.larger],
                area_km2=round(one.km2, 2),
                percent=round(100 * one.share, 1),
                limit=round(100 * LARGE),
            )
    apart = _apart(cut)
    closed, count, left = _closed(apart, county)
    told = [one for one in overlaps if one.km2 > WORTH_TELLING_KM2]
    report.repaired += len({row for one in told for row in (one.smaller, one.larger)})
    return closed, [*_overlap_notes(told, names), *_gap_notes(count, left)]


def _overlaps(shapes: Shapes) -> list[Overlap]:
    sizes = shapely.area(shapes)
    tree = shapely.STRtree(shapes)
    pairs = tree.query(shapes, predicate="intersects").T
    found = []
    for one, other in pairs[pairs[:, 0] < pairs[:, 1]].tolist():
        both = area_km2(shapely.intersection(shapes[one], shapes[other]))
        smaller, larger = sorted((one, other), key=lambda row: (sizes[row], row))
        if both > 0:
            found.append(Overlap(smaller, larger, both, both / area_km2(shapes[smaller])))
    return found


def _apart(shapes: Shapes) -> Shapes:
    out = shapes.copy()
    order = np.argsort(shapely.area(shapes), kind="stable")
    for place, row in enumerate(order.tolist()):
        taken = [
            out[each] for each in order[:place].tolist() if shapely.intersects(out[each], out[row])
        ]
        if taken:
            out[row] = only(shapely.difference(out[row], shapely.union_all(taken)), AREA)
    return out


def _closed(shapes: Shapes, county: BaseGeometry) -> tuple[Shapes, int, list[BaseGeometry]]:
    """Return the shapes with slivers between them given to a neighbour, how many, and the gaps that stay."""
    rest = shapely.difference(county, shapely.union_all(shapes))
    more: dict[int, list[BaseGeometry]] = {}
    left = []
    for part in shapely.get_parts(rest):
        if area_km2(part) < HAIR_KM2:
            continue
        if not _is_sliver(part):
            left.append(part)
            continue
        reach = shapely.buffer(part, TOUCHING_DEG, quad_segs=1)
        shared = shapely.area(shapely.intersection(shapes, reach))
        more.setdefault(int(np.argmax(shared)), []).append(part)
    out = shapes.copy()
    for row, parts in more.items():
        out[row] = only(shapely.union_all([out[row], *parts]), AREA)
    told = [p for parts in more.values() for p in parts if area_km2(p) > WORTH_TELLING_KM2]
    return out, len(told), left


def _is_sliver(part: BaseGeometry) -> bool:
    east_m, _ = metres_per_degree(float(part.centroid.y))
    core = shapely.buffer(part, -SLIVER_M / 2 / east_m, quad_segs=1)
    return area_km2(part) < SLIVER_KM2 or area_km2(core) < SLIVER_KM2


def _overlap_notes(overlaps: list[Overlap], names: list[str]) -> list[Note]:
    return [
        Note("county.note_towns_overlap", {
            "one": names[each.smaller], "other": names[each.larger], "area_km2": round(each.km2, 4),
        })
        for each in overlaps
    ]  # fmt: skip


def _gap_notes(closed: int, left: list[BaseGeometry]) -> list[Note]:
    notes = [Note("county.note_slivers", {"count": closed})] if closed else []
    for part in left:
        at = part.representative_point()
        notes.append(Note("county.note_gap", {
            "area_km2": round(area_km2(part), 2), "lon": round(at.x, 4), "lat": round(at.y, 4),
        }))  # fmt: skip
    return notes
