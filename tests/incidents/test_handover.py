"""Handing a shift over: the sheet puts first what waits for somebody, two people sign, and what was signed stays as it was."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents import commands as c
from incidents.handlers import receive_report
from incidents.handover.messages import CountersignShift, SignShift, WithdrawShift
from incidents.handover.model import Handover, Sheet, Why
from incidents.handover.rules import (
    MOST_ITEMS,
    apply,
    decide_countersign,
    decide_sign,
    decide_withdraw,
    make_sheet,
)
from incidents.model import Case, Priority
from incidents.store import Located
from tests.incidents.memory import MemoryStore
from tests.incidents.stories import (
    CHIEF,
    DUTY,
    KEY,
    MONDAY_10,
    TABLES,
    a_report,
    a_story,
    dispatched,
)
from vocabulary.errors import Refused
from vocabulary.message import Actor


def an_open_case(**changes: Any) -> Case:
    return replace(a_story().case, **changes)


def signed(sheet: Sheet | None = None, by: Actor = DUTY, **wish: Any) -> Handover:
    events = decide_sign(
        SignShift(**wish), sheet or make_sheet([], MONDAY_10), [], handover_id="h", actor=by
    )
    handover = apply(None, events[0], version=1, at=MONDAY_10, by=by)
    assert handover is not None
    return handover


# --- the sheet ---


def test_what_nobody_has_acknowledged_stands_first() -> None:
    quiet = an_open_case(priority=Priority.P0, alert=None)
    store = MemoryStore()
    calling = receive_report(
        store,
        a_report(),
        actor=DUTY,
        at=MONDAY_10,
        tables=TABLES,
        locate=lambda _place: Located(division="330481"),
    ).case
    sheet = make_sheet([quiet, calling], MONDAY_10)
    assert calling.alert is not None
    assert sheet.items[0].case_id == calling.id
    assert sheet.items[0].why[0] is Why.UNACKNOWLEDGED


def test_overdue_and_due_soon_are_told_apart_and_a_hold_is_neither() -> None:
    case = dispatched(a_story()).case
    assert case.clock is not None
    assert case.clock.due_at is not None
    due = case.clock.due_at
    held = replace(case, suspended_until=due + timedelta(days=3))
    for at, found, wanted in (
        (due, case, Why.OVERDUE),
        (due - timedelta(hours=3), case, Why.DUE_SOON),
        (due, held, Why.ON_HOLD),
    ):
        [item] = make_sheet([found], at).items
        told = {Why.OVERDUE, Why.DUE_SOON, Why.ON_HOLD} & set(item.why)
        assert told == {wanted}
    assert make_sheet([held], due).items[0].resumes_at == held.suspended_until


def test_an_exercise_is_counted_apart_and_what_ended_not_at_all() -> None:
    story = a_story()
    story.does(c.Void(reason="误报"), by=CHIEF)
    drill = an_open_case(exercise=True)
    sheet = make_sheet([story.case, drill, an_open_case()], MONDAY_10)
    assert (sheet.open, sheet.exercises, len(sheet.items)) == (1, 1, 1)


def test_telephone_numbers_do_not_get_onto_the_sheet() -> None:
    case = an_open_case(address="东门 13812345678 旁")
    handover = signed(make_sheet([case], MONDAY_10), notes={case.id: "找 13900001111"})
    [item] = handover.sheet.items
    assert "138****5678" in item.where
    assert item.note == "找 139****1111"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(list(Priority)), st.booleans(), st.booleans()), max_size=30)
)
def test_the_counts_are_those_of_the_cases(kinds: list[tuple[Priority, bool, bool]]) -> None:
    base = a_story().case
    cases = [
        replace(base, number=str(n), priority=p, supervised=s, exercise=e)
        for n, (p, s, e) in enumerate(kinds)
    ]
    sheet = make_sheet(cases, MONDAY_10)
    real = [case for case in cases if not case.exercise]
    assert (
        sheet.open == len(real) == sum(sheet.by_priority.values()) == sum(sheet.by_state.values())
    )
    assert sheet.by_why.get("supervised", 0) == sum(case.supervised for case in real)
    assert len(sheet.items) + sheet.left_out == sheet.open
    assert sheet == make_sheet(reversed(cases), MONDAY_10)


def test_a_flood_is_counted_and_its_most_pressing_cases_listed() -> None:
    base = a_story().case
    cases = [replace(base, number=f"{n:05d}") for n in range(MOST_ITEMS + 7)]
    sheet = make_sheet(cases, MONDAY_10)
    assert (len(sheet.items), sheet.left_out) == (MOST_ITEMS, 7)


# --- the signatures ---


def test_both_sign_and_both_are_kept() -> None:
    handover = signed(note=" 备用电台 3 号已坏 ", seat="1 号席")
    assert handover.open
    [event] = decide_countersign(
        handover, CountersignShift(handover_id="h", remarks="已知"), actor=CHIEF
    )
    done = apply(handover, event, version=2, at=MONDAY_10 + timedelta(minutes=5), by=CHIEF)
    assert done is not None
    assert done.incoming is not None
    assert (done.outgoing.name, done.incoming.name) == (DUTY.name, CHIEF.name)
    assert (done.note, done.remarks, done.open) == ("备用电台 3 号已坏", "已知", False)
    assert done.sheet == handover.sheet


def test_nobody_takes_over_from_themselves_and_no_key_signs() -> None:
    handover = signed()
    with pytest.raises(Refused) as own:
        decide_countersign(handover, CountersignShift(handover_id="h"), actor=DUTY)
    assert own.value.code == "shift.own_sheet"
    with pytest.raises(Refused) as key:
        decide_countersign(handover, CountersignShift(handover_id="h"), actor=KEY)
    assert key.value.code == "shift.person_signs"
    with pytest.raises(Refused, match="key"):
        signed(by=KEY)


def test_who_was_faster_is_named() -> None:
    handover = signed()
    [event] = decide_countersign(handover, CountersignShift(handover_id="h"), actor=CHIEF)
    done = apply(handover, event, version=2, at=MONDAY_10, by=CHIEF)
    with pytest.raises(Refused) as late:
        decide_countersign(done, CountersignShift(handover_id="h"), actor=replace(CHIEF, id="x"))
    assert late.value.code == "shift.countersigned"
    assert CHIEF.name in late.value.text("zh")


def test_one_s_own_signature_is_taken_back_with_a_reason_and_then_signed_anew() -> None:
    handover = signed()
    for wish, by, code in (
        (WithdrawShift(handover_id="h", reason="改"), CHIEF, "shift.not_yours"),
        (WithdrawShift(handover_id="h", reason="  "), DUTY, "shift.reason_needed"),
    ):
        with pytest.raises(Refused) as refused:
            decide_withdraw(handover, wish, actor=by)
        assert refused.value.code == code
    with pytest.raises(Refused) as twice:
        decide_sign(SignShift(), handover.sheet, [handover], handover_id="i", actor=DUTY)
    assert twice.value.code == "shift.signed_already"
    wish = WithdrawShift(handover_id="h", reason="漏写一起案件")
    [event] = decide_withdraw(handover, wish, actor=DUTY)
    back = apply(handover, event, version=2, at=MONDAY_10, by=DUTY)
    assert back is not None
    assert not back.open
    assert decide_sign(SignShift(), back.sheet, [back], handover_id="i", actor=DUTY)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"notes": {"nobody": "x"}}, "shift.not_on_the_sheet"),
        ({"note": "长" * 2001}, "shift.too_long"),
    ],
)
def test_what_cannot_be_signed_is_named(wish: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        signed(**wish)
    assert refused.value.code == code


def test_a_sheet_that_is_not_there_is_named() -> None:
    with pytest.raises(Refused) as refused:
        decide_countersign(None, CountersignShift(handover_id="zz"), actor=CHIEF)
    assert "zz" in refused.value.text("zh")
