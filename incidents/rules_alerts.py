"""Rules of being seen (domain.md D2): an urgent case is called out, somebody acknowledges it, or it reaches more people."""

from collections.abc import Sequence
from datetime import datetime

from incidents.clocks import Limit, due
from incidents.commands import Acknowledge
from incidents.messages import AlertAcknowledged, AlertOffered
from incidents.model import Alert, Case, EscalationDue, Priority
from incidents.priority import more_urgent
from incidents.situation import Situation, fitting_text
from vocabulary.errors import Refused
from vocabulary.message import Event


def acknowledge(case: Case, command: Acknowledge, situation: Situation) -> list[Event]:
    """Note who has seen it, and from which desk."""
    if situation.actor.kind != "person":
        raise Refused("incidents.person_acknowledges", number=case.number)
    alert = waiting_alert(case)
    if alert is None:  # the gate has refused it
        raise Refused("incidents.nothing_to_acknowledge", number=case.number)
    desk = fitting_text("desk", command.desk, situation)
    return [_acknowledged(case, alert, situation, desk=desk, implied=False)]


def implied_acknowledgement(case: Case, situation: Situation) -> list[AlertAcknowledged]:
    """Return the acknowledgement of a person of the centre who acts on the case: they have seen it."""
    actor, alert = situation.actor, waiting_alert(case)
    if alert is None or actor.kind != "person" or actor.department is not None:
        return []
    return [_acknowledged(case, alert, situation, desk="", implied=True)]


def waiting_alert(case: Case) -> Alert | None:
    """Return the alert that nobody has acknowledged yet, None where there is none."""
    alert = case.alert
    return alert if case.open and alert is not None and alert.waiting else None


def _acknowledged(
    case: Case, alert: Alert, situation: Situation, *, desk: str, implied: bool
) -> AlertAcknowledged:
    return AlertAcknowledged(
        case_id=case.id,
        priority=alert.priority,
        offered_at=alert.offered_at,
        by=situation.actor.id,
        desk=desk,
        step=alert.step,
        implied=implied,
    )


def alert_wanted(case: Case, events: Sequence[Event], situation: Situation) -> list[AlertOffered]:
    """Return the alert that a case calls for as it stands after `events`: urgent, and more so than it was called out for."""
    if not case.open or any(isinstance(event, AlertOffered) for event in events):
        return []
    steps = situation.tables.escalations[case.priority]
    if not steps or steps[0].after is not None:
        return []
    if case.alert is not None and not more_urgent(case.priority, case.alert.priority):
        return []
    heard = case.alert.roles if case.alert and case.alert.waiting else ()
    return [offer(case, case.priority, situation, also=heard)]


def offer(
    case: Case,
    priority: Priority,
    situation: Situation,
    *,
    also: tuple[str, ...] = (),
    rule: str | None = None,
) -> AlertOffered:
    """Return the alert of a priority by the table, told at once to its first roles and to those in `also`."""
    tables = situation.tables
    steps = tables.escalations[priority]
    first = next((step.roles for step in steps if step.after is None), ())
    later = tuple(
        EscalationDue(step=step.step, roles=step.roles, due_at=_after(step.after, situation))
        for step in steps
        if step.after is not None and first
    )
    ack = tables.priorities[priority].ack
    return AlertOffered(
        case_id=case.id,
        priority=priority,
        ack_due_at=_after(ack, situation) if ack else None,
        roles=tuple(dict.fromkeys((*first, *also))),
        steps=later,
        rule=rule,
    )


def _after(limit: Limit, situation: Situation) -> datetime:
    return due(situation.at, limit, situation.tables.calendar)
