"""Snapshot plus numbered deltas: whoever joined when, all who may hear the same hold the same."""

import time
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.messages import UnitAssigned, UnitReleased
from incidents import commands as c
from incidents.handover.messages import ShiftWithdrawn
from incidents.model import Lane
from live.audience import FULL, MASKED, WALL, Audience, called, of_department
from live.deltas import Board, delta_for, fold, snapshot
from tests.live.doubles import board_of, hear_all
from tests.live.histories import DEPARTMENTS, County, histories
from vocabulary.ids import CaseId, UnitId
from vocabulary.message import Event, Recorded

NOTHING: dict[str, Any] = {
    "changes": [],
    "news": None,
    "closures": [],
    "alerts": [],
    "warnings": [],
}
ROLES = ("dispatcher", "supervisor", "leader", "operator")
audiences = st.sampled_from(
    [
        *(FULL, MASKED, WALL, *map(of_department, DEPARTMENTS)),
        *(called(MASKED, [role]) for role in ROLES),
    ]
)
History = list[Recorded[Event]]


@settings(max_examples=150, deadline=None)
@given(history=histories, k=st.integers(0, 200), audience=audiences)
def test_a_snapshot_and_the_deltas_after_it_are_the_newer_snapshot(
    history: History, k: int, audience: Audience
) -> None:
    board = board_of(history[:k])
    held = snapshot(board, audience)
    deltas = hear_all(board, history[k:], history)
    told = [delta_for(delta, audience) for delta in deltas]
    assert fold(held, told) == snapshot(board_of(history), audience)


@settings(max_examples=60, deadline=None)
@given(history=histories, k=st.integers(0, 200), audience=audiences)
def test_a_board_made_from_the_open_cases_tells_the_same_deltas(
    history: History, k: int, audience: Audience
) -> None:
    first = board_of(history[:k])
    second = Board(
        first.seq,
        first.cases.values(),
        closures=first.closures.values(),
        warnings=first.warnings.values(),
    )
    one = hear_all(first, history[k:], history)
    other = hear_all(second, history[k:], history)
    assert [delta_for(delta, audience) for delta in one] == [
        delta_for(delta, audience) for delta in other
    ]


@settings(max_examples=60, deadline=None)
@given(history=histories, department=st.sampled_from(DEPARTMENTS))
def test_a_department_never_hears_a_row_of_a_case_that_is_not_its_own(
    history: History, department: str
) -> None:
    for delta in hear_all(Board(), history, history):
        for change in delta_for(delta, of_department(department))["changes"]:
            if change["row"] is not None:
                assert department in [change["row"]["lead"], *change["row"]["assists"]]


def dispatched(county: County) -> CaseId:
    case_id = county.report(lane=Lane.EMERGENCY)
    county.do(case_id, c.Dispatch(lead="water"))
    return case_id


def last_told(county: County, audience: Audience) -> dict[str, Any]:
    return delta_for(hear_all(Board(), county.events, county.events)[-1], audience)


def test_a_returned_case_leaves_its_departments_sight_and_stays_in_the_centres() -> None:
    county = County()
    case_id = dispatched(county)
    assert last_told(county, of_department("water"))["changes"][0]["row"]["lead"] == "water"
    county.do(case_id, c.Return(reason="不归我管", department="water"))
    assert last_told(county, of_department("water"))["changes"] == [{"id": case_id, "row": None}]
    assert last_told(county, MASKED)["changes"][0]["row"]["state"] == "FILED"
    assert last_told(county, of_department("drainage"))["changes"] == []


def test_a_case_sent_to_another_department_enters_its_sight_with_its_whole_row() -> None:
    county = County()
    case_id = dispatched(county)
    county.do(case_id, c.Return(reason="不归我管", department="water"))
    county.do(case_id, c.Dispatch(lead="drainage"))
    row = last_told(county, of_department("drainage"))["changes"][0]["row"]
    assert row["id"] == case_id
    assert row.keys() == snapshot(board_of(county.events), FULL)["rows"][case_id].keys()


def test_a_unit_sent_to_a_case_is_news_of_that_case_and_changes_no_row() -> None:
    county = County()
    case_id = dispatched(county)
    county.tell("unit:E1", UnitAssigned(unit_id=UnitId("E1"), case_id=case_id))
    told = last_told(county, of_department("water"))
    assert (told["changes"], told["news"]["id"]) == ([], case_id)
    assert last_told(county, of_department("fire"))["news"] is None


def test_an_event_about_no_case_is_only_a_number() -> None:
    county = County()
    county.tell("unit:E1", UnitReleased(unit_id=UnitId("E1"), case_id=CaseId("of-last-year")))
    assert last_told(county, FULL) == {"seq": 1, **NOTHING}


def test_that_a_shifts_sheet_changed_is_told_to_the_centre_alone_and_without_a_word_of_it() -> None:
    county = County()
    county.tell("handover:h1", ShiftWithdrawn(handover_id="h1", reason=""))
    for audience in (FULL, MASKED):
        assert last_told(county, audience) == {"seq": 1, **NOTHING, "shift": True}
    for audience in (WALL, of_department("water")):
        assert last_told(county, audience) == {"seq": 1, **NOTHING}


