"""Nothing missed: who hears of an urgent case, when, and who said that they had; a quiet one that is left lying gets loud."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from incidents import commands as c
from incidents.acknowledgement import Offered, acknowledgement_figures, nearest_rank
from incidents.escalation import parse_approvals, parse_escalations
from incidents.handlers import Outcome, command_case, fire_timer, receive_report
from incidents.messages import (
    AcknowledgementMissed,
    AlertAcknowledged,
    AlertEscalated,
    AlertOffered,
    PriorityChanged,
)
from incidents.model import Priority, State
from incidents.store import Located
from incidents.summary import case_alert, case_row
from incidents.timers import timers_of
from tests.incidents.memory import MemoryStore
from tests.incidents.stories import CHIEF, DRAIN, DUTY, KEY, MONDAY_10, TABLES, a_report
from vocabulary.errors import Refused
from vocabulary.message import SYSTEM, Actor, Command, Event

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class Office:
    """One case behind the handlers, and the clock's own steps."""

    def __init__(self, **changes: object) -> None:
        self.store = MemoryStore()
        self.outcome: Outcome = receive_report(
            self.store,
            a_report(**changes),
            actor=DUTY,
            at=MONDAY_10,
            tables=TABLES,
            locate=lambda place: Located(division="330481"),
        )
        self.id = self.outcome.case.id

    @property
    def row(self) -> dict[str, object]:
        return case_row(self.store.cases[self.id])

    def does(self, command: Command, by: Actor = DUTY) -> list[Event]:
        version = self.store.cases[self.id].version
        outcome = command_case(
            self.store, self.id, version, command, actor=by, at=self.store.now, tables=TABLES
        )
        return [one.event for one in outcome.recorded]

    def waits(self, span: timedelta) -> list[tuple[datetime, Event]]:
        """Let time pass; return what went off, each at its instant."""
        until = self.store.now + span
        told: list[tuple[datetime, Event]] = []
        while True:
            due = [t for t in timers_of(self.store.cases[self.id], TABLES) if t.due_at <= until]
            if not due:
                self.store.now = until
                return told
            timer = min(due, key=lambda one: one.due_at)
            self.store.now = max(self.store.now, timer.due_at)
            fired = fire_timer(self.store, timer, at=self.store.now, tables=TABLES)
            assert fired is not None
            told += [(self.store.now, one.event) for one in fired.recorded]


def alarms(told: list[tuple[datetime, Event]]) -> list[tuple[float, str]]:
    return [
        ((at - MONDAY_10).total_seconds(), "+".join(event.roles))
        for at, event in told
        if isinstance(event, AlertEscalated)
    ]


def test_a_p0_reaches_the_desks_the_supervisor_everybody_and_the_leader_by_the_table() -> None:
    office = Office(category="Y0201")
    alert = office.row["alert"]
    assert isinstance(alert, dict)
    assert (alert["roles"], alert["step"]) == (["intake", "dispatcher"], 0)
    told = office.waits(5 * MINUTE)
    assert alarms(told) == [
        (30, "supervisor"),
        (60, "intake+dispatcher+supervisor+engineer+operator"),
        (120, "leader"),
    ]
    missed = [at for at, event in told if isinstance(event, AcknowledgementMissed)]
    assert missed == [MONDAY_10 + 15 * SECOND]
    assert case_alert(office.store.cases[office.id]) is not None


def test_a_p1_reaches_the_supervisor_after_two_minutes_and_the_leader_after_five() -> None:
    told = Office().waits(10 * MINUTE)
    assert alarms(told) == [(120, "supervisor"), (300, "leader")]


def test_what_is_acknowledged_goes_no_further() -> None:
    office = Office()
    office.waits(MINUTE)
    [event] = office.does(c.Acknowledge(desk="2 号席"))
    assert isinstance(event, AlertAcknowledged)
    assert (event.by, event.desk, event.step, event.implied) == (DUTY.id, "2 号席", 0, False)
    assert office.row["alert"] is None
    assert alarms(office.waits(10 * MINUTE)) == []
    with pytest.raises(Refused) as refused:
        office.does(c.Acknowledge(), by=CHIEF)
    assert (refused.value.code, refused.value.status) == ("incidents.acknowledged_before", 409)
    assert DUTY.id in refused.value.text("zh")


def test_only_a_person_acknowledges_and_only_what_calls() -> None:
    office = Office()
    for program in (KEY, SYSTEM):
        with pytest.raises(Refused) as refused:
            office.does(c.Acknowledge(), by=program)
        assert (refused.value.code, refused.value.status) == ("incidents.person_acknowledges", 403)
    with pytest.raises(Refused) as refused:
        Office(priority=Priority.P3, category="E0113").does(c.Acknowledge())
    assert refused.value.code == "incidents.nothing_to_acknowledge"


def test_who_acts_on_the_case_at_the_centre_has_seen_it_and_a_program_has_not() -> None:
    office = Office()
    assert not any(isinstance(e, AlertAcknowledged) for e in office.does(c.File(), by=KEY))
    first, *_ = office.does(c.Dispatch())
    assert isinstance(first, AlertAcknowledged)
    assert first.implied
    assert not any(isinstance(e, AlertAcknowledged) for e in office.does(c.Accept(), by=DRAIN))


