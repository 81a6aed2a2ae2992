"""Cover: who is out of reach, since when, and who might be moved up; the soonest of several by road."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from county.closures import Closure, Closures
from county.demand import Demand
from county.scene import route_to_scene, times_to_scene
from county.soonest import soonest
from county.travel import Reach, Travel
from dispatch.cover import Post, covered, move_ups, services
from dispatch.model import UnitKind
from storage.cover import gaps_between, minutes_of, note_gaps
from storage.journal import Journal
from tests.county.road_maps import at, graph
from tests.county.test_travel_closures import square
from tests.dispatch.centre import TOWN
from vocabulary.errors import Refused
from vocabulary.ids import UnitId
from vocabulary.place import Place

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
FIRE = next(service for service in services() if service.id == "fire")
# Two towns: one in the city by density, one in the country.
DEMAND = Demand(
    np.array([[120.0, 29.0], [120.01, 29.0], [120.1, 29.1]]),
    np.array([600.0, 400.0, 200.0]),
    np.array([4000.0, 4000.0, 10.0]),
    np.array([0, 0, 1]),
    True,
    100.0,
)


def spread(*places: Place) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    return np.array([(place.lon_deg, place.lat_deg) for place in places])


def test_the_soonest_of_several_is_the_least_of_each_alone_both_ways() -> None:
    travel = Travel(graph(*TOWN))
    several = travel.snap([at(100, 0), at(3900, 0), at(1500, 1000)])
    others = travel.snap([at(2000, 0), at(50, 0), at(2500, 1900), at(1600, 0)])
    together = soonest(travel, several, others)
    back = soonest(travel, several, others, toward=True)
    alone = [
        travel.outward(place, others).seconds for place in (at(100, 0), at(3900, 0), at(1500, 1000))
    ]
    toward = [
        travel.toward(place, others).seconds for place in (at(100, 0), at(3900, 0), at(1500, 1000))
    ]
    np.testing.assert_allclose(together, np.min(alone, axis=0), rtol=1e-6, atol=1e-3)
    np.testing.assert_allclose(back, np.min(toward, axis=0), rtol=1e-6, atol=1e-3)


def test_a_scene_in_closed_ground_is_reached_at_its_barriers_and_on_foot() -> None:
    travel = Travel(graph(*TOWN))
    force = Closures(
        (Closure(id="c", until_at=NOON + timedelta(hours=1), area_wgs84=square(2000, 0, 150)),)
    ).in_force(NOON)
    units = travel.snap([at(100, 0), at(3900, 0)])
    naive = travel.toward(at(2000, 0), units, force)
    assert set(naive.reach.tolist()) == {Reach.CLOSED}
    told = times_to_scene(travel, at(2000, 0), units, force, walk_mps=1.4)
    assert set(told.times.reach.tolist()) == {Reach.REACHED}
    assert told.walk_m == pytest.approx(154, abs=3)
    # By symmetry both sides take the same: drive to 4 m before the barrier, walk the rest.
    west, east = told.times.seconds.tolist()
    assert west == pytest.approx(east, rel=0.05)
    assert west > 154 / 1.4
    # A scene beside it is none of the closure's: the ordinary answer.
    beside = times_to_scene(travel, at(100, 0), units, force, walk_mps=1.4)
    assert beside.walk_m is None


def test_the_way_to_a_scene_in_closed_ground_ends_before_a_barrier() -> None:
    travel = Travel(graph(*TOWN))
    force = Closures(
        (Closure(id="c", until_at=NOON + timedelta(hours=1), area_wgs84=square(2000, 0, 150)),)
    ).in_force(NOON)
    way = route_to_scene(travel, at(100, 0), at(2000, 0), force)
    assert way.length_m == pytest.approx(1900 - 154, abs=5)
    assert route_to_scene(travel, at(100, 0), at(1500, 0), force).length_m == pytest.approx(
        1400, abs=5
    )
    with pytest.raises(Refused) as refused:  # closed on the way, not at the scene
        route_to_scene(travel, at(2000, 0), at(100, 0), force)
    assert refused.value.code == "roads.closed"


def test_a_town_is_a_gap_where_fewer_than_its_share_is_reached_in_time() -> None:
    usual = np.array([100.0, 100.0, 100.0])
    here, away = covered(DEMAND, FIRE, np.array([200.0, 500.0, 1100.0]), usual)
    assert (here.people, here.reached, here.gap) == (1000, 600, False)  # 300 s in the town
    assert (away.people, away.reached, away.gap) == (200, 200, False)  # 1200 s in the country
    here, away = covered(DEMAND, FIRE, np.array([400.0, 200.0, np.inf]), usual)
    assert (here.gap, here.out_of_reach, here.usual) == (True, 600, False)
    assert (away.gap, away.usual) == (True, False)
    _, always = covered(DEMAND, FIRE, np.full(3, np.inf), np.array([1.0, 1.0, np.inf]))
    assert always.usual  # no better on a good day


def test_who_leaves_nobody_behind_is_moved_to_where_most_people_gain() -> None:
    units = [UnitId("spare"), UnitId("only")]
    each = np.array([[100.0, 100.0, np.inf], [9e9, 9e9, np.inf]])
    post = Post(1, (120.1, 29.1), np.array([9e9, 9e9, 60.0]), np.array([300.0, 600.0]))
    (move,) = move_ups(DEMAND, FIRE, units, each, [post])
    # `spare` holds the town: moving it would lose a thousand people for two hundred.
    assert (move.unit_id, move.people, move.seconds) == ("only", 200, 600.0)
    assert move_ups(DEMAND, FIRE, units[:1], each[:1], [post]) == []


async def test_gap_minutes_are_counted_over_a_restart_but_not_while_nobody_looked(
    journal: Journal,
) -> None:
    async def look(minute: int, *areas: str) -> list[tuple[str, str]]:
        seen = {("fire", area): 500 for area in areas}
        when = NOON + timedelta(minutes=minute)
        return list(await journal.write(lambda t: note_gaps(t.connection, seen, when)))

    assert await look(0, "a", "b") == [("fire", "a"), ("fire", "b")]
    assert await look(2, "a", "b") == []
    assert await look(4, "a") == []  # b is covered again
    # The console was away for an hour; a stands still when it is back: a new gap, the hour is not counted.
    assert await look(64, "a") == [("fire", "a")]
    assert await look(66, "a") == []
    gaps = await journal.read(lambda c: gaps_between(c, NOON, NOON + timedelta(hours=2)))
    until = NOON + timedelta(hours=2)
    minutes = {(gap.area, gap.since_at): minutes_of(gap, NOON, until) for gap in gaps}
    assert sorted(minutes.values()) == [2, 4, 4]
    assert sum(value for (area, _), value in minutes.items() if area == "a") == 6


def test_every_service_has_its_kind_and_its_targets() -> None:
    assert {service.kind for service in services()} == {
        UnitKind.ENGINE, UnitKind.AMBULANCE, UnitKind.POLICE,
    }  # fmt: skip
    assert FIRE.targets(DEMAND).tolist() == [300.0, 300.0, 1200.0]
