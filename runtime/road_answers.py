"""Times by road and what is reached, as the API tells them."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry.base import BaseGeometry

from county.closures import InForce
from county.metres import metres_per_degree
from dispatch.model import Position, Unit
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.place import Place

if TYPE_CHECKING:
    from county.roads.reach import Isochrone
    from county.travel import Travel

Json = dict[str, Any]
DECIMALS = 6


def timed_units(
    roads: "Travel",
    goal: Place,
    units: Sequence[Unit],
    positions: Sequence[Position],
    force: InForce,
    paths: Collection[str],
) -> list[Json]:
    """Return a row per unit, soonest first; those not reached come last and say why."""
    seen = {position.unit_id: position for position in positions}
    placed = [(unit, _place(unit, seen.get(unit.id))) for unit in units]
    known = [(unit, place) for unit, place in placed if place is not None]
    times = roads.toward(goal, [place for _, place in known], force)
    rows = []
    for index, (unit, place) in enumerate(known):
        row = _row(unit, seen.get(unit.id), times.reach[index].item(), times.of(index))
        rows.append(row | (_path(roads, place, goal, force) if unit.id in paths else {}))
    rows += [_row(unit, None, None, None) for unit, place in placed if place is None]
    return sorted(rows, key=lambda row: (row["seconds"] is None, row["seconds"] or 0.0))


def _place(unit: Unit, seen: Position | None) -> Place | None:
    return seen.place if seen else unit.home


def _row(unit: Unit, seen: Position | None, reach: int | None, seconds: float | None) -> Json:
    from county.travel import Reach  # with scipy, which the start does not wait for

    return {
        "unit": unit.id,
        "name": unit.name,
        "seconds": None if seconds is None else round(seconds, 1),
        "minutes": None if seconds is None else round(seconds / 60, 1),
        "reach": "no_position" if reach is None else Reach(reach).name.lower(),
        "observed_at": to_text(seen.observed_at) if seen else None,
    }


def _path(roads: "Travel", start: Place, goal: Place, force: InForce) -> Json:
    from county.scene import route_to_scene  # with scipy, as above

    try:
        found = route_to_scene(roads, start, goal, force)
    except Refused as refused:
        return {"path": None, "path_problem": refused.code}
    line = [[round(lon, DECIMALS), round(lat, DECIMALS)] for lon, lat in found.line_wgs84]
    return {
        "path": {"type": "LineString", "coordinates": line},
        "length_m": round(found.length_m),
        "streets": [
            {"name": one.name or one.ref, "length_m": round(one.length_m)} for one in found.streets
        ],
    }


def ring_feature(ring: "Isochrone", *, toward: bool) -> Json:
    """Return an isochrone as a GeoJSON feature, no finer than the grid it was drawn on."""
    area = shapely.simplify(ring.area_wgs84, ring.cell_m / 4 / metres_per_degree(0.0)[1])
    rounded = shapely.set_precision(area, 10.0**-DECIMALS)
    return {
        "type": "Feature",
        "geometry": rounded.__geo_interface__,
        "properties": {
            "minutes": ring.limit_s / 60,
            "toward": toward,
            "km2": round(float(_area_m2(rounded)) / 1e6, 2),
        },
    }


def _area_m2(area: BaseGeometry) -> float:
    south, north = area.bounds[1], area.bounds[3]
    wide, high = metres_per_degree(0.0 if area.is_empty else (south + north) / 2)
    return float(area.area) * wide * high
