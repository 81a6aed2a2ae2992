"""Units over the store: registered, following their cases exactly once, and where they were last seen."""

from datetime import datetime, timedelta

import pytest

from dispatch.duty import status_at
from dispatch.handlers import (
    Saying,
    equip_unit,
    follow_case,
    known_unit,
    register_unit,
    roster_unit,
    say_status,
)
from dispatch.kinds import kinds
from dispatch.messages import UnitEquipped, UnitRegistered, UnitStatusSaid
from dispatch.model import Declared, Position, Shift, Unit, UnitKind, UnitStatus
from runtime.flow import FLOWS
from storage.effects import do_once
from storage.journal import Journal
from storage.rebuild import rebuild
from storage.transaction import Transaction
from storage.units import UnitsInTransaction, all_positions, all_units, keep_position
from tests.dispatch import calls
from vocabulary.errors import Refused
from vocabulary.ids import UnitId, new_id
from vocabulary.message import SYSTEM, Event
from vocabulary.place import Place

NOON = datetime.fromisoformat("2026-11-22T12:00:00+00:00")


async def register(journal: Journal, *wanted: UnitRegistered) -> None:
    def work(transaction: Transaction, /) -> None:
        for one in wanted:
            register_unit(UnitsInTransaction(transaction), one, SYSTEM)

    await journal.write(work)


async def hear(journal: Journal, *events: Event) -> None:
    def work(transaction: Transaction, /) -> None:
        for event in events:
            follow_case(UnitsInTransaction(transaction), event, new_id(), NOON)

    await journal.write(work)


async def units(journal: Journal) -> dict[str, Unit]:
    return {unit.id: unit for unit in await journal.read(all_units)}


def status(unit: Unit) -> UnitStatus:
    return status_at(unit, NOON, calls.ZONE)


def seen(at: datetime, lon_deg: float = 119.9, unit: str = "fire-01") -> Position:
    return Position(
        unit_id=UnitId(unit), place=Place(lon_deg, 30.5), observed_at=at, received_at=at
    )


async def keep(journal: Journal, position: Position) -> bool:
    return await journal.write(lambda t: keep_position(t.connection, position))


async def test_the_same_particulars_twice_are_one_event(journal: Journal) -> None:
    await register(journal, calls.registered(), calls.registered())
    assert await journal.last_seq() == 1
    await register(journal, calls.registered(called="新名"))
    assert (await units(journal))["fire-01"].name == "新名"


async def test_units_follow_a_case_and_an_unknown_one_is_passed_over(journal: Journal) -> None:
    await register(journal, calls.registered("fire-01"), calls.registered("fire-02"))
    case = new_id()
    await hear(journal, calls.dispatched(case, "fire-01", "nobody"))
    assert {name: unit.cases for name, unit in (await units(journal)).items()} == {
        "fire-01": (case,),
        "fire-02": (),
    }
    await hear(journal, calls.reinforced(case, "fire-02"))
    assert status((await units(journal))["fire-02"]) is UnitStatus.ASSIGNED
    await hear(journal, calls.closed(case))
    assert {status(unit) for unit in (await units(journal)).values()} == {UnitStatus.AVAILABLE}


async def test_an_event_the_bus_brings_twice_moves_a_unit_once(journal: Journal) -> None:
    await register(journal, calls.registered("fire-01"))
    event, flow = calls.dispatched(new_id(), "fire-01"), FLOWS[0]
    for _ in range(3):

        def work(transaction: Transaction, /) -> None:
            if do_once(transaction, 7, flow.consumer):
                follow_case(UnitsInTransaction(transaction), event, new_id(), NOON)

        await journal.write(work)
    assert [one.event.kind for one in await journal.stream("unit:fire-01")] == [
        "dispatch.unit_registered.v1",
        "dispatch.unit_assigned.v1",
        "dispatch.assignment_offered.v1",
    ]


async def test_a_case_that_ended_before_it_is_heard_of_again_leaves_nobody_assigned(
    journal: Journal,
) -> None:
    await register(journal, calls.registered("fire-01"))
    case = new_id()
    out, end = calls.dispatched(case, "fire-01"), calls.closed(case)
    await hear(journal, out, out, end, end)
    assert [one.event.kind for one in await journal.stream("unit:fire-01")] == [
        "dispatch.unit_registered.v1",
        "dispatch.unit_assigned.v1",
        "dispatch.assignment_offered.v1",
        "dispatch.assignment_cancelled.v1",
        "dispatch.unit_released.v1",
    ]


