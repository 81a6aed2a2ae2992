"""What each timer does when it goes off: one event or a few, decided like a command, by the system."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from incidents.commands import Resume
from incidents.messages import AcknowledgementMissed, AlertEscalated, LimitPassed, LimitWarned
from incidents.model import Case, Stage
from incidents.priority import Trigger
from incidents.rules_alerts import offer, waiting_alert
from incidents.rules_closing import close_by_itself
from incidents.rules_flags import go_on
from incidents.situation import Situation
from incidents.stage_clocks import raising
from incidents.timers import Timer, TimerKind, clock_of
from vocabulary.message import Event

Firing = Callable[[Case, Timer, Situation], list[Event]]


def fire(case: Case, timer: Timer, situation: Situation) -> list[Event]:
    """Return what a timer that runs on the case makes happen now."""
    return FIRINGS[timer.kind](case, timer, situation)


def _warn(case: Case, timer: Timer, situation: Situation) -> list[Event]:
    clock, department = clock_of(case, timer.part) or (None, None)
    return [
        LimitWarned(
            case_id=case.id,
            stage=Stage(timer.part.partition(":")[0]),
            department=department,
            warn_at=timer.due_at,
            due_at=clock.due_at if clock else None,
        )
    ]


def _overdue(case: Case, timer: Timer, situation: Situation) -> list[Event]:
    stage, _, department = timer.part.partition(":")
    return [
        LimitPassed(
            case_id=case.id,
            stage=Stage(stage),
            department=department or None,
            due_at=timer.due_at,
        )
    ]


def _resume(case: Case, timer: Timer, situation: Situation) -> list[Event]:
    return go_on(case, Resume(), situation)


def _close(case: Case, timer: Timer, situation: Situation) -> list[Event]:
    return close_by_itself(case, situation)


def _acknowledge(case: Case, timer: Timer, situation: Situation) -> list[Event]:
    missed = AcknowledgementMissed(case_id=case.id, priority=case.priority, due_at=timer.due_at)
    return [missed]


def _escalate(case: Case, timer: Timer, situation: Situation) -> list[Event]:
    alert = waiting_alert(case)
    steps = [step for step in alert.steps if str(step.step) == timer.part] if alert else []
    return [
        AlertEscalated(
            case_id=case.id,
            priority=case.priority,
            step=step.step,
            roles=step.roles,
            due_at=step.due_at,
        )
        for step in steps
    ]


def _unattended(case: Case, timer: Timer, situation: Situation) -> list[Event]:
    """Call out a quiet case that was left lying, and raise it by the rule of the unacknowledged (R04)."""
    told = situation.tables.escalations[case.priority][0].roles
    rules = raising(case, situation, [(Trigger.UNACKNOWLEDGED, None)])
    after = replace(case, priority=rules[-1].priority) if rules else case
    rule = rules[-1].rule if rules else None
    return [*rules, offer(after, after.priority, situation, also=told, rule=rule)]


FIRINGS: Final[dict[TimerKind, Firing]] = {
    TimerKind.WARN: _warn,
    TimerKind.OVERDUE: _overdue,
    TimerKind.RESUME: _resume,
    TimerKind.CLOSE: _close,
    TimerKind.ACKNOWLEDGE: _acknowledge,
    TimerKind.ESCALATE: _escalate,
    TimerKind.UNATTENDED: _unattended,
}
