"""Assignments over a real store: who is faster wins, first arrivals are the case's, and who does not come is replaced."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from dispatch.assignment import AssignmentState
from dispatch.assignment_rules import Step
from dispatch.messages import AssignmentEscalated
from incidents.messages import NoteAdded
from incidents.model import Case, Priority, State
from storage.journal import Journal
from storage.rebuild import rebuild
from storage.units import all_units
from tests.clocks import ManualClock
from tests.dispatch import calls
from tests.dispatch.desks import Office
from vocabulary.errors import Refused

DISPATCHERS = 20
RACES = 200


@pytest.fixture
async def office(journal: Journal, clock: ManualClock, tmp_path: Path) -> Office:
    made = Office(journal, clock, tmp_path)
    await made.register(*(calls.registered(f"fire-0{n}") for n in (1, 2, 3)))
    return made


async def race(office: Office, unit: str, cases: list[Case]) -> tuple[list[str], list[Refused]]:
    """Let twenty dispatchers send one unit to twenty cases at once; return who won and what the others were told."""
    cases = [await office.case(case.id) for case in cases]
    names = [f"派遣员{n}" for n in range(DISPATCHERS)]
    answers = await asyncio.gather(
        *(office.dispatch(case, unit, by=name) for case, name in zip(cases, names, strict=True)),
        return_exceptions=True,
    )
    won = [
        name for name, one in zip(names, answers, strict=True) if not isinstance(one, BaseException)
    ]
    lost = [one for one in answers if isinstance(one, Refused)]
    assert len(won) + len(lost) == DISPATCHERS
    return won, lost


@pytest.mark.slow
async def test_of_twenty_who_ask_for_one_unit_exactly_one_gets_it_and_the_others_are_told_who(
    office: Office,
) -> None:
    cases = [await office.open_case() for _ in range(DISPATCHERS)]
    for n in range(RACES):
        unit = f"race-{n}"
        await office.register(calls.registered(unit))
        won, lost = await race(office, unit, cases)
        assert len(won) == 1
        assert {told.values["who"] for told in lost} == set(won)
        assert {told.code for told in lost} == {"dispatch.unit_taken"}
        assert won[0] in lost[0].text("zh")
        assert (await office.unit(unit)).cases == ((await office.held(unit)).case_id,)


async def test_whose_unit_was_taken_has_nothing_half_done(office: Office) -> None:
    cases = [await office.open_case() for _ in range(DISPATCHERS)]
    won, lost = await race(office, "fire-01", cases)
    assert (len(won), len(lost)) == (1, DISPATCHERS - 1)
    events = await office.journal.events_after(0, 10_000)
    kinds = [one.event.kind for one in events]
    assert kinds.count("incidents.case_dispatched.v1") == 1
    assert kinds.count("dispatch.assignment_offered.v1") == 1


async def test_the_first_arrival_of_a_unit_is_the_cases(office: Office) -> None:
    case = await office.dispatch(await office.open_case(), "fire-01", "fire-02")
    await office.step(await office.held("fire-01"), Step.ACK)
    assert (await office.case(case.id)).state is State.ACCEPTED
    await office.step(await office.held("fire-02"), Step.ON_SCENE)
    arrived = await office.case(case.id)
    assert (arrived.state, arrived.arrived_at) == (State.ON_SCENE, office.clock.now())
    await office.step(await office.held("fire-01"), Step.ON_SCENE)
    assert (await office.case(case.id)).version == arrived.version


async def test_the_cases_own_signature_and_arrival_are_those_of_its_only_unit(
    office: Office,
) -> None:
    from incidents.commands import Arrive
    from incidents.handlers import command_case
    from tests.dispatch.desks import dispatcher

    case = await office.dispatch(await office.open_case(), "fire-01")
    await office.do(
        lambda desk: command_case(
            desk.cases,
            case.id,
            case.version,
            Arrive(),
            actor=dispatcher(),
            at=desk.at,
            tables=desk.tables,
        )
    )
    await office.hear_cases()
    held = await office.held("fire-01")
    assert held.state is AssignmentState.ON_SCENE
    assert held.acked_at is not None


async def test_a_unit_that_does_not_answer_is_replaced_by_the_next_and_at_the_second_the_supervisor_is_told(
    office: Office,
) -> None:
    case = await office.dispatch(await office.open_case(), "fire-01")
    first = await office.held("fire-01")
    assert not await office.lapse(first)
    office.clock.advance(timedelta(seconds=60))
    assert await office.lapse(first)
    second = await office.held("fire-02")
    assert (second.attempt, second.follows, second.case_id) == (2, first.id, case.id)
    assert (await office.case(case.id)).units == ("fire-01", "fire-02")
    office.clock.advance(timedelta(seconds=60))
    assert await office.lapse(second)
    assert (await office.held("fire-03")).attempt == 3
    events = [one.event for one in await office.journal.events_after(0, 1000)]
    assert sum(isinstance(event, AssignmentEscalated) for event in events) == 1
    (note,) = [event for event in events if isinstance(event, NoteAdded)]
    assert "值班长" in note.text
    assert not await office.lapse(second)


async def test_where_nobody_is_left_the_supervisor_is_told_at_once(office: Office) -> None:
    await office.dispatch(await office.open_case(), "fire-01", "fire-02", "fire-03")
    await office.step(await office.held("fire-02"), Step.DECLINE, "车辆故障")
    stream = await office.journal.stream("unit:fire-02")
    (told,) = [one.event for one in stream if isinstance(one.event, AssignmentEscalated)]
    assert told.nobody_left


async def test_who_declines_is_replaced_at_once(office: Office) -> None:
    case = await office.dispatch(await office.open_case(), "fire-01")
    await office.step(await office.held("fire-01"), Step.DECLINE, "车辆故障")
    found = {one.unit_id: one.state for one in await office.of_case(case)}
    assert found == {"fire-01": AssignmentState.DECLINED, "fire-02": AssignmentState.OFFERED}


async def test_how_long_a_unit_has_to_answer_follows_the_priority(office: Office) -> None:
    await office.dispatch(await office.open_case(Priority.P3), "fire-01")
    held = await office.held("fire-01")
    assert held.answer_by == office.clock.now() + timedelta(seconds=300)


async def test_hearing_the_cases_twice_changes_no_assignment(office: Office) -> None:
    case = await office.dispatch(await office.open_case(), "fire-01")
    await office.step(await office.held("fire-01"), Step.ENROUTE)
    await office.hear_cases()
    before = await office.journal.last_seq()
    office.heard = 0
    await office.hear_cases()
    assert await office.journal.last_seq() == before
    assert (await office.of_case(case))[0].state is AssignmentState.ENROUTE


async def test_assignments_made_anew_from_the_journal_are_the_same(office: Office) -> None:
    case = await office.dispatch(await office.open_case(), "fire-01", "fire-02")
    await office.step(await office.held("fire-01"), Step.ON_SCENE)
    await office.step(await office.held("fire-02"), Step.DECLINE, "不去")
    before = await office.of_case(case), await office.journal.read(all_units)
    rebuild(office.journal)
    assert (await office.of_case(case), await office.journal.read(all_units)) == before
    assert len(before[0]) == 3
