"""V05 to V07 as counted by hand: people by what they hear, cases in weak coverage, links lost on the way, minutes × people."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dispatch.handlers import register_unit
from dispatch.kinds import kinds
from dispatch.messages import UnitRegistered
from dispatch.model import Position, UnitKind
from indicators.catalogue import BY_ID
from indicators.columns import seconds
from indicators.frame import Frames
from indicators.measure import by_group, count, figure
from indicators.model import Figure, Window
from layers.coverage.atlas import Atlas
from layers.coverage.grid import degrees_of
from layers.coverage.messages import BeginOutage, EndOutage
from layers.coverage.model import Which
from layers.coverage.outages import handlers
from layers.coverage.outages.model import SiteOutage, Struck
from layers.coverage.thresholds import shipped_scales
from runtime.figures_coverage import Linked, Outages, Served, Signal
from storage.outages import OutagesInTransaction
from storage.radio_sites import keep_sites
from storage.tracks import keep_track
from storage.units import UnitsInTransaction, all_units
from tests.clocks import ManualClock
from tests.indicators.vectors import golden, records_in
from tests.layers.coverage import made_up
from tests.layers.coverage.plain_map import PlainMap, standing
from tests.layers.coverage.test_weakness import ON, under
from tests.sensors.office import Office
from vocabulary.ids import UnitId
from vocabulary.message import SYSTEM
from vocabulary.place import Place

DAY = golden("figures")


@dataclass
class Living:
    """The coverage in use, as sources ask for it."""

    ready: Atlas | None
    version: str = "1"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path, ManualClock())
    yield made
    made.close()


def atlas() -> Atlas:
    site = standing(made_up.site(ON, 1, 5, 5), ON, 5, 5)
    return Atlas(PlainMap(ON, [site]), under(), shipped_scales())


def told(frames: Frames, id: str, now: datetime, hours: float = 24) -> Figure:
    window = Window(since=now - timedelta(hours=hours), until=now + timedelta(hours=1))
    return figure(BY_ID[id], frames, window, seconds(now))


async def brought(office: Office, frames: Frames, source: Any) -> Frames:
    await office.journal.read(lambda c: source.bring(c, frames))
    return frames


async def test_weak_coverage_is_the_share_of_people_who_hear_less(office: Office) -> None:
    made = atlas()
    now = office.clock.now()
    frames = await brought(office, Frames(), Signal(Living(made), office.clock))  # type: ignore[arg-type]
    heard = made.map.rsrp_dbm(Which())[made.under.inside]  # a person lives in every cell
    for id, limit in (("V05", -110), ("V05s", -105)):
        found = told(frames, id, now)
        assert found.n == made.under.people.sum()
        assert found.value == pytest.approx(
            (np.nan_to_num(heard, nan=-999) < limit).mean(), abs=1e-9
        )
        assert (found.low, found.high) == (None, None)
    counted = count(BY_ID["V05"], frames, Window(since=now, until=now), seconds(now))
    assert counted is not None
    towns = by_group(counted, "town")
    assert sum(one.n for one in towns.values()) == told(frames, "V05", now).n
    assert counted.ids() == []


async def test_before_a_prediction_there_is_no_figure_and_not_zero(office: Office) -> None:
    frames = Frames()
    for source in (Signal(Living(None), office.clock), Served(Living(None))):  # type: ignore[arg-type]
        await brought(office, frames, source)
    await brought(office, frames, Outages(office.clock, lambda _outage: ""))
    for id in ("V05", "V06", "V07"):
        assert told(frames, id, office.clock.now()).no_source


async def test_cases_are_counted_by_the_coverage_where_they_lie_and_anew_when_it_changes(
    office: Office,
) -> None:
    made, frames = atlas(), Frames()
    living = Living(made)
    source = Served(living)  # type: ignore[arg-type]
    field = made.signal()
    codes = {name: tuple(np.argwhere(field.codes == number)[0]) for number, name in ((1, "good"), (2, "weak"))}  # fmt: skip
    record = replace(records_in(DAY)[0], exercise=False)
    at = {name: degrees_of(ON, int(row), int(column)) for name, (row, column) in codes.items()}
    now = record.reported_at + timedelta(hours=1)

    def case(id: str, where: str) -> Any:
        lon, lat = at[where]
        return replace(record, id=id, lon_deg=float(lon), lat_deg=float(lat), visits=(), rides=())

    frames.feed([case("a", "good"), case("b", "weak"), replace(case("c", "weak"), exercise=True)])
    frames.feed([replace(case("d", "good"), lon_deg=0.0)])  # off the map: not known
    await brought(office, frames, source)
    found = told(frames, "V06", now)
    assert (found.hits, found.n, found.left_out["exercise"]) == (1, 2, 1)
    made.map.change([], [one.id for one in made.map.sites])
    living.version = "2"
    await brought(office, frames, source)
    assert told(frames, "V06", now).hits == 2  # nothing sends any more
    frames.feed([case("e", "good")])
    await brought(office, frames, source)
    assert told(frames, "V06", now).n == 3


async def test_a_unit_that_was_not_seen_for_longer_than_its_kind_allows_lost_its_link(
    office: Office,
) -> None:
    for id in ("U1", "U2", "U3"):
        wanted = UnitRegistered(
            unit_id=UnitId(id), name=id, unit_kind=UnitKind.ENGINE, department="fire", home=None
        )
        await office.journal.write(
            lambda t, wanted=wanted: register_unit(UnitsInTransaction(t), wanted, SYSTEM)
        )
    units = await office.journal.read(all_units)
    limit = kinds()[units[0].kind].stale_after
    record = records_in(DAY)[0]
    begun = record.reported_at
    ride = next(r for one in records_in(DAY) for r in one.rides)
    done = begun + 4 * limit

    def way(unit: str) -> Any:
        return replace(ride, id=unit, unit=unit, offered_at=begun, enroute_at=begun, ended_at=done)

    frames = Frames()
    frames.feed([replace(record, exercise=False, rides=tuple(map(way, ("U1", "U2", "U3"))))])

    def track(unit: str, *at: datetime) -> None:
        for one in at:
            seen = Position(
                unit_id=UnitId(unit), place=Place(120.0, 30.0), observed_at=one, received_at=one
            )
            office.journal.write_blocking(
                lambda t, seen=seen: keep_track(t.connection, seen, "test")
            )

    track("U1", *(begun + n * limit / 2 for n in range(9)))
    track(
        "U2", begun, begun + 1.5 * limit, begun + 2.4 * limit, begun + 3.3 * limit
    )  # U3 was never seen
    await brought(office, frames, Linked())
    found = told(frames, "V06b", begun + timedelta(minutes=1))
    assert (found.hits, found.n) == (1, 2)


async def test_an_outage_counts_its_minutes_times_its_people_while_it_stands_and_no_more_when_it_is_over(
    office: Office,
) -> None:
    site = made_up.site(ON, 1, 5, 5)
    frames, source = Frames(), Outages(office.clock, _town)
    both = [site, replace(site, id="S002")]
    await office.journal.write(lambda t: keep_sites(t.connection, both, office.clock.now()))

    async def begin(id: str, people: int | None, **more: Any) -> None:
        wish, at = BeginOutage(site_id=id, **more), office.clock.now()
        await office.journal.write(
            lambda t: handlers.begin_outage(
                OutagesInTransaction(t), wish, Struck(people=people), actor=SYSTEM, at=at
            )
        )

    async def end(id: str) -> None:
        wish, at = EndOutage(site_id=id), office.clock.now()
        await office.journal.write(
            lambda t: handlers.end_outage(OutagesInTransaction(t), wish, actor=SYSTEM, at=at)
        )

    await begin("S001", 100)
    office.clock.advance(timedelta(minutes=30))
    await begin("S002", 40)
    office.clock.advance(timedelta(minutes=30))
    await brought(office, frames, source)
    assert told(frames, "V07", office.clock.now()).value == 100 * 60 + 40 * 30
    # Nothing happened since: what stands has gone on all the same.
    office.clock.advance(timedelta(minutes=10))
    assert told(frames, "V07", office.clock.now()).value == 100 * 70 + 40 * 40
    await end("S001")
    office.clock.advance(timedelta(minutes=20))
    await brought(office, frames, source)
    assert told(frames, "V07", office.clock.now()).value == 100 * 70 + 40 * 60
    await end("S002")
    await begin("S001", None)  # nobody knows whom it strikes
    await begin("S002", 9, exercise=True)
    office.clock.advance(timedelta(minutes=20))
    await brought(office, frames, source)
    found = told(frames, "V07", office.clock.now())
    assert found.value == 100 * 70 + 40 * 60
    assert (found.n, found.left_out["exempt"], found.left_out["exercise"]) == (2, 1, 1)


def _town(_outage: SiteOutage) -> str:
    return "桥头镇"
