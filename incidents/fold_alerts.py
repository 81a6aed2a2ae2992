"""How a case is called out, and what its timers leave on it: they go off once."""

from dataclasses import replace
from datetime import datetime

from incidents import messages as m
from incidents.fold_parts import union
from incidents.model import Alert, Case
from incidents.timers import TimerKind, part_of, timer_name


def offered(case: Case, event: m.AlertOffered, at: datetime) -> Case:
    """Called out."""
    alert = Alert(
        priority=event.priority,
        offered_at=at,
        ack_due_at=event.ack_due_at,
        roles=event.roles,
        steps=event.steps,
    )
    return replace(case, alert=alert)


def acknowledged(case: Case, event: m.AlertAcknowledged, at: datetime) -> Case:
    """Somebody has seen it."""
    if case.alert is None:
        return case
    alert = replace(
        case.alert, acknowledged_at=at, acknowledged_by=event.by, desk=event.desk, steps=()
    )
    return replace(case, alert=alert)


def missed(case: Case, event: m.AcknowledgementMissed, at: datetime) -> Case:
    """Nobody has, in time."""
    return case if case.alert is None else replace(case, alert=replace(case.alert, missed=True))


def escalated(case: Case, event: m.AlertEscalated, at: datetime) -> Case:
    """More people hear it."""
    if case.alert is None:
        return case
    alert = replace(
        case.alert,
        step=event.step,
        roles=union(case.alert.roles, event.roles),
        steps=tuple(step for step in case.alert.steps if step.step > event.step),
    )
    return replace(case, alert=alert)


def warned(case: Case, event: m.LimitWarned, at: datetime) -> Case:
    """The warning of a clock has gone off."""
    return _fired(case, TimerKind.WARN, part_of(event.stage, event.department), event.warn_at)


def passed(case: Case, event: m.LimitPassed, at: datetime) -> Case:
    """The end of a clock has been told."""
    return _fired(case, TimerKind.OVERDUE, part_of(event.stage, event.department), event.due_at)


def _fired(case: Case, kind: TimerKind, part: str, due_at: datetime) -> Case:
    return replace(case, fired=union(case.fired, (timer_name(kind, part, due_at),)))