def test_a_raise_calls_again_and_lowering_does_not() -> None:
    office = Office()
    office.does(c.Acknowledge())
    told = office.does(c.ChangePriority(priority=Priority.P0))
    assert [type(event) for event in told] == [PriorityChanged, AlertOffered]
    office.does(c.Acknowledge())
    told = office.does(c.ChangePriority(priority=Priority.P3, reason="误报"))
    assert [type(event) for event in told] == [PriorityChanged]
    told = office.does(c.ChangePriority(priority=Priority.P1))
    assert [type(event) for event in told] == [PriorityChanged]


def test_a_quiet_case_left_lying_is_raised_by_its_rule_and_called_to_the_supervisor() -> None:
    office = Office(category="E0113", priority=Priority.P2)
    assert office.row["alert"] is None
    told = office.waits(16 * MINUTE)
    raised = [event for _, event in told if isinstance(event, PriorityChanged)]
    assert [(event.priority, event.rule) for event in raised] == [(Priority.P1, "R04")]
    [offered] = [event for _, event in told if isinstance(event, AlertOffered)]
    assert offered.rule == "R04"
    assert set(offered.roles) == {"intake", "dispatcher", "supervisor"}
    assert "P1" in str(office.row["alert"])


def test_a_quiet_case_that_somebody_took_up_is_left_alone() -> None:
    office = Office(category="E0113", priority=Priority.P2)
    office.does(c.File(condition="01"))
    told = office.waits(timedelta(days=2))
    assert not [event for _, event in told if isinstance(event, AlertOffered | PriorityChanged)]


def test_what_ended_calls_nobody() -> None:
    office = Office()
    office.does(c.Reject(reason="not_true"), by=KEY)
    assert office.waits(10 * MINUTE) == []
    assert case_alert(office.store.cases[office.id]) is None


def test_each_timer_goes_off_once() -> None:
    office = Office(category="Y0201")
    told = [event for _, event in office.waits(timedelta(days=3))]
    assert len(told) == len(set(map(repr, told)))
    assert timers_of(office.store.cases[office.id], TABLES) == []
    assert office.store.cases[office.id].state is State.NEW


# --- the figures ---


def offered(at_s: int = 0, took_s: float | None = None, **changes: object) -> Offered:
    start = MONDAY_10 + at_s * SECOND
    alert = Offered(
        case_id="c",
        number="n",
        priority=Priority.P0,
        exercise=False,
        offered_at=start,
        ack_due_at=start + 15 * SECOND,
        acknowledged_at=None if took_s is None else start + took_s * SECOND,
        waiting=took_s is None,
    )
    return replace(alert, **changes)  # type: ignore[arg-type]


def figures(*alerts: Offered) -> dict[str, object]:
    told = acknowledgement_figures(
        alerts, since=MONDAY_10, until=MONDAY_10 + 10 * MINUTE, at=MONDAY_10 + 10 * MINUTE
    )
    total = told["total"]
    assert isinstance(total, dict)
    return {**total, "exercises": told["exercises"]}


def test_latency_and_misses_are_counted_from_what_happened() -> None:
    told = figures(
        offered(took_s=5), offered(took_s=10), offered(took_s=40, step=1), offered(step=3)
    )
    assert (told["offered"], told["acknowledged"], told["waiting"]) == (4, 3, 1)
    assert (told["due"], told["in_time"], told["missed"]) == (4, 2, 2)
    assert (told["latency_p50_s"], told["latency_p90_s"]) == (10, 40)
    assert told["escalated"] == {"1": 2, "2": 1, "3": 1}
    assert told["share_in_time"] == 0.5


def test_nothing_of_nothing_is_no_share() -> None:
    told = figures()
    assert (told["share_in_time"], told["latency_p50_s"], told["missed"]) == (None, None, 0)


def test_an_exercise_never_enters_a_figure_but_is_counted() -> None:
    told = figures(offered(took_s=5), offered(took_s=500, exercise=True))
    assert (told["offered"], told["exercises"], told["latency_max_s"]) == (1, 1, 5)


def test_an_alert_whose_case_ended_before_its_deadline_is_nobodys_miss() -> None:
    soon, late = MONDAY_10 + 3 * SECOND, MONDAY_10 + 30 * SECOND
    assert figures(offered(ended_at=soon, waiting=False))["due"] == 0
    assert figures(offered(ended_at=late, waiting=False))["missed"] == 1


def test_a_percentile_is_one_of_the_values() -> None:
    assert nearest_rank([1, 2, 3, 4], 50) == 2
    assert nearest_rank([1, 2, 3, 4], 90) == 4
    assert nearest_rank([7], 1) == 7


# --- the tables ---

HEAD = "priority,step,after,roles,zh,source\n"


@pytest.mark.parametrize(
    "row",
    [
        "P0,2,30 s,supervisor,x,y",
        "P0,0,30 s,supervisor,x,y",
        "P0,1,,supervisor,x,y",
        "P0,1,30 s,boss,x,y",
        "P9,1,30 s,supervisor,x,y",
        "P0,1,30 s,supervisor,x,y\nP0,1,60 s,leader,x,y",
    ],
)
def test_an_escalation_that_cannot_be_followed_is_refused_not_guessed(row: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_escalations(HEAD + row + "\n")
    assert refused.value.code == "incidents.bad_cell"


@pytest.mark.parametrize(
    "row", ["suspension,2,leader,x,y", "suspension,1,boss,x,y", "rest,1,leader,x,y"]
)
def test_an_approval_that_cannot_be_followed_is_refused_not_guessed(row: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_approvals(f"what,step,role,zh,source\n{row}\n")
    assert refused.value.code == "incidents.bad_cell"
