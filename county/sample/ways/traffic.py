"""Every way of the county, joined where one can turn, bridged where one cannot."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely

from county.sample import names
from county.sample.frame import Points, Shapes, line_of, passed
from county.sample.land.made import Land
from county.sample.road import Road
from county.sample.towns import village
from county.sample.towns.quarter import Quarter
from county.sample.towns.settled import Settled
from county.sample.ways import banks, country, crossings, lines, motorway, network, turns
from county.sample.ways.lines import Line
from county.sample.ways.motorway import Interchange
from county.sample.ways.turns import Turn

OUT_M: Final = 2_250.0
RAIL_PAST_M: Final = 420.0  # beyond the bypass
MOTORWAY_PAST_M: Final = 1_500.0
STREAM_BRIDGE_M: Final = 7.0
RAIL_EASE_M: Final = 800.0
MOTORWAY_EASE_M: Final = 1_050.0


@dataclass(frozen=True, slots=True, eq=False)
class Traffic:
    """Roads with their forbidden turns, the railway's tracks, the station, and the lines villages' houses stand along."""

    roads: list[Road]
    turns: list[Turn]
    railways: list[Points]
    station: Points
    fronts: list[list[Points]]
    villages: Points


def traffic(
    rng: np.random.Generator, land: Land, people: Settled, rail: Line, fast: Line
) -> Traffic:
    """Return the county's ways; the railway and the motorway are laid out."""
    seat = people.quarters[0]
    station = rail.points[lines.nearest(rail, _beyond(seat, RAIL_PAST_M))]
    crossing = _interchanges(land, people, fast)
    ends = _ends(people.lands)
    local, homes = _country(rng, land, people, crossing, fast, ends)
    streets = [road for quarter in people.quarters for road in quarter.streets]
    avenue = _station_road(seat, station)
    level = crossings.joined([*local, *streets, avenue, *(one.roads[0] for one in crossing)])
    lanes, fronts = _villages(rng, land, people, homes, level)
    level = crossings.joined([*level, *lanes])
    level, forbidden = turns.forbidden(level, seat.middle, 2_600.0 * land.size.seat)
    high = [*motorway.carriageways(fast), *(road for one in crossing for road in one.roads[1:])]
    roads = _bridged(land, level, _joined_ramps(high), rail)
    turned = _renumbered(level, roads, forbidden)
    return Traffic(roads, turned, _tracks(rail, station), station, fronts, homes)


def laid_out(rng: np.random.Generator, land: Land, people: Settled) -> tuple[Line, Line]:
    """Return the railway's and the motorway's line."""
    seat = people.quarters[0]
    west, east = _far(people.lands, np.pi + 0.06), _far(people.lands, 0.13)
    built = shapely.union_all([quarter.ground.buffer(330.0) for quarter in people.quarters])
    lakes = shapely.union_all([one.shape for one in land.waters if one.kind != "river"]).buffer(
        420.0
    )
    dry = shapely.union_all([built, lakes, shapely.buffer(land.broad, 60.0)])
    past, farther = _beyond(seat, RAIL_PAST_M), _beyond(seat, MOTORWAY_PAST_M)
    rail = lines.line(land.frame, rng, land.ground, np.array([west, past, east]), dry, RAIL_EASE_M)
    keep = shapely.union(dry, lines.clear(rail, 350.0))
    fast = lines.line(
        land.frame,
        rng,
        land.ground,
        np.array([_far(people.lands, np.pi - 0.04), farther, _far(people.lands, 0.2)]),
        keep,
        MOTORWAY_EASE_M,
    )
    return rail, fast


def _beyond(seat: Quarter, gap_m: float) -> Points:
    """Return a place north of the seat, `gap_m` beyond what is built."""
    ring = np.asarray(seat.ground.exterior.coords)
    near = ring[np.abs(ring[:, 0] - seat.middle[0]) < 500.0]
    top = near[np.argmax(near[:, 1])]
    return np.array([seat.middle[0], top[1] + gap_m])


