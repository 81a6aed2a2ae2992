"""The graph says what the map says: where roads meet, which way they go, how fast, and which turns are forbidden."""

import heapq
import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from pyproj import Geod

from county.roads.build import build
from county.roads.graph import NONE, RoadGraph
from county.roads.metric import lengths_m
from county.roads.nearby import Nearby
from county.roads.spread import Usual, from_seeds
from county.travel import Reach, Travel
from tests.county.road_maps import Way, at, forbids, graph, layer, maps
from vocabulary.errors import Refused

CROSS = (
    Way("west", ((-1000, 0), (0, 0)), name="西路"),
    Way("east", ((0, 0), (1000, 0)), name="东路"),
    Way("north", ((0, 0), (0, 1000)), name="北路"),
    Way("south", ((0, 0), (0, -1000)), name="南路"),
    # a way round from the south to the north, so that what is forbidden can be done otherwise
    Way("loop", ((0, -1000), (2000, -1000), (2000, 1000), (0, 1000)), "primary"),
)


def oracle(roads: RoadGraph, start: int) -> dict[int, float]:
    """Return the times from a junction by a plain textbook Dijkstra over the edges."""
    following: dict[int, list[tuple[int, float]]] = {}
    edges = roads.edges
    for tail, head, seconds in zip(edges.tail, edges.head, edges.seconds, strict=True):
        following.setdefault(int(tail), []).append((int(head), float(seconds)))
    best, heap = {start: 0.0}, [(0.0, start)]
    while heap:
        so_far, node = heapq.heappop(heap)
        for head, seconds in following.get(node, []):
            if so_far + seconds < best.get(head, math.inf):
                best[head] = so_far + seconds
                heapq.heappush(heap, (best[head], head))
    return best


