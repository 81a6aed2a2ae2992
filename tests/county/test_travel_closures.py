"""Closures and slow zones hold while they hold; who is not reached is told why."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
import shapely

from county.closures import OPEN, Closure, Closures
from county.travel import Reach, Travel
from tests.county.road_maps import MIDDLE, Way, at, graph
from vocabulary.errors import Refused, codes

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
# A main road from west to east with a way round over the north; an island with a road of its own.
TOWN = (
    Way("main", ((0, 0), (1000, 0), (3000, 0), (4000, 0)), "primary", name="人民路"),
    Way("round", ((1000, 0), (1000, 1500), (3000, 1500), (3000, 0)), "primary", name="环城路"),
    Way("island", ((9000, 0), (9500, 0)), "residential"),
)


def town() -> Travel:
    return Travel(graph(*TOWN))


def square(east_m: float, north_m: float, half_m: float = 100.0) -> shapely.Polygon:
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half_m + (east_m, north_m)
    return shapely.Polygon(MIDDLE.degrees(corners))


def closed(east_m: float, north_m: float, *, id: str = "c", speed_share: float = 0.0) -> Closure:
    area = square(east_m, north_m)
    return Closure(id=id, until_at=NOW + HOUR, area_wgs84=area, speed_share=speed_share)


def test_a_closed_stretch_is_driven_round_until_its_end_and_not_after() -> None:
    roads, closures = town(), Closures((closed(2000, 0),))
    usual = roads.route(at(500, 0), at(3500, 0))
    now = roads.route(at(500, 0), at(3500, 0), closures.in_force(NOW))
    later = roads.route(at(500, 0), at(3500, 0), closures.in_force(NOW + HOUR))
    assert [street.name for street in usual.streets] == ["人民路"]
    assert [street.name for street in now.streets] == ["人民路", "环城路", "人民路"]
    assert [round(street.turn_deg) for street in now.streets] == [0, -90, -90]
    assert later.seconds == usual.seconds < now.seconds


def test_a_closure_may_begin_later_and_its_instants_may_be_of_any_zone() -> None:
    beijing = timezone(timedelta(hours=8))
    planned = Closure(
        id="c",
        since_at=datetime(2026, 11, 22, 17, 0, tzinfo=beijing),
        until_at=datetime(2026, 11, 22, 18, 0, tzinfo=beijing),
        area_wgs84=square(2000, 0),
    )
    assert not planned.holds_at(NOW)
    assert planned.holds_at(NOW + HOUR)
    assert not planned.holds_at(NOW + 2 * HOUR)
    assert Closures((planned,)).in_force(NOW) == OPEN


def test_a_slow_zone_costs_what_lies_in_it() -> None:
    roads = town()
    slow = Closures((closed(2000, 0, speed_share=0.5),)).in_force(NOW)
    usual, now = (roads.route(at(500, 0), at(3500, 0), force) for force in (OPEN, slow))
    driving_200_m = 200 / (75 / 3.6)
    assert now.seconds - usual.seconds == pytest.approx(driving_200_m, rel=0.05)
    twice = Closures((closed(2000, 0, speed_share=0.5), closed(2000, 0, id="d", speed_share=0.5)))
    slower = roads.route(at(500, 0), at(3500, 0), twice.in_force(NOW)).seconds
    assert slower - usual.seconds == pytest.approx(2 * driving_200_m, rel=0.05)


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(MIDDLE.degrees(np.array(points, dtype=float)))


def along(*points: tuple[float, float], one_way: bool = False, share: float = 0.0) -> Closure:
    return Closure(
        id="c", until_at=NOW + HOUR, line_wgs84=line(*points), one_way=one_way, speed_share=share
    )


def test_one_direction_may_be_closed() -> None:
    roads = town()
    force = Closures((along((1500, 0), (2500, 0), one_way=True),)).in_force(NOW)
    there, back = at(500, 0), at(3500, 0)
    assert roads.route(there, back, force).seconds > roads.route(there, back).seconds
    assert roads.route(back, there, force).seconds == roads.route(back, there).seconds


def test_a_closed_stretch_takes_the_road_it_runs_along_and_no_road_it_crosses() -> None:
    crossing = Way("crossing", ((2000, -800), (2000, 0), (2000, 800)), "residential")
    main = Way("main", ((0, 0), (1000, 0), (2000, 0), (3000, 0), (4000, 0)), "primary")
    roads = Travel(graph(main, TOWN[1], crossing))
    force = Closures((along((1400, 1), (2600, -1)),)).in_force(NOW)
    assert roads.route(at(1200, 0), at(2800, 0), force).length_m > 4_000
    south, north = at(2000, -500), at(2000, 500)
    assert roads.route(south, north, force).seconds == roads.route(south, north).seconds
    # Who stands on the stretch's road before it gets away.
    assert roads.outward(at(1300, 0), [at(500, 0)], force).of(0) is not None


def test_a_slow_stretch_costs_what_lies_on_it() -> None:
    roads = town()
    force = Closures((along((1500, 0), (1700, 0), share=0.5),)).in_force(NOW)
    usual, now = (roads.route(at(500, 0), at(3500, 0), one) for one in (OPEN, force))
    assert now.seconds - usual.seconds == pytest.approx(200 / (75 / 3.6), rel=0.05)


def test_a_stretch_drawn_beside_every_road_closes_none() -> None:
    roads = town()
    force = Closures((along((1500, 40), (2500, 40)),)).in_force(NOW)
    assert roads.route(at(500, 0), at(3500, 0), force).seconds == (
        roads.route(at(500, 0), at(3500, 0)).seconds
    )


def test_whoever_stands_beside_the_closed_ground_still_gets_away_from_it() -> None:
    roads, force = town(), Closures((closed(2000, 0),)).in_force(NOW)
    west, east, inside = at(1500, 0), at(2500, 0), at(2000, 0)
    assert roads.route(west, at(500, 0), force).seconds == roads.route(west, at(500, 0)).seconds
    assert roads.route(west, at(1700, 0), force).seconds == roads.route(west, at(1700, 0)).seconds
    assert [street.name for street in roads.route(west, east, force).streets].count("环城路") == 1
    with pytest.raises(Refused) as refused:
        roads.route(west, inside, force)
    assert refused.value.code == "roads.closed"


def test_who_is_not_reached_is_told_why() -> None:
    roads = town()
    force = Closures((closed(3500, 0),)).in_force(NOW)
    units = [at(500, 0), at(3900, 0), at(9200, 0), at(20_000, 0)]
    times = roads.toward(at(700, 0), units, force)
    assert times.reach.tolist() == [Reach.REACHED, Reach.CLOSED, Reach.CUT_OFF, Reach.NO_ROAD]
    assert [times.of(index) is None for index in range(4)] == [False, True, True, True]
    assert np.isnan(times.seconds[1:]).all()
    assert [index for index, _ in roads.nearest(at(700, 0), units, 4, force)] == [0]


def test_a_route_that_does_not_exist_says_what_is_missing() -> None:
    roads = town()
    for goal, code in ((at(9200, 0), "roads.no_way"), (at(20_000, 0), "roads.no_road")):
        with pytest.raises(Refused) as refused:
            roads.route(at(500, 0), goal)
        assert refused.value.code == code
        assert refused.value.text("zh") != refused.value.text("en")


def test_lifting_a_closure_opens_the_road_and_a_new_one_of_the_same_id_replaces_it() -> None:
    roads, closures = town(), Closures((closed(2000, 0),))
    usual = roads.route(at(500, 0), at(3500, 0)).seconds
    lifted, moved = closures.without("c"), closures.with_closure(closed(2000, 1500))
    for now in (lifted, moved):
        assert roads.route(at(500, 0), at(3500, 0), now.in_force(NOW)).seconds == usual


def test_times_under_closures_are_worked_out_once() -> None:
    roads, closures = town(), Closures((closed(2000, 0),))
    first = roads.state(closures.in_force(NOW))
    assert roads.state(closures.in_force(NOW + HOUR / 2)) is first
    for number in range(20):
        roads.state(Closures((closed(2000, 10.0 * number),)).in_force(NOW))
    assert len(roads._states) <= 8


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("roads.closure_time", {"since_at": NOW + 2 * HOUR}),
        ("roads.closure_speed", {"speed_share": 1.0}),
        ("roads.closure_speed", {"speed_share": float("nan")}),
        ("roads.closure_where", {"line_wgs84": shapely.LineString([(0, 0), (1, 1)])}),
        ("roads.closure_where", {"area_wgs84": None}),
        ("roads.closure_shape", {"area_wgs84": shapely.LineString([(0, 0), (1, 1)])}),
        ("roads.closure_shape", {"area_wgs84": None, "line_wgs84": shapely.LineString()}),
        ("roads.closure_shape", {"area_wgs84": shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])}),
    ],
)
def test_a_closure_that_makes_no_sense_is_refused(code: str, fields: dict[str, object]) -> None:
    usual: dict[str, object] = {"id": "c", "until_at": NOW + HOUR, "area_wgs84": square(0, 0)}
    with pytest.raises(Refused) as refused:
        Closure(**(usual | fields))  # type: ignore[arg-type]
    assert refused.value.code == code


def test_limits_of_isochrones_are_checked() -> None:
    for limits in ([], [0.0], [-5.0], [float("nan")], [1e9]):
        with pytest.raises(Refused) as refused:
            town().isochrones(at(0, 0), limits)
        assert refused.value.code == "roads.limits"


def test_a_long_road_from_its_middle_is_reached_both_ways_without_its_ends() -> None:
    roads = Travel(graph(Way("a", ((0, 0), (20_000, 0)), "primary", maxspeed_kmh=72.0)))
    [ring] = roads.isochrones(at(10_000, 0), [60.0])
    west, _, east, _ = shapely.transform(ring.area_wgs84, MIDDLE.metric).bounds
    assert (west, east) == pytest.approx((8_800, 11_200), abs=150)


def test_the_end_of_a_one_way_street_is_reached_by_who_walks_to_it() -> None:
    roads = Travel(graph(Way("a", ((0, 0), (0, 600)), "primary", oneway=1)))
    [ring] = roads.isochrones(at(500, 600), [240.0])  # 500 m beside the road: 180 s on foot
    end = at(0, 600)
    assert roads.outward(at(500, 600), [end]).of(0) == pytest.approx(180, abs=1)
    assert ring.area_wgs84.covers(shapely.Point(end.lon_deg, end.lat_deg))


def test_a_closure_cuts_what_can_be_reached() -> None:
    roads, force = town(), Closures((closed(3500, 0),)).in_force(NOW)
    [usual] = roads.isochrones(at(500, 0), [600.0])
    [now] = roads.isochrones(at(500, 0), [600.0], force)
    beyond = shapely.Point(at(3950, 0).lon_deg, at(3950, 0).lat_deg)
    assert usual.area_wgs84.contains(beyond)
    assert not now.area_wgs84.contains(beyond)


def test_a_stub_is_passed_over_for_the_network_unless_it_is_much_nearer() -> None:
    stub = Way("stub", ((500, 80), (900, 80)), "service")
    roads = Travel(graph(*TOWN, stub))
    assert roads.toward(at(1500, 0), [at(700, 60)]).of(0) is not None
    assert roads.toward(at(1500, 0), [at(9200, 10)]).reach.tolist() == [Reach.CUT_OFF]


def test_every_sentence_of_this_room_is_told_in_both_languages() -> None:
    mine = {code: told for code, told in codes().items() if code.startswith("roads.")}
    assert len(mine) >= 10
    assert all(told.zh and told.en for told in mine.values())
