"""How a wish for a hold or more time goes through its approval."""

from dataclasses import replace
from datetime import datetime

from incidents import messages as m
from incidents.model import Approval, Case


def requested(case: Case, event: m.ApprovalRequested, at: datetime) -> Case:
    """Somebody asks."""
    wish = Approval(
        what=event.what,
        until=event.until,
        reason=event.reason,
        stage=event.stage,
        asked_at=at,
        steps=event.steps,
        voices=(event.asked_by,),
    )
    return replace(case, approval=wish)


def given(case: Case, event: m.ApprovalGiven, at: datetime) -> Case:
    """One voice for it; after the last the wish is no more."""
    wish = case.approval
    if wish is None or len(wish.steps) < 2:
        return replace(case, approval=None)
    voices = (*wish.voices, event.given_by)
    return replace(case, approval=replace(wish, steps=wish.steps[1:], voices=voices))


def ended(case: Case, event: m.ApprovalRefused | m.ApprovalWithdrawn, at: datetime) -> Case:
    """Refused or withdrawn."""
    return replace(case, approval=None)
