"""How the case changes at its end, and when it lives again."""

from dataclasses import replace
from datetime import datetime

from incidents import messages as m
from incidents.fold_parts import again, ended
from incidents.model import Case, Closing, State


def checking(case: Case, event: m.CheckAssigned, at: datetime) -> Case:
    """Somebody checks."""
    return replace(case, state=State.CHECKING, checker=event.checker, clock=event.clock)


def closed(case: Case, event: m.CaseClosed, at: datetime) -> Case:
    """Closed."""
    return replace(ended(case, State.CLOSED), closed_at=at, disposition=event.disposition)


def reworked(case: Case, event: m.ReworkOrdered, at: datetime) -> Case:
    """Once more, by the first deadline."""
    return replace(again(case, case.lead, event.clock, at), rework_n=case.rework_n + 1)


def reopened(case: Case, event: m.CaseReopened, at: datetime) -> Case:
    """A new episode."""
    alive = again(case, event.lead or case.lead, event.clock, at)
    return replace(
        alive,
        episode=case.episode + 1,
        handling=event.clock,
        closed_at=None,
        disposition=None,
        arrived_at=None,
        controlled_at=None,
    )


def all_clear(case: Case, event: m.AllClearGiven, at: datetime) -> Case:
    """It closes by itself, after a grace."""
    closing = Closing(
        closes_at=event.closes_at,
        disposition=event.disposition,
        note=event.note,
        conditions=event.conditions,
        evidence=event.evidence,
    )
    return replace(case, closing=closing)


def kept_open(case: Case, event: m.ClosingCancelled, at: datetime) -> Case:
    """It does not."""
    return replace(case, closing=None)


def voided(case: Case, event: m.CaseVoided, at: datetime) -> Case:
    """Struck out."""
    return ended(case, State.VOID)