def _far(lands: Shapes, angle: float) -> Points:
    """Return where the map ends in a direction."""
    whole = shapely.union_all(lands).buffer(OUT_M)
    middle = np.array([whole.centroid.x, whole.centroid.y])
    ring = np.asarray(whole.exterior.coords)
    way = np.arctan2(ring[:, 1] - middle[1], ring[:, 0] - middle[0])
    off = np.abs((way - angle + np.pi) % (2 * np.pi) - np.pi)
    out: Points = ring[np.argmin(off)]
    return out


def _ends(lands: Shapes) -> Points:
    return np.array([_far(lands, angle) for angle in (0.0, 3.3, 1.5, 4.6)])


def _interchanges(land: Land, people: Settled, fast: Line) -> list[Interchange]:
    """Return the interchanges: one at the seat, others where towns lie near the motorway, in the open and well apart."""
    middles = [quarter.middle for quarter in people.quarters]
    home = shapely.union_all(people.lands)
    rows = np.arange(len(fast.points))
    chosen: list[int] = []
    out: list[Interchange] = []
    along = passed(fast.points)
    lonely = np.array([np.hypot(*(fast.points - one).T).min() for one in middles])
    lonely[0] = 0.0
    for town in np.argsort(lonely, kind="stable").tolist():
        gap = np.hypot(*(fast.points - middles[town]).T)
        for index in rows[np.argsort(gap)][:160:8].tolist():
            before, after = lines.sections(fast, index, motorway.RAMP_M + 80.0)
            blocked = (
                (fast.tunnel | fast.viaduct)[before : after + 1].any()
                or index < 60
                or index > len(rows) - 60
            )
            if blocked or any(abs(along[index] - along[one]) < 4_500.0 for one in chosen):
                continue
            side = 1 if _left_of(fast, index, middles[town]) else -1
            made = motorway.interchange(fast, index, side, names.INTERCHANGES[len(out)])
            if _in_the_open(land, people, made) and shapely.intersects(
                home, shapely.Point(made.toll)
            ):
                chosen.append(index)
                out.append(made)
                break
        if len(out) == land.size.interchanges:
            break
    return out


def _left_of(fast: Line, index: int, place: Points) -> bool:
    normal = fast.offset(1.0)[index] - fast.points[index]
    return bool(((place - fast.points[index]) * normal).sum() > 0)


def _in_the_open(land: Land, people: Settled, made: Interchange) -> bool:
    whole = shapely.convex_hull(shapely.union_all([road.shape for road in made.roads]))
    free = not shapely.intersects(people.built, whole) and not shapely.intersects(
        land.broad, whole.buffer(40.0)
    )
    return free and not any(
        shapely.Point(one.at).within(whole.buffer(120.0)) for one in people.villages
    )


def _country(
    rng: np.random.Generator,
    land: Land,
    people: Settled,
    crossing: list[Interchange],
    fast: Line,
    ends: Points,
) -> tuple[list[Road], Points]:
    spots = np.array([site.at for site in people.villages])
    tolls = np.array([one.toll for one in crossing]).reshape(-1, 2)
    before = np.array([one.toll + country.TOLL_AHEAD_M * one.outward for one in crossing]).reshape(
        -1, 2
    )
    extra, places = country.own_nodes(
        land.frame, land.rivers, people.quarters, spots, np.vstack([ends, before])
    )
    ramps = shapely.union_all(
        [shapely.union_all([r.shape for r in one.roads]).buffer(90.0) for one in crossing]
    )
    closed = shapely.difference(
        ramps, shapely.union_all([shapely.Point(one).buffer(130.0) for one in before])
    )
    net = network.network(
        land.frame,
        rng,
        land.ground,
        land.near,
        land.broad,
        shapely.union(people.built, closed),
        extra,
    )
    base = len(net.spots) - len(extra.spots)
    called = [names.SEAT[0], *(name for name, _, _ in people.town_names[1:])]
    country.laid(net, places, base, country.Labels(called), len(tolls))
    roads, homes = country.stretches(net, people.quarters, places, base, tolls)
    return banks.beside(roads, land.rivers), homes


def _station_road(seat: Quarter, station: Points) -> Road:
    ring = seat.streets[0].shape
    start = np.asarray(
        shapely.get_coordinates(ring.interpolate(ring.project(shapely.Point(station))))
    )[0]
    step = (start - station) / max(float(np.hypot(*(start - station))), 1e-9)
    return Road("secondary", np.linspace(station + 45.0 * step, start, 12), names.STATION_ROAD)


