"""Taking a report: what opens a case, at which priority, in which lane, and what is refused with which sentence."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from incidents import commands as c
from incidents.fold import apply
from incidents.messages import CaseOpened, ReportReceived
from incidents.model import Lane, Priority, Stage, State
from incidents.rules import decide
from incidents.summary import case_row
from tests.incidents.stories import (
    DUTY,
    KEY,
    MONDAY_10,
    TABLES,
    a_fire,
    a_report,
    a_story,
    a_story_in,
    an_opening,
)
from vocabulary.errors import Refused
from vocabulary.ids import UnitId
from vocabulary.message import Actor, Event

MINUTE = timedelta(minutes=1)


def opened(report: c.ReceiveReport, actor: Actor = DUTY) -> list[Event]:
    return decide(None, report, at=MONDAY_10, actor=actor, tables=TABLES, opening=an_opening())


def test_a_report_is_told_first_and_then_its_case_opens() -> None:
    report, case = opened(a_report(caller_phone="13800001111"))
    assert isinstance(report, ReportReceived)
    assert report.has_caller
    assert isinstance(case, CaseOpened)
    assert case.category == "GB30428-2@2013:E0506"
    assert case.priority_rule == "category_default"


def test_no_event_carries_the_callers_phone_or_name() -> None:
    told = opened(a_report(caller_phone="13800001111", caller_name="张三"))
    assert "13800001111" not in repr(told)
    assert "张三" not in repr(told)


def test_a_report_alone_is_no_case_yet() -> None:
    report, _ = opened(a_report())
    assert apply(None, report, version=1, at=MONDAY_10) is None


def test_nothing_but_a_report_comes_before_the_opening() -> None:
    _, filed = a_story_in(State.FILED).told[-2:]
    with pytest.raises(ValueError, match="before the case opened"):
        apply(None, filed[0], version=1, at=MONDAY_10)


def test_the_same_report_told_twice_counts_once() -> None:
    story = a_story()
    report = story.told[0][0]
    story.hears([report, report])
    assert len(story.case.reports) == 1


def test_the_emergency_lane_and_p0_come_from_the_category() -> None:
    fire = a_fire().case
    assert (fire.lane, fire.priority) == (Lane.EMERGENCY, Priority.P0)
    assert fire.clock is not None
    assert fire.clock.due_at == MONDAY_10 + MINUTE  # first dispatch, D2


def test_a_routine_case_is_to_be_filed_within_its_prioritys_limit() -> None:
    clock = a_story(priority=Priority.P3).case.clock
    assert clock is not None
    assert (clock.stage, clock.due_at) == (Stage.FILE, MONDAY_10 + 15 * MINUTE)


@pytest.mark.parametrize(
    ("actor", "wished", "given", "rule"),
    [
        (DUTY, None, Priority.P1, "category_default"),
        (DUTY, Priority.P1, Priority.P1, "category_default"),
        (DUTY, Priority.P3, Priority.P3, "chosen_by_person"),
        (KEY, Priority.P0, Priority.P0, "chosen_by_key"),
        (KEY, Priority.P3, Priority.P1, "category_default"),
    ],
)
def test_only_a_person_opens_a_case_below_its_categorys_priority(
    actor: Actor, wished: Priority | None, given: Priority, rule: str
) -> None:
    _, case = opened(a_report(priority=wished), actor)
    assert isinstance(case, CaseOpened)
    assert (case.priority, case.priority_rule) == (given, rule)


@pytest.mark.parametrize(
    ("actor", "wished", "given", "rule"),
    [
        (DUTY, None, Priority.P1, "R03"),
        (KEY, Priority.P3, Priority.P1, "R03"),
        (DUTY, Priority.P3, Priority.P3, "chosen_by_person"),
    ],
)
def test_a_vulnerable_site_near_raises_a_new_case_unless_a_person_chose_its_priority(
    actor: Actor, wished: Priority | None, given: Priority, rule: str
) -> None:
    by_school = replace(an_opening(), by_vulnerable_site=True)
    report = a_report(priority=wished, category="B0128")  # P2 by default
    case = decide(None, report, at=MONDAY_10, actor=actor, tables=TABLES, opening=by_school)[1]
    assert isinstance(case, CaseOpened)
    assert (case.priority, case.priority_rule) == (given, rule)
    assert case.clock.due_at == MONDAY_10 + MINUTE * {Priority.P1: 1, Priority.P3: 15}[given]


def test_a_case_keeps_the_grid_cell_it_was_opened_in() -> None:
    placed = replace(an_opening(), cell="33048100100101")
    events = decide(None, a_report(), at=MONDAY_10, actor=DUTY, tables=TABLES, opening=placed)
    case = apply(None, events[1], version=2, at=MONDAY_10)
    assert case is not None
    assert case.cell == case_row(case)["cell"] == "33048100100101"


def test_a_given_address_stands_before_the_found_one() -> None:
    assert a_story(address="人民路 1 号").case.address == "人民路 1 号"
    assert a_story().case.address == ""


@pytest.mark.parametrize(
    ("change", "refusal", "said"),
    [
        ({"category": "E0566"}, "incidents.unknown_category", "E0506"),
        ({"category": "道路积"}, "incidents.unknown_category", "道路积水"),
        ({"source": "crystal ball"}, "incidents.unknown_code", "phone"),
        ({"text": "  "}, "incidents.empty", "text"),
        ({"text": "水" * 2001}, "incidents.too_long", "2000"),
        ({"address": "路" * 2001}, "incidents.too_long", "address"),
        ({"occurred_at": MONDAY_10 + 6 * MINUTE}, "incidents.in_the_future", "occurred_at"),
        ({"occurred_at": datetime(2026, 11, 23)}, "incidents.no_zone", "+08:00"),  # noqa: DTZ001
    ],
)
def test_a_report_that_cannot_be_taken_is_told_what_would_be_right(
    change: dict[str, object], refusal: str, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        opened(a_report(**change))
    assert refused.value.code == refusal
    assert refused.value.status == 422
    assert said in refused.value.text("zh")
    assert said in refused.value.text("en") or refusal == "incidents.unknown_category"


def test_a_time_still_to_come_names_its_field_for_the_form() -> None:
    with pytest.raises(Refused) as refused:
        opened(a_report(occurred_at=MONDAY_10 + 6 * MINUTE))
    assert refused.value.values["field"] == "occurred_at"


def test_when_it_happened_is_kept_beside_when_it_was_reported() -> None:
    report, case = opened(a_report(occurred_at=MONDAY_10 - 30 * MINUTE))
    assert isinstance(report, ReportReceived)
    assert report.occurred_at == MONDAY_10 - 30 * MINUTE
    assert isinstance(case, CaseOpened)
    assert case.reported_at == MONDAY_10


# --- verification and filing ---


@pytest.mark.parametrize(("lane", "minutes"), [(Lane.ROUTINE, 30), (Lane.EMERGENCY, 15)])
def test_verification_has_half_an_hour_and_in_an_emergency_half_of_that(
    lane: Lane, minutes: int
) -> None:
    story = a_story(lane=lane)
    story.does(c.RequestVerification(collector="grid-7"))
    assert story.case.clock is not None
    assert story.case.clock.due_at == story.at + minutes * MINUTE


def test_a_patrols_own_report_needs_no_verification() -> None:
    with pytest.raises(Refused) as refused:
        a_story(source="patrol").does(c.RequestVerification())
    assert refused.value.code == "incidents.source_is_sure"


def test_a_category_with_several_filing_conditions_wants_one_chosen() -> None:
    story = a_story(category="B0101")
    with pytest.raises(Refused) as refused:
        story.does(c.File())
    assert "01 缺失" in refused.value.text("zh")
    story.does(c.File(condition="03"))
    assert story.case.filing_condition == "03"


def test_a_condition_the_category_does_not_have_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        a_story().does(c.File(condition="77"))
    assert refused.value.code == "incidents.unknown_condition"


def test_filing_may_set_the_category_right() -> None:
    story = a_story()
    story.does(c.File(category="E0505"))
    assert story.case.category.endswith(":E0505")


def test_not_filing_takes_a_coded_reason() -> None:
    story = a_story()
    with pytest.raises(Refused) as refused:
        story.does(c.Reject(reason="没空"))
    assert "not_true" in refused.value.text("zh")
    story.does(c.Reject(reason="not_true", note="现场无积水"))
    assert story.case.reject_reason == "not_true"


# --- dispatch ---


def test_the_lead_is_the_categorys_unless_another_is_named() -> None:
    story = a_story_in(State.DISPATCHED)
    assert story.case.lead == "drainage"
    other = a_story_in(State.FILED)
    other.does(c.Dispatch(lead="transport", assists=("drainage", "transport", "drainage")))
    assert [(t.department, t.lead) for t in other.case.tasks] == [
        ("transport", True),
        ("drainage", False),
    ]


@pytest.mark.parametrize("wrong", [{"lead": "navy"}, {"assists": ("navy",)}])
def test_an_unknown_department_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        a_story_in(State.FILED).does(c.Dispatch(**wrong))
    assert refused.value.code == "incidents.unknown_department"
    assert next(iter(wrong)) in refused.value.text("en")


def test_more_departments_and_units_may_be_called_in_later() -> None:
    story = a_story_in(State.ON_SCENE)
    story.does(c.Dispatch(assists=("power",), units=(UnitId("E4"), UnitId("E4"))))
    story.does(c.Dispatch(lead="drainage", units=(UnitId("E4"), UnitId("E5"))))
    assert story.case.state is State.ON_SCENE
    assert story.case.units == ("E4", "E5")
    assert [t.department for t in story.case.tasks if not t.lead] == ["power"]


def test_calling_in_nobody_new_or_another_lead_is_refused() -> None:
    story = a_story_in(State.ACCEPTED)
    with pytest.raises(Refused) as refused:
        story.does(c.Dispatch(assists=("drainage",)))
    assert refused.value.code == "incidents.nobody_new"
    with pytest.raises(Refused) as refused:
        story.does(c.Dispatch(lead="transport"))
    assert refused.value.code == "incidents.lead_is_set"
