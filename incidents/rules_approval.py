"""Rules of what two voices must grant (domain.md C5): a hold (挂账), more time (延期). Asked, approved in steps, or refused."""

from datetime import datetime

from incidents.clocks import due, extended
from incidents.commands import Approve, Extend, Refuse, Suspend, Withdraw
from incidents.messages import (
    ApprovalGiven,
    ApprovalRefused,
    ApprovalRequested,
    ApprovalWithdrawn,
    CaseSuspended,
    DeadlineExtended,
)
from incidents.model import Approval, ApprovalKind, Case, RunningClock, Stage
from incidents.situation import Situation, fitting_text, needed_text
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.message import Event


def suspend(case: Case, command: Suspend, situation: Situation) -> list[Event]:
    """Ask for a hold until an instant at most a year away."""
    reason = needed_text("reason", command.reason, situation)
    _hold_the_longest(command.until, situation)
    return _asked(case, ApprovalKind.SUSPENSION, command.until, reason, situation)


def extend(case: Case, command: Extend, situation: Situation) -> list[Event]:
    """Ask for a later deadline."""
    clock, due_at = _deadline(case)
    until = command.until or _one_limit_more(case, clock, due_at, situation)
    _hold_between("until", until, due_at, None)
    reason = needed_text("reason", command.reason, situation)
    return _asked(case, ApprovalKind.EXTENSION, until, reason, situation)


def _asked(
    case: Case, what: ApprovalKind, until: datetime, reason: str, situation: Situation
) -> list[Event]:
    """Return the request, and the grant at once where nobody is left to ask. Who asks has spoken for their own role."""
    actor = situation.actor
    steps = tuple(role for role in situation.tables.approvals[what] if role not in actor.roles)
    stage = case.clock.stage if case.clock else None
    requested = ApprovalRequested(
        case_id=case.id,
        what=what,
        until=until,
        reason=reason,
        stage=stage,
        steps=steps,
        asked_by=actor.id,
    )
    if steps:
        return [requested]
    wish = Approval(
        what=what,
        until=until,
        reason=reason,
        stage=stage,
        asked_at=situation.at,
        steps=(),
        voices=(actor.id,),
    )
    return [_granted(case, wish, situation)]


def approve(case: Case, command: Approve, situation: Situation) -> list[Event]:
    """Give one voice; the last one grants what was asked."""
    wish = _wish(case)
    given = ApprovalGiven(
        case_id=case.id,
        what=wish.what,
        step=wish.steps[0],
        given_by=situation.actor.id,
        note=fitting_text("note", command.note, situation),
    )
    return [given] if len(wish.steps) > 1 else [given, _granted(case, wish, situation)]


def refuse(case: Case, command: Refuse, situation: Situation) -> list[Event]:
    """Refuse what was asked."""
    wish = _wish(case)
    reason = needed_text("reason", command.reason, situation)
    return [ApprovalRefused(case_id=case.id, what=wish.what, step=wish.steps[0], reason=reason)]


def withdraw(case: Case, command: Withdraw, situation: Situation) -> list[Event]:
    """Take the wish back."""
    return [ApprovalWithdrawn(case_id=case.id, what=_wish(case).what)]


def _granted(case: Case, wish: Approval, situation: Situation) -> Event:
    if wish.what is ApprovalKind.SUSPENSION:
        _hold_the_longest(wish.until, situation)
        return CaseSuspended(case_id=case.id, until=wish.until, reason=wish.reason)
    clock, due_at = _deadline(case)
    _hold_between("until", wish.until, due_at, None)
    tables = situation.tables
    moved = extended(clock, wish.until, tables.calendar, tables.quotas["warn_percent"])
    return DeadlineExtended(case_id=case.id, reason=wish.reason, clock=moved)


def _wish(case: Case) -> Approval:
    if case.approval is None:  # the gate has refused it
        raise Refused("incidents.nothing_to_approve", number=case.number)
    return case.approval


def _deadline(case: Case) -> tuple[RunningClock, datetime]:
    clock = case.clock
    if clock is None or clock.due_at is None:  # the gate has refused it
        raise Refused("incidents.no_deadline", state=case.state.value)
    return clock, clock.due_at


def _one_limit_more(
    case: Case, clock: RunningClock, due_at: datetime, situation: Situation
) -> datetime:
    if clock.stage is not Stage.HANDLE:
        raise Refused("incidents.until_needed", stage=clock.stage.value)
    return due(due_at, situation.condition(case).limit, situation.tables.calendar)


def _hold_the_longest(until: datetime, situation: Situation) -> None:
    tables = situation.tables
    longest = due(situation.at, tables.timers["suspend_longest"], tables.calendar)
    _hold_between("until", until, situation.at, longest)


def _hold_between(field: str, value: datetime, after: datetime, until: datetime | None) -> None:
    if value.tzinfo is None:
        raise Refused("incidents.no_zone", field=field, value=value.isoformat())
    if value <= after or (until is not None and value > until):
        raise Refused(
            "incidents.out_of_bounds",
            field=field,
            value=to_text(value),
            after=to_text(after),
            until=to_text(until) if until else "-",
        )
