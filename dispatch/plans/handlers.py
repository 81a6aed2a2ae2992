"""The effects of plans: versions kept, and a response that is activated, moved with its case's level, and stood down."""

from dataclasses import replace
from typing import Final

from dispatch.plans.model import Plan, Response
from dispatch.plans.rules import change_level, need_active, stand_down
from dispatch.plans.store import Plans
from incidents.messages import CaseClosed, CaseMerged, CaseRejected, CaseVoided, LevelChanged
from vocabulary.errors import Refused
from vocabulary.ids import CaseId
from vocabulary.message import SYSTEM, Actor, Event

CASE_OVER: Final = (CaseClosed, CaseMerged, CaseRejected, CaseVoided)
# Every event of a case that a response follows.
FOLLOWED: Final = (LevelChanged, *CASE_OVER)


def keep_plan(plans: Plans, plan: Plan, base: int, note: str, actor: Actor) -> Plan:
    """Keep a plan as its next version; refused where somebody else kept one since `base`, nothing where it is the same."""
    known = plans.plan(plan.id)
    present = known.version if known else 0
    if base != present:
        raise Refused("dispatch.plan_stale", plan=plan.id, current=present, expected=base)
    if known and replace(plan, version=known.version) == known:
        return known
    kept = replace(plan, version=present + 1)
    plans.keep_plan(kept, note, actor)
    return kept


def bring_plan(plans: Plans, plan: Plan) -> bool:
    """Keep a county's plan where none of its name is known; return whether it was."""
    if plans.plan(plan.id) is not None:
        return False
    plans.keep_plan(replace(plan, version=1), "", SYSTEM)
    return True


def plan_of(plans: Plans, response: Response | None) -> Plan:
    """Return the plan a response is under, at its version."""
    held = need_active(response)
    return known_plan(plans, held.plan_id, held.plan_version)


def known_plan(plans: Plans, plan_id: str, version: int | None = None) -> Plan:
    """Return a plan, or refuse with the name that is not known."""
    found = plans.plan(plan_id, version)
    if found is None:
        raise Refused("dispatch.unknown_plan", plan=plan_id)
    return found


def follow_case(plans: Plans, event: Event, cause_id: str) -> None:
    """Move a response with its case: a level set by hand is the plan's too, and a case that is over ends it."""
    case_id: CaseId | None = getattr(event, "case_id", None)
    response = plans.response(case_id) if case_id else None
    if case_id is None or response is None or not response.active:
        return
    events: list[Event] = []
    if isinstance(event, LevelChanged) and event.level is not None:
        events = change_level(response, plan_of(plans, response), event.level, event.reason)
    elif isinstance(event, LevelChanged | CaseClosed | CaseMerged | CaseRejected | CaseVoided):
        events = stand_down(
            response, "level_ended" if isinstance(event, LevelChanged) else "case_over"
        )
    plans.tell(case_id, events, SYSTEM, cause_id)