def _villages(
    rng: np.random.Generator, land: Land, people: Settled, homes: Points, level: list[Road]
) -> tuple[list[Road], list[list[Points]]]:
    shapes = np.array([road.shape for road in level], dtype=object)
    tree = shapely.STRtree(shapes)
    wet = shapely.union(land.broad, shapely.union_all(
        [line_of(one.line).buffer(STREAM_BRIDGE_M + float(one.width_m.max()) / 2) for one in land.rivers]))  # fmt: skip
    shapely.prepare(wet)
    lanes, fronts = [], []
    for at, reach in zip(homes, people.reach_m, strict=True):
        touching = sorted(tree.query(shapely.Point(at), predicate="dwithin", distance=1.0).tolist())
        roads = [level[i] for i in touching]
        made = village.village(land.frame, rng, land.ground, at, roads, reach, wet)
        lanes += made.lanes
        fronts.append(made.fronts)
    return lanes, fronts


def _joined_ramps(high: list[Road]) -> list[Road]:
    """Return carriageways, ramps and crossing roads with common vertices where a ramp begins or ends, nowhere else."""
    out = list(high)
    ends = np.array([spot for road in high if road.link for spot in (road.line[0], road.line[-1])])
    if not len(ends):
        return out
    points = shapely.points(ends)
    for number, road in enumerate(out):
        if road.road_class == "motorway" and not road.link:
            near = shapely.distance(road.shape, points) < 0.3
            out[number] = crossings.with_points(road, list(ends[near]))
    return out


def _bridged(land: Land, level: list[Road], high: list[Road], rail: Line) -> list[Road]:
    brooks = np.array([line_of(one.line) for one in land.rivers], dtype=object)
    half = np.array([float(one.width_m.max()) / 2 for one in land.rivers])

    def called(road: Road) -> str:
        stem = road.name.removesuffix("路").removesuffix("街").removesuffix("大道")
        return (
            f"{stem}大桥"
            if road.road_class in ("primary", "secondary") and stem and len(stem) < 4
            else road.name
        )

    low = crossings.over_brooks(crossings.bridged(level, land.broad, 12.0, called), brooks, half)
    low = crossings.over([road for road in low if road.road_class in ("trunk", "primary", "secondary")],
                         [Road("rail", rail.points)]) + [
        road for road in low if road.road_class not in ("trunk", "primary", "secondary")]  # fmt: skip
    fast = crossings.over_brooks(crossings.bridged(high, land.broad, 12.0), brooks, half)
    return [*low, *crossings.over(fast, [road for road in low if not road.tunnel])]


def _renumbered(level: list[Road], roads: list[Road], forbidden: list[Turn]) -> list[Turn]:
    """Return the turns with the numbers their roads have after bridges were cut."""
    ends: dict[tuple[float, ...], list[int]] = {}
    for number, road in enumerate(roads):
        for inner, end in ((road.line[1], road.line[0]), (road.line[-2], road.line[-1])):
            ends.setdefault(_key(inner, end), []).append(number)
    out = []
    for turn in forbidden:
        found = [ends.get(_towards(level[one], turn.at)) for one in (turn.start, turn.end)]
        if found[0] and found[1]:
            out.append(replace(turn, start=found[0][0], end=found[1][0]))
    return out


def _towards(road: Road, at: Points) -> tuple[float, ...]:
    begins = np.allclose(road.line[0], at)
    return _key(road.line[1], road.line[0]) if begins else _key(road.line[-2], road.line[-1])


def _key(inner: Points, end: Points) -> tuple[float, ...]:
    return tuple(np.round(np.concatenate([inner, end]), 3).tolist())


def _tracks(rail: Line, station: Points) -> list[Points]:
    index = lines.nearest(rail, station)
    before, after = lines.sections(rail, index, 520.0)
    span = np.arange(before, after + 1)
    share = np.sin(np.linspace(0, np.pi, len(span))).clip(0, 0.55) / 0.55
    normal = rail.offset(1.0)[span] - rail.points[span]
    yard = [rail.points[span] + normal * (way * 11.0 * share)[:, None] for way in (-1.0, 1.0)]
    return [rail.points, *yard]
