"""Every row of the table of transitions (domain.md C5): what is accepted, from where, and what is refused everywhere else."""

from datetime import timedelta

import pytest

from incidents import commands as c
from incidents.gates import GATES
from incidents.messages import CaseDispatched, CaseFiled
from incidents.model import ENDED, Lane, Level, Priority, Stage, State
from incidents.rules import decide, decide_merge
from tests.incidents.stories import (
    CHIEF,
    DRAIN,
    DUTY,
    MONDAY_10,
    TABLES,
    a_fire,
    a_story,
    a_story_in,
)
from vocabulary.errors import Refused
from vocabulary.ids import CaseId
from vocabulary.message import Actor, Command

S = State
OPEN = set(State) - ENDED

# The law, written out by hand: from which states each command may be given.
LAW: dict[type[Command], set[State]] = {
    c.RequestVerification: {S.NEW},
    c.File: {S.NEW, S.VERIFYING},
    c.Reject: {S.NEW, S.VERIFYING},
    c.Merge: OPEN,
    c.Unmerge: {S.MERGED},
    c.Dispatch: {S.NEW, S.FILED, S.DISPATCHED, S.ACCEPTED, S.ON_SCENE, S.CONTROLLED},
    c.Accept: {S.DISPATCHED, S.ACCEPTED, S.ON_SCENE, S.CONTROLLED},
    c.Return: {S.DISPATCHED, S.ACCEPTED, S.ON_SCENE, S.CONTROLLED},
    c.Arrive: {S.DISPATCHED, S.ACCEPTED, S.ON_SCENE, S.CONTROLLED},
    c.Control: {S.ON_SCENE},
    c.ClearAssist: {S.DISPATCHED, S.ACCEPTED, S.ON_SCENE, S.CONTROLLED},
    c.ReleaseAssist: {S.DISPATCHED, S.ACCEPTED, S.ON_SCENE, S.CONTROLLED},
    c.Resolve: {S.ON_SCENE, S.CONTROLLED},
    c.AssignCheck: {S.RESOLVED},
    c.PassCheck: {S.CHECKING},
    c.Close: {S.RESOLVED, S.CHECKING},
    c.OrderRework: {S.CHECKING},
    c.Reopen: {S.CLOSED},
    c.Void: OPEN,
    c.Suspend: OPEN,
    c.Resume: OPEN,
    c.Extend: OPEN,
    c.Approve: OPEN,
    c.Refuse: OPEN,
    c.Withdraw: OPEN,
    c.Acknowledge: OPEN,
    c.GiveAllClear: {S.RESOLVED},
    c.KeepOpen: {S.RESOLVED},
    c.Supervise: OPEN,
    c.ChangeLevel: OPEN,
    c.ChangeLane: OPEN,
    c.ChangePriority: OPEN,
    c.CorrectCategory: OPEN,
    c.AddNote: set(State),
}
TRY: list[Command] = [
    c.RequestVerification(),
    c.File(),
    c.Reject(reason="not_true"),
    c.Dispatch(),
    c.Accept(),
    c.Return(reason="不属我部门"),
    c.Arrive(),
    c.Control(),
    c.ClearAssist(),
    c.ReleaseAssist(),
    c.Resolve(),
    c.AssignCheck(),
    c.PassCheck(),
    c.Close(),
    c.OrderRework(reason="未清理"),
    c.Reopen(reason="又积水"),
    c.Void(reason="误报"),
    c.Suspend(until=MONDAY_10 + timedelta(days=9), reason="待雨停"),
    c.Resume(),
    c.Extend(reason="雨大"),
    c.Approve(),
    c.Refuse(reason="理由不足"),
    c.Withdraw(),
    c.Acknowledge(),
    c.GiveAllClear(evidence=("sensor:WL-12", "unit:E4")),
    c.KeepOpen(reason="仍有烟"),
    c.Supervise(reason="领导批示"),
    c.ChangeLevel(level=Level.IV),
    c.ChangeLane(lane=Lane.EMERGENCY),
    c.ChangePriority(priority=Priority.P0),
    c.CorrectCategory(category="E0505"),
]


def test_the_law_names_every_command_and_the_gates_say_the_same() -> None:
    assert {command: set(gate.states) for command, gate in GATES.items()} == LAW


REFUSED = [(state, wish) for wish in TRY for state in State if state not in LAW[type(wish)]]


@pytest.mark.parametrize(
    ("state", "command"), REFUSED, ids=[f"{s}-{type(wish).__name__}" for s, wish in REFUSED]
)
def test_a_command_from_a_wrong_state_is_refused_and_told_what_is_possible(
    state: State, command: Command
) -> None:
    story = a_story_in(state)
    with pytest.raises(Refused) as refused:
        story.does(command)
    assert refused.value.code == "incidents.wrong_state"
    assert refused.value.status == 409
    assert state in refused.value.text("en")
    assert all(needed in refused.value.text("zh") for needed in LAW[type(command)])
    assert "add_note" in str(refused.value.values["allowed"])


