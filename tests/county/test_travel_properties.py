"""What must hold on any map: times are fair, closures only cost, and a path is what its time says."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Geod

from county.closures import Closure, Closures
from county.roads.graph import FORWARD, NONE
from county.roads.reach import BESIDE_M, Isochrone
from county.roads.route import drawn_length_m
from county.roads.speeds import OFF_ROAD_KMH, top_mps
from county.roads.turns import Restriction
from county.travel import Travel
from tests.county.road_maps import Way, anywhere, graph, maps
from vocabulary.place import Place

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
EARTH = Geod(ellps="WGS84")
OFF_ROAD_MPS = OFF_ROAD_KMH / 3.6
properties = settings(max_examples=12, deadline=None)


def seconds(roads: Travel, start: Place, goal: Place) -> float:
    """Return the time of one trip, infinity where there is none."""
    found = roads.outward(start, [goal]).of(0)
    return float("inf") if found is None else found


@given(maps(oneways=False), anywhere(), anywhere())
@properties
def test_two_way_streets_take_as_long_there_as_back(
    ways: list[Way], one: Place, other: Place
) -> None:
    roads = Travel(graph(*ways))
    assert seconds(roads, one, other) == pytest.approx(seconds(roads, other, one), abs=1e-3)


@given(maps(), anywhere(), anywhere())
@properties
def test_nobody_is_faster_than_straight_at_top_speed(
    ways: list[Way], one: Place, other: Place
) -> None:
    roads = Travel(graph(*ways))
    _, _, metres = EARTH.inv(one.lon_deg, one.lat_deg, other.lon_deg, other.lat_deg)
    # The walk beside the road is measured in the flat frame, which errs by less than 1 % here.
    assert seconds(roads, one, other) >= 0.99 * metres / top_mps() - 1e-3


@given(maps(), anywhere(), anywhere(), anywhere())
@properties
def test_a_stop_on_the_way_never_makes_it_shorter(
    ways: list[Way], one: Place, stop: Place, other: Place
) -> None:
    roads = Travel(graph(*ways))
    by_way_of = seconds(roads, one, stop) + seconds(roads, stop, other)
    assert seconds(roads, one, other) <= by_way_of + 1e-3


@given(maps(), anywhere(), st.lists(anywhere(), min_size=1, max_size=6))
@properties
def test_units_toward_the_incident_need_what_each_needs_alone(
    ways: list[Way], goal: Place, units: list[Place]
) -> None:
    roads = Travel(graph(*ways))
    toward = roads.toward(goal, units)
    for index, unit in enumerate(units):
        found = toward.of(index)
        alone = seconds(roads, unit, goal)
        assert (float("inf") if found is None else found) == pytest.approx(alone, abs=1e-3)


@given(maps(), anywhere(), st.lists(anywhere(), min_size=1, max_size=12), st.integers(1, 5))
@properties
def test_the_nearest_few_are_the_first_of_all(
    ways: list[Way], goal: Place, units: list[Place], count: int
) -> None:
    roads = Travel(graph(*ways))
    every = roads.toward(goal, units).seconds
    reached = sorted(float(time) for time in every if np.isfinite(time))
    found = roads.nearest(goal, units, count)
    assert [time for _, time in found] == pytest.approx(reached[:count], abs=1e-3)
    assert all(time == pytest.approx(every[index], abs=1e-3) for index, time in found)


@given(maps(), anywhere(), anywhere(), st.data())
@properties
def test_closing_never_shortens_and_opening_restores(
    ways: list[Way], one: Place, other: Place, data: st.DataObject
) -> None:
    roads = Travel(graph(*ways))
    edge = data.draw(st.integers(0, len(roads.graph.edges) - 1))
    share = data.draw(st.sampled_from((0.0, 0.25, 0.5)))
    line = roads.graph.pieces.lines_wgs84[roads.graph.edges.piece[edge]]
    one_way = data.draw(st.booleans())
    by_line = Closure(id="a", until_at=NOW, line_wgs84=line, speed_share=share, one_way=one_way)
    by_area = Closure(
        id="b", until_at=NOW, area_wgs84=line.centroid.buffer(0.001), speed_share=share
    )
    before, just_before = seconds(roads, one, other), NOW - timedelta(seconds=1)
    for closures in (Closures((by_line,)), Closures((by_area,)), Closures((by_line, by_area))):
        now = roads.outward(one, [other], closures.in_force(just_before)).of(0)
        assert now is None or now >= before - 1e-6
        again = roads.outward(one, [other], closures.in_force(NOW)).of(0)
        assert (float("inf") if again is None else again) == before


@given(maps(), anywhere(), anywhere())
@properties
def test_a_path_takes_the_reported_time_and_obeys_the_streets(
    ways: list[Way], one: Place, other: Place
) -> None:
    roads = Travel(graph(*ways))
    reported = seconds(roads, one, other)
    assume(reported < float("inf"))
    route, edges = roads.route(one, other), roads.graph.edges
    assert route.seconds == pytest.approx(reported, abs=1e-3)
    assert drawn_length_m(route.line_wgs84) == pytest.approx(route.length_m, rel=1e-3, abs=0.5)
    assert sum(street.length_m for street in route.streets) == pytest.approx(route.length_m)
    assert sum(share.seconds for share in route.classes) == pytest.approx(
        route.seconds - sum(route.off_road_m) / OFF_ROAD_MPS, abs=1e-3
    )
    for leg, following in pairwise(route.legs):
        assert edges.head[leg.edge] == edges.tail[following.edge]
    for leg in route.legs:
        with_drawing = edges.direction[leg.edge] == FORWARD
        assert leg.end >= leg.begin if with_drawing else leg.end <= leg.begin
        allowed = ways[int(roads.graph.pieces.way[edges.piece[leg.edge]])].oneway
        assert allowed == 0 or (allowed == 1) == with_drawing


@given(maps(), anywhere(), anywhere(), st.data())
@properties
def test_a_closed_stretch_is_never_on_the_way(
    ways: list[Way], one: Place, other: Place, data: st.DataObject
) -> None:
    roads = Travel(graph(*ways))
    pieces = roads.graph.pieces
    shut = data.draw(st.sets(st.integers(0, len(pieces) - 1), min_size=1, max_size=4))
    closures = Closures()
    for piece in shut:
        line = pieces.lines_wgs84[piece]
        until = NOW + timedelta(hours=1)
        closures = closures.with_closure(Closure(id=str(piece), until_at=until, line_wgs84=line))
    force = closures.in_force(NOW)
    assume(roads.outward(one, [other], force).of(0) is not None)
    route = roads.route(one, other, force)
    driven = {int(roads.graph.edges.piece[leg.edge]) for leg in route.legs if leg.begin != leg.end}
    assert not driven & shut


@given(maps(oneways=False), anywhere(), anywhere(), st.data())
@properties
def test_a_forbidden_turn_is_never_taken_and_never_makes_a_way_shorter(
    ways: list[Way], one: Place, other: Place, data: st.DataObject
) -> None:
    plain = graph(*ways)
    edges, nodes = plain.edges, plain.nodes_wgs84
    arriving = data.draw(st.integers(0, len(edges) - 1))
    onward = np.flatnonzero(edges.tail == edges.head[arriving])
    following = int(data.draw(st.sampled_from(onward.tolist())))
    way_of = plain.ways.id[plain.pieces.way[edges.piece]]
    lon, lat = nodes[edges.head[arriving]].tolist()
    kind = data.draw(st.sampled_from(("no_left_turn", "only_straight_on")))
    banned = Restriction(str(way_of[arriving]), lon, lat, str(way_of[following]), kind)
    bound = graph(*ways, restrictions=[banned])
    roads = Travel(bound)
    now = roads.outward(one, [other]).of(0)
    usual = seconds(Travel(plain), one, other)
    # The strictly bound network may snap a place elsewhere: only what is snapped alike is compared.
    same = (
        Travel(plain).snap([one, other]).piece.tolist() == roads.snap([one, other]).piece.tolist()
    )
    assume(now is not None and same)
    assert now is not None
    assert now >= usual - 1e-3
    pairs = pairwise(leg.edge for leg in roads.route(one, other).legs)
    for before, after in pairs:
        taken = way_of[before] == banned.from_way and edges.head[before] == edges.head[arriving]
        if taken and kind == "no_left_turn" and edges.piece[before] != edges.piece[after]:
            assert way_of[after] != banned.to_way
        if taken and kind == "only_straight_on" and banned.from_way != banned.to_way:
            assert way_of[after] == banned.to_way


@given(maps(), anywhere(), st.booleans())
@settings(max_examples=5, deadline=None)
def test_an_isochrone_holds_what_is_reached_in_time_and_not_what_clearly_is_not(
    ways: list[Way], middle: Place, toward: bool
) -> None:
    roads = Travel(graph(*ways))
    assume(roads.snap([middle]).piece[0] != NONE)
    limits = (60.0, 120.0, 240.0)
    rings = roads.isochrones(middle, limits, toward=toward)
    probes = roads.snap_lonlat(_along_the_roads(roads))
    times = (roads.toward if toward else roads.outward)(middle, probes).seconds
    for ring in rings:
        assert ring.area_wgs84.is_valid
        slack_s = 3 * ring.cell_m / OFF_ROAD_MPS
        inside = _within(roads, ring, ring.cell_m)
        assert inside(probes.on_road_wgs84[times < ring.limit_s]).all()
        ground = _all_over(probes.on_road_wgs84)
        late = _reached_s(roads, ground, probes.on_road_wgs84, times) > ring.limit_s + slack_s
        start = np.array([[middle.lon_deg, middle.lat_deg]])
        # On foot: as many cells as BESIDE_M is long, and across their corners that is half as far again.
        on_foot_m = 1.5 * BESIDE_M + 2 * ring.cell_m
        near_start = _distances_m(roads, ground, start)[:, 0] < on_foot_m
        assert not _within(roads, ring, 0.0)(ground[late & ~near_start]).any()
    for small, large in pairwise(rings):
        assert small.area_wgs84.difference(large.area_wgs84).area < 1e-9


def _along_the_roads(roads: Travel) -> NDArray[np.float64]:
    lines = roads.graph.pieces.lines_wgs84
    shares = np.linspace(0.0, 1.0, 13)
    spots = shapely.line_interpolate_point(lines[:, None], shares[None, :], normalized=True)
    return shapely.get_coordinates(spots)


def _all_over(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = lonlat.min(axis=0) - 0.01, lonlat.max(axis=0) + 0.01
    east, north = (np.linspace(low[i], high[i], 40) for i in (0, 1))
    return np.stack(np.meshgrid(east, north), axis=-1).reshape(-1, 2)


def _distances_m(
    roads: Travel, some: NDArray[np.float64], others: NDArray[np.float64]
) -> NDArray[np.float64]:
    away = roads.graph.plane.metric(some)[:, None] - roads.graph.plane.metric(others)[None, :]
    found: NDArray[np.float64] = np.hypot(away[..., 0], away[..., 1])
    return found


def _reached_s(
    roads: Travel,
    ground: NDArray[np.float64],
    on_road: NDArray[np.float64],
    times: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return when each spot of ground is reached from the roads, walking straight (infinity where it is not)."""
    known = np.isfinite(times)
    if not known.any():
        return np.full(len(ground), np.inf)
    walks = _distances_m(roads, ground, on_road[known]) / OFF_ROAD_MPS + times[known]
    soonest: NDArray[np.float64] = walks.min(axis=1)
    return soonest


def _within(
    roads: Travel, ring: Isochrone, slack_m: float
) -> Callable[[NDArray[np.float64]], NDArray[np.bool_]]:
    plane = roads.graph.plane
    metric = shapely.transform(ring.area_wgs84, plane.metric).buffer(slack_m)
    return lambda lonlat: np.asarray(
        shapely.intersects_xy(metric, *plane.metric(lonlat).T), dtype=bool
    )