@given(maps())
@settings(max_examples=20, deadline=None)
def test_times_are_those_of_a_textbook(ways: list[Way]) -> None:
    roads = graph(*ways)
    free = Usual(roads).weights()
    for start in (0, len(roads.nodes_wgs84) // 2):
        times = from_seeds(roads.onward, free.onward, np.array([start]), np.array([0.0]))
        expected = oracle(roads, start)
        found = {node: float(time) for node, time in enumerate(times) if np.isfinite(time)}
        assert found.keys() == expected.keys()
        assert all(found[node] == pytest.approx(expected[node], abs=1e-4) for node in found)


def test_parallel_streets_are_two_and_the_faster_is_taken() -> None:
    slow = Way("slow", ((0, 0), (500, 300), (1000, 0)), "track")
    fast = Way("fast", ((0, 0), (500, -300), (1000, 0)), "primary")
    for order in ((slow, fast), (fast, slow)):
        roads = graph(*order, Way("in", ((-500, 0), (0, 0))), Way("out", ((1000, 0), (1500, 0))))
        route = Travel(roads).route(at(-400, 0), at(1400, 0))
        assert {share.road_class for share in route.classes} == {"secondary", "primary"}


def test_roads_meet_where_they_share_a_vertex_and_nowhere_else() -> None:
    street = Way("street", ((-500, 0), (0, 0), (500, 0)))
    crossing = graph(street, Way("joins", ((0, -500), (0, 0), (0, 500))))
    over = graph(street, Way("bridge", ((0, -500), (0, 500))))
    assert (len(crossing.nodes_wgs84), len(crossing.pieces)) == (5, 4)
    assert (len(over.nodes_wgs84), len(over.pieces)) == (4, 2)


def test_an_end_drawn_onto_a_road_meets_it_and_one_that_stops_short_does_not() -> None:
    street = Way("street", ((-500, 0), (600, 70)))
    on_it = (100.0, 70 * 600 / 1100)
    joined = graph(
        street, Way("side", ((100, 500), on_it)), Way("other", ((300, -400), (300.2, 50.9)))
    )
    assert joined.main.all()
    assert (len(joined.nodes_wgs84), len(joined.pieces)) == (6, 5)
    apart = graph(street, Way("side", ((100, 500), (100, on_it[1] + 3))))
    assert len(apart.pieces) == 2
    under = graph(
        Way("street", ((-500, 0), (600, 70)), bridge=True), Way("side", ((100, 500), on_it))
    )
    assert len(under.pieces) == 2


def test_a_way_that_crosses_itself_and_a_ring_are_cut_where_they_meet() -> None:
    knot = Way("knot", ((0, 0), (500, 0), (1000, 0), (1000, 500), (500, 0), (500, -500)))
    assert len(graph(knot).pieces) == 3
    ring = graph(Way("ring", ((0, 0), (500, 0), (500, 500), (0, 0)), oneway=1))
    assert (len(ring.pieces), len(ring.edges), len(ring.nodes_wgs84)) == (1, 1, 1)


def test_one_way_streets_are_driven_one_way() -> None:
    for oneway, forward in ((1, True), (-1, False)):
        roads = graph(Way("a", ((0, 0), (1000, 0)), oneway=oneway))
        assert (roads.pieces.edges[0, 0] != NONE, roads.pieces.edges[0, 1] != NONE) == (
            forward,
            not forward,
        )


def test_speeds_are_signed_where_a_sign_is_known_and_the_class_s_otherwise() -> None:
    def seconds(**more: object) -> float:
        way = Way("a", ((0, 0), (1000, 0)), **more)  # type: ignore[arg-type]
        return float(graph(way).edges.seconds[0])

    assert seconds(road_class="residential") == pytest.approx(3600 / 35, rel=1e-3)
    assert seconds(road_class="residential", maxspeed_kmh=50.0) == pytest.approx(72, rel=1e-3)
    assert seconds(road_class="track", maxspeed_kmh=80.0) == pytest.approx(120, rel=1e-3)
    assert seconds(road_class="primary", surface="gravel") == pytest.approx(120, rel=1e-3)


def test_footpaths_and_barred_ways_are_no_roads_and_unknown_classes_are() -> None:
    roads = graph(
        Way("steps", ((0, 0), (100, 0)), "path"),
        Way("barred", ((0, 50), (100, 50)), access="no"),
        Way("private", ((0, 100), (100, 100)), access="private"),
        Way("new", ((0, 150), (100, 150)), "some_new_class"),
    )
    assert sorted(roads.ways.id[roads.pieces.way]) == ["new", "private"]


def test_an_empty_map_has_no_roads_and_says_so() -> None:
    nowhere = Travel(graph())
    with pytest.raises(Refused) as refused:
        nowhere.route(at(0, 0), at(10, 0))
    assert refused.value.code == "roads.no_road"
    assert len(Travel(graph(Way("point", ((0, 0), (0, 0))))).graph.pieces) == 0


def test_lengths_are_those_of_the_ellipsoid() -> None:
    ends = np.array([[120.0, 29.0], [120.01, 29.01], [120.01, 29.05], [120.06, 29.05]])
    expected = Geod(ellps="WGS84").line_lengths(ends[:, 0], ends[:, 1])[: len(ends) - 1]
    assert lengths_m(ends[:-1], ends[1:]) == pytest.approx(expected, rel=1e-6)


def test_the_nearest_segment_is_the_nearest_of_all() -> None:
    chance = np.random.default_rng(7)
    start = chance.uniform(0, 5_000, (400, 2))
    end = start + chance.normal(0, 150, (400, 2))
    points = chance.uniform(-1_500, 6_500, (300, 2))
    _, distance, _ = Nearby(start, end).nearest(points)
    lines = [shapely.LineString(line) for line in np.stack([start, end], axis=1)]
    every = np.array([[shapely.Point(point).distance(line) for line in lines] for point in points])
    assert distance == pytest.approx(every.min(axis=1), abs=1e-6)


def test_a_forbidden_left_turn_is_driven_round() -> None:
    free = Travel(graph(*CROSS)).route(at(-500, 0), at(0, 500))
    roads = graph(*CROSS, restrictions=[forbids("west", (0, 0), "north", "no_left_turn")])
    round_about = Travel(roads).route(at(-500, 0), at(0, 500))
    assert [street.name for street in free.streets] == ["西路", "北路"]
    assert [street.name for street in round_about.streets][:2] == ["西路", "南路"]
    assert round_about.seconds > free.seconds + 60
    # the other approaches to the same junction, and the other exits of this one, are as before
    for start, goal in ((at(500, 0), at(0, 500)), (at(-500, 0), at(500, 0))):
        assert Travel(roads).route(start, goal).seconds == pytest.approx(
            Travel(graph(*CROSS)).route(start, goal).seconds
        )


def test_a_demanded_turn_leaves_no_other() -> None:
    demand = forbids("west", (0, 0), "south", "only_right_turn")
    route = Travel(graph(*CROSS, restrictions=[demand])).route(at(-500, 0), at(500, 0))
    assert [street.name for street in route.streets][:2] == ["西路", "南路"]


def test_times_toward_and_outward_know_the_same_turns_as_the_route() -> None:
    turn = forbids("west", (0, 0), "north", "no_left_turn")
    back = forbids("south", (0, 0), "south", "no_u_turn")
    roads = Travel(graph(*CROSS, restrictions=[turn, back]))
    assert roads.graph.link_nodes == len(roads.graph.nodes_wgs84) + 2
    places = [at(-500, 5), at(0, 500), at(700, 0), at(0, -300), at(2000, 0)]
    for goal in places:
        toward = roads.toward(goal, places)
        for index, unit in enumerate(places):
            assert toward.of(index) == pytest.approx(roads.route(unit, goal).seconds, abs=1e-3)
            assert roads.outward(unit, [goal]).of(0) == pytest.approx(toward.of(index), abs=1e-3)


def test_a_forbidden_u_turn_binds_on_one_road_and_between_two_carriageways() -> None:
    one, other = Way("in", ((0, 0), (500, 0))), Way("out", ((500, 0), (0, 1000)))
    roads = graph(one, other, restrictions=[forbids("in", (500, 0), "out", "no_u_turn")])
    assert roads.unused_restrictions == 0
    assert Travel(roads).outward(at(100, 0), [at(100, 800)]).reach[0] != Reach.REACHED
    roads = graph(one, other, restrictions=[forbids("in", (500, 0), "in", "no_u_turn")])
    assert roads.unused_restrictions == 0
    assert Travel(roads).outward(at(100, 0), [at(100, 800)]).reach[0] == Reach.REACHED


def test_the_called_may_pass_private_roads_and_a_barred_one_only_where_the_map_lets_them() -> None:
    def kmh(**tags: Any) -> float:
        roads = graph(Way("w", ((0, 0), (1000, 0)), **tags))
        edge = roads.edges
        return 3.6 * roads.pieces.length_m[0] / edge.seconds[0] if len(edge) else 0.0

    assert kmh(access="private") == kmh(access="destination") == kmh() > 50
    assert kmh(access="no") == 0
    assert kmh(access="no", emergency="yes") == kmh()
    plain, driveway = kmh(road_class="service"), kmh(road_class="service", service="driveway")
    assert (round(plain), round(driveway)) == (20, 10)
    assert kmh(road_class="service", access="private", maxspeed_kmh=15.0) == pytest.approx(15)


def test_a_restriction_that_names_nothing_here_is_counted() -> None:
    roads = graph(
        *CROSS,
        restrictions=[
            forbids("west", (77, 0), "north", "no_left_turn"),
            forbids("west", (0, 0), "nowhere", "no_left_turn"),
            forbids("west", (0, 0), "north", "by_appointment"),
        ],
    )
    assert roads.unused_restrictions == 3
    assert roads.link_nodes == len(roads.nodes_wgs84)


def test_a_layer_without_the_finer_columns_will_do() -> None:
    bare = layer(CROSS)[["class", "geometry"]]
    assert len(build(bare).edges) == 10