@pytest.mark.parametrize(
    ("start", "command", "actor", "end", "kinds", "stage"),
    [
        (S.NEW, c.RequestVerification(), DUTY, S.VERIFYING, "verify_requested", Stage.VERIFY),
        (S.NEW, c.File(), DUTY, S.FILED, "case_filed", Stage.DISPATCH),
        (S.VERIFYING, c.File(), DUTY, S.FILED, "case_filed", Stage.DISPATCH),
        (S.NEW, c.Reject(reason="not_ours"), DUTY, S.REJECTED, "case_rejected", None),
        (S.VERIFYING, c.Reject(reason="not_true"), DUTY, S.REJECTED, "case_rejected", None),
        (S.FILED, c.Dispatch(), DUTY, S.DISPATCHED, "case_dispatched", Stage.ACCEPT),
        (S.DISPATCHED, c.Accept(), DRAIN, S.ACCEPTED, "case_accepted", Stage.HANDLE),
        (S.DISPATCHED, c.Return(reason="?"), DRAIN, S.FILED, "case_returned", Stage.DISPATCH),
        (S.ACCEPTED, c.Arrive(), DRAIN, S.ON_SCENE, "first_arrived", Stage.HANDLE),
        (S.ON_SCENE, c.Control(), DRAIN, S.CONTROLLED, "case_controlled", Stage.HANDLE),
        (S.ON_SCENE, c.Resolve(), DRAIN, S.RESOLVED, "case_resolved", Stage.CHECK),
        (S.CONTROLLED, c.Resolve(), DRAIN, S.RESOLVED, "case_resolved", Stage.CHECK),
        (S.RESOLVED, c.AssignCheck(), DUTY, S.CHECKING, "check_assigned", Stage.CHECK),
        (S.RESOLVED, c.Close(), DUTY, S.CLOSED, "case_closed", None),
        (S.CHECKING, c.PassCheck(), DUTY, S.CLOSED, "case_closed", None),
        (S.CHECKING, c.Close(), DUTY, S.CLOSED, "case_closed", None),
        (S.CHECKING, c.OrderRework(reason="x"), DUTY, S.DISPATCHED, "rework_ordered", Stage.HANDLE),
        (S.CLOSED, c.Reopen(reason="x"), DUTY, S.DISPATCHED, "case_reopened", Stage.HANDLE),
    ],
)
def test_a_row_of_the_table(
    start: State, command: Command, actor: Actor, end: State, kinds: str, stage: Stage | None
) -> None:
    story = a_story_in(start)
    told = story.does(command, by=actor)
    assert story.case.state is end
    assert [event.kind for event in told] == [f"incidents.{kinds}.v1"]
    assert (story.case.clock.stage if story.case.clock else None) is stage


@pytest.mark.parametrize("state", sorted(OPEN))
def test_any_open_case_may_be_voided(state: State) -> None:
    story = a_story_in(state)
    story.does(c.Void(reason="误报"), by=CHIEF)
    assert story.case.state is State.VOID
    assert not story.case.open


def test_an_emergency_is_dispatched_first_and_filed_by_rule_at_the_same_instant() -> None:
    story = a_fire()
    filed, dispatched = story.does(c.Dispatch(assists=("medical", "police")))
    assert isinstance(filed, CaseFiled)
    assert filed.filed_by_rule == "emergency_lane"
    assert isinstance(dispatched, CaseDispatched)
    assert dispatched.emergency
    assert story.case.state is State.DISPATCHED
    assert story.case.filed_at == story.case.dispatched_at == story.at
    assert story.case.lead == "fire"


def test_a_routine_case_is_filed_before_it_is_dispatched() -> None:
    with pytest.raises(Refused) as refused:
        a_story().does(c.Dispatch())
    assert refused.value.code == "incidents.files_first"
    assert refused.value.status == 409


def test_a_filed_emergency_is_dispatched_the_ordinary_way() -> None:
    story = a_fire()
    story.does(c.File())
    (dispatched,) = story.does(c.Dispatch())
    assert isinstance(dispatched, CaseDispatched)
    assert not dispatched.emergency


def test_a_command_without_a_case_and_a_report_with_one_are_our_own_mistakes() -> None:
    story = a_story()
    with pytest.raises(ValueError, match="needs a case"):
        decide(None, c.File(), at=MONDAY_10, actor=DUTY, tables=TABLES)
    report = c.ReceiveReport(text="x", category="E0506", place=story.case.place)
    with pytest.raises(ValueError, match="opens a case"):
        decide(story.case, report, at=MONDAY_10, actor=DUTY, tables=TABLES)


def test_merge_is_not_for_a_closed_case() -> None:
    story = a_story_in(State.CLOSED)
    with pytest.raises(Refused) as refused:
        decide_merge(
            story.case,
            a_story().case,
            c.Merge(master=CaseId("x")),
            at=story.at,
            actor=DUTY,
            tables=TABLES,
        )
    assert refused.value.code == "incidents.wrong_state"