async def test_units_made_anew_from_the_journal_are_the_same(journal: Journal) -> None:
    await register(journal, calls.registered("fire-01"), calls.registered("fire-02"))
    first, master = new_id(), new_id()
    await hear(
        journal,
        calls.dispatched(first, "fire-01"),
        calls.merged(first, master),
        calls.joined(master, first, "fire-01"),
    )
    before = await units(journal)
    assert before["fire-01"].cases == (master,)
    rebuild(journal)
    assert await units(journal) == before


async def test_a_unit_nobody_knows_is_refused_by_its_name(journal: Journal) -> None:
    def work(transaction: Transaction, /) -> Unit:
        return known_unit(UnitsInTransaction(transaction), "nobody")

    with pytest.raises(Refused) as told:
        await journal.write(work)
    assert (told.value.code, told.value.status) == ("dispatch.unknown_unit", 404)
    assert "nobody" in told.value.text("zh")


async def test_a_newer_position_is_kept_and_an_older_or_equal_one_changes_nothing(
    journal: Journal,
) -> None:
    assert await keep(journal, seen(NOON, 119.90))
    assert await keep(journal, seen(NOON + timedelta(seconds=1), 119.91))
    assert not await keep(journal, seen(NOON, 119.92))
    assert not await keep(journal, seen(NOON + timedelta(seconds=1), 119.93))
    (kept,) = await journal.read(all_positions)
    assert (kept.place.lon_deg, kept.observed_at) == (119.91, NOON + timedelta(seconds=1))


async def test_positions_of_different_units_do_not_touch_each_other(journal: Journal) -> None:
    assert await keep(journal, seen(NOON, unit="fire-01"))
    assert await keep(journal, seen(NOON - timedelta(hours=1), unit="fire-02"))
    assert [one.unit_id for one in await journal.read(all_positions)] == ["fire-01", "fire-02"]


async def test_a_position_is_no_event(journal: Journal) -> None:
    await keep(journal, seen(NOON))
    assert await journal.last_seq() == 0


async def say(journal: Journal, status: Declared, at: datetime = NOON) -> UnitStatusSaid:
    saying = Saying(status=status, said_at=at)
    return await journal.write(
        lambda t: say_status(UnitsInTransaction(t), "fire-01", saying, calls.ZONE, SYSTEM)
    )


async def test_a_radio_call_is_never_refused_and_what_speaks_against_it_is_kept_beside_it(
    journal: Journal,
) -> None:
    await register(journal, calls.registered("fire-01"))
    await hear(journal, calls.dispatched(new_id(), "fire-01"))
    told = await say(journal, Declared.OUT_OF_SERVICE)
    assert told.warnings == ("on_a_case",)
    kept = (await units(journal))["fire-01"]
    assert kept.word is not None
    assert (kept.word.status, kept.word.warnings) == (Declared.OUT_OF_SERVICE, ("on_a_case",))
    assert status(kept) is UnitStatus.ASSIGNED


async def test_a_break_without_an_end_lasts_as_long_as_the_kinds_rest(journal: Journal) -> None:
    await register(journal, calls.registered("fire-01"))
    told = await say(journal, Declared.BREAK)
    assert told.until == NOON + kinds()[UnitKind.ENGINE].rest
    assert (await say(journal, Declared.OUT_OF_SERVICE)).until is None
    assert (await say(journal, Declared.AVAILABLE)).until is not None


async def test_skills_and_rosters_outlive_a_rebuild(journal: Journal) -> None:
    await register(journal, calls.registered("fire-01"))
    shift = Shift(weekday=1, begins_min=480, ends_min=1200, name="day")
    equipped = UnitEquipped(
        unit_id=UnitId("fire-01"), name_en="Engine 1", skills=("rescue",), crew=6, vehicle="水罐车", radio="CH-1",
    )  # fmt: skip

    def work(transaction: Transaction, /) -> tuple[bool, bool, bool]:
        store = UnitsInTransaction(transaction)
        return (
            equip_unit(store, equipped, SYSTEM),
            roster_unit(store, UnitId("fire-01"), [shift], SYSTEM),
            roster_unit(store, UnitId("fire-01"), [shift], SYSTEM),
        )

    assert await journal.write(work) == (True, True, False)
    before = await units(journal)
    assert (before["fire-01"].skills, before["fire-01"].roster) == (("rescue",), (shift,))
    rebuild(journal)
    assert await units(journal) == before