@pytest.mark.parametrize(
    "audience", [FULL, MASKED, WALL, of_department("water")], ids=lambda one: one.name
)
def test_everybody_hears_of_a_closed_road_in_the_words_that_are_for_them(
    audience: Audience,
) -> None:
    county = County()
    closure_id = county.close_road()
    [told] = last_told(county, audience)["closures"]
    assert told["row"] == snapshot(board_of(county.events), audience)["closures"][closure_id]
    assert (told["row"]["closed_by"] == "") == (told["row"]["note"] == "") == (audience is WALL)
    assert ("13812348000" in told["row"]["note"]) == (audience is FULL)
    county.reopen_road(closure_id)
    assert last_told(county, audience)["closures"] == [{"id": closure_id, "row": None}]
    assert snapshot(board_of(county.events), audience)["closures"] == {}


@pytest.mark.parametrize("audience", [FULL, WALL, of_department("water")], ids=lambda one: one.name)
def test_everybody_hears_of_a_warning_and_that_it_is_over(audience: Audience) -> None:
    county = County()
    warning_id = county.warn()
    [told] = last_told(county, audience)["warnings"]
    assert told["row"] == snapshot(board_of(county.events), audience)["warnings"][warning_id]
    assert (told["row"]["kept_by"] == "") == (audience is WALL)
    county.end_warning(warning_id)
    assert last_told(county, audience)["warnings"] == [{"id": warning_id, "row": None}]
    assert snapshot(board_of(county.events), audience)["warnings"] == {}


def test_a_warning_that_is_no_warning_here_is_only_a_number() -> None:
    county = County()
    warning_id = county.warn(here=False)
    assert last_told(county, FULL)["warnings"] == [{"id": warning_id, "row": None}]


def test_a_voided_case_leaves_and_its_news_still_says_so() -> None:
    county = County()
    case_id = county.report()
    county.do(case_id, c.Void(reason="误报"))
    told = last_told(county, WALL)
    assert told["changes"] == [{"id": case_id, "row": None}]
    assert told["news"]["kind"] == "incidents.case_voided.v1"
    assert told["news"]["by"] == ""


def test_a_note_on_an_ended_case_brings_nothing_back() -> None:
    county = County()
    case_id = county.report()
    county.do(case_id, c.Reject(reason="not_true"))
    county.do(case_id, c.AddNote(text="备注"))
    assert last_told(county, FULL)["changes"] == []
    assert snapshot(board_of(county.events), FULL)["rows"] == {}


@pytest.mark.parametrize(
    "audience", [MASKED, WALL, of_department("water")], ids=lambda one: one.name
)
def test_no_phone_number_leaves_the_room(audience: Audience) -> None:
    county = County()
    dispatched(county)
    told = str(snapshot(board_of(county.events), audience)) + str(last_told(county, audience))
    assert "13812348000" not in told
    assert ("138****8000" in told) == (audience is not WALL)


def test_a_wall_hears_no_free_text_at_all() -> None:
    county = County()
    case_id = dispatched(county)
    row = snapshot(board_of(county.events), WALL)["rows"][case_id]
    assert (row["text"], row["address"]) == ("", "")
    assert (row["category"][-5:], row["town"], row["lon"]) == ("B0101", "城关镇", 104)


def test_an_event_costs_the_same_however_many_cases_are_open() -> None:
    def cost_s(open_n: int) -> float:
        county = County()
        first = county.report()
        case = county.cases[first]
        board = Board(0, [case])
        board.cases |= {str(number): case for number in range(open_n)}
        samples = []
        for number in range(300):
            recorded = county.events[-1]
            begun = time.perf_counter()
            delta_for(board.hear(recorded, case), MASKED)
            samples.append(time.perf_counter() - begun)
            assert number < 300
        return median(samples)

    small, large = cost_s(100), cost_s(100_000)
    assert large < 3 * small


def test_an_alert_reaches_the_supervisor_when_nobody_acknowledges_it_and_nobody_once_somebody_has() -> (
    None
):
    county = County()
    desk, chief = called(MASKED, ["dispatcher"]), called(MASKED, ["supervisor"])
    case_id = county.report()
    county.call_out(case_id)
    assert last_told(county, desk)["alerts"][0]["row"]["step"] == 0
    assert last_told(county, chief)["alerts"] == []
    county.at += timedelta(minutes=2)
    county.let_time_pass(case_id)
    assert snapshot(board_of(county.events), chief)["alerts"][case_id]["step"] == 1
    county.do(case_id, c.Acknowledge(desk="1 号席"))
    assert last_told(county, chief)["alerts"] == [{"id": case_id, "row": None}]
    assert snapshot(board_of(county.events), desk)["alerts"] == {}
    assert last_told(county, WALL)["alerts"] == []
