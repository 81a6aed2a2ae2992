"""How long units need to a scene, also where the incident itself has closed the road it lies on: to the barrier, then on foot."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from county.closures import Closure, InForce
from county.obstruction import BESIDE_LINE_M
from county.roads.graph import NONE
from county.roads.metric import Floats
from county.roads.route import Route
from county.roads.snap import Snapped
from county.soonest import soonest
from county.travel import Reach, Times, Travel
from vocabulary.errors import Refused
from vocabulary.place import Place

NEAR_M: Final = 30.0  # closed ground this near to the scene's road is the incident's own
NEAR_DEG: Final = 0.001  # more than that many metres at any latitude with roads
OUTSIDE_M: Final = 4.0  # so far before the barrier a unit stops
MOST_WAYS_IN: Final = 8
OPEN_WITHIN_M: Final = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class SceneTimes:
    """Times of the units, in the order they were asked; `walk_m` is the shortest way on foot where the scene is barred."""

    times: Times
    walk_m: float | None = None


def times_to_scene(
    travel: Travel, scene: Place, units: Snapped, in_force: InForce, *, walk_mps: float
) -> SceneTimes:
    """Return how long each unit needs; Refused where no road is near the scene."""
    on_road = travel.require_road(scene)
    own = _own_closures(travel, on_road, in_force)
    if not own:
        return SceneTimes(travel.toward(scene, units, in_force))
    ways_in, walk_m = _ways_in(travel, on_road, own)
    if not len(ways_in):
        return SceneTimes(travel.toward(scene, units, in_force))
    seconds = soonest(travel, ways_in, units, in_force, toward=True, head_s=walk_m / walk_mps)
    reach = np.full(len(units), Reach.REACHED, dtype=np.int8)
    missing = ~np.isfinite(seconds)
    reach[missing] = Reach.CLOSED
    reach[units.piece == NONE] = Reach.NO_ROAD
    seconds[missing] = np.nan
    return SceneTimes(Times(seconds, reach), float(walk_m.min()))


def route_to_scene(travel: Travel, start: Place, scene: Place, in_force: InForce) -> Route:
    """Return the fastest way to a scene; where that is barred, to before its nearest barrier. Refused as by `Travel.route`."""
    try:
        return travel.route(start, scene, in_force)
    except Refused:
        on_road = travel.require_road(scene)
        own = _own_closures(travel, on_road, in_force)
        ways_in = _ways_in(travel, on_road, own)[0].on_road_wgs84 if own else ()
        for lon, lat in ways_in:
            with suppress(Refused):
                return travel.route(start, Place(float(lon), float(lat)), in_force)
        raise


def _own_closures(travel: Travel, scene: Snapped, in_force: InForce) -> list[BaseGeometry]:
    """Return the closed ground, in metres, on which the scene's road lies; none where the road at the scene is open."""
    found = []
    here = shapely.Point(scene.on_road_wgs84[0])
    spot = shapely.Point(travel.graph.plane.metric(scene.on_road_wgs84)[0])
    for closure in in_force.closures:
        shape = closure.line_wgs84 or closure.area_wgs84
        # In degrees first: most closures lie elsewhere, and turning each into metres takes longer than the roads.
        if shape is None or shape.distance(here) > NEAR_DEG:
            continue
        if closure.speed_share == 0 and not closure.one_way:
            ground = _metric(travel, closure)
            if ground.distance(spot) <= NEAR_M:
                found.append(ground)
    return found


def _metric(travel: Travel, closure: Closure) -> BaseGeometry:
    plane = travel.graph.plane
    shape = closure.line_wgs84 or closure.area_wgs84
    metric = cast("BaseGeometry", shapely.transform(shape, plane.metric))
    return metric if closure.line_wgs84 is None else metric.buffer(BESIDE_LINE_M)


def _ways_in(travel: Travel, scene: Snapped, own: list[BaseGeometry]) -> tuple[Snapped, Floats]:
    """Return where open roads end at the closed ground, the nearest to the scene, and how far each is on foot."""
    plane, pieces = travel.graph.plane, travel.graph.pieces
    barrier = shapely.union_all(own).buffer(OUTSIDE_M)
    touching = travel.graph.touching(shapely.transform(barrier, plane.degrees))
    lines = shapely.transform(pieces.lines_wgs84[touching], plane.metric)
    spots = shapely.get_coordinates(shapely.intersection(lines, barrier.boundary))
    at = plane.metric(scene.given_wgs84)[0]
    walk_m = np.hypot(*(spots - at).T) if len(spots) else np.empty(0)
    order = np.argsort(walk_m, kind="stable")[:MOST_WAYS_IN]
    found = travel.snap_lonlat(plane.degrees(spots[order]), OPEN_WITHIN_M)
    return found, walk_m[order]
