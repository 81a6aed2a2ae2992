"""Pure rules of plans: what a wish about a case's response becomes, and what the events make of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from dispatch.plans.messages import (
    PlanActivated,
    PlanLevelChanged,
    PlanStoodDown,
    TaskTicked,
)
from dispatch.plans.model import RISING, Plan, Response, Tick
from incidents.model import Case, Level
from vocabulary.errors import Refused
from vocabulary.message import Event

REASON_LONGEST: Final = 200


def activate(
    case: Case, response: Response | None, plan: Plan, level: Level, reason: str
) -> list[Event]:
    """Let a plan hold for a case; another one that holds must be stood down first."""
    if not case.open:
        raise Refused("dispatch.plan_case_over", number=case.number, state=case.state.value)
    if response and response.active:
        raise Refused("dispatch.plan_active", plan=response.plan_id, number=case.number)
    return [
        PlanActivated(
            case_id=case.id,
            plan_id=plan.id,
            plan_version=plan.version,
            level=level,
            reason=_fitting(reason),
            exercise=case.exercise,
            departments=plan.departments_at(level),
            notify=plan.notified_at(level),
        )
    ]


def change_level(response: Response | None, plan: Plan, level: Level, reason: str) -> list[Event]:
    """Raise or lower the level of the plan that holds; the same level again changes nothing."""
    held = need_active(response)
    before = held.level or RISING[0]
    if before is level:
        return []
    return [
        PlanLevelChanged(
            case_id=held.case_id,
            plan_id=held.plan_id,
            level=level,
            before=before,
            reason=_fitting(reason),
            exercise=held.exercise,
            departments=_added(plan.departments_at(before), plan.departments_at(level)),
            notify=_added(plan.notified_at(before), plan.notified_at(level)),
        )
    ]


def stand_down(response: Response | None, reason: str) -> list[Event]:
    """End the plan that holds."""
    held = need_active(response)
    return [
        PlanStoodDown(
            case_id=held.case_id,
            plan_id=held.plan_id,
            reason=_fitting(reason),
            exercise=held.exercise,
        )
    ]


def tick(response: Response | None, plan: Plan, wish: "TickWish") -> list[Event]:
    """Tick a line, or take the tick back; said twice it changes nothing."""
    held = need_active(response)
    known = [task.id for _, task in plan.tasks_at(held.level or RISING[0])]
    if wish.task not in known:
        raise Refused("dispatch.unknown_task", value=wish.task, known=", ".join(known))
    if wish.done == any(one.task == wish.task for one in held.ticks):
        return []
    return [
        TaskTicked(case_id=held.case_id, task=wish.task, done=wish.done, note=_fitting(wish.note))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TickWish:
    """Which line was done (or was not after all)."""

    task: str
    done: bool = True
    note: str = ""


def need_active(response: Response | None) -> Response:
    """Return the response, or refuse where no plan holds."""
    if response is None or not response.active:
        raise Refused("dispatch.no_plan_active")
    return response


def apply(
    response: Response | None, event: Event, *, version: int, at: datetime, by: str
) -> Response | None:
    """Return the response after one event of its stream."""
    match event:
        case PlanActivated():
            return Response(
                case_id=event.case_id,
                version=version,
                plan_id=event.plan_id,
                plan_version=event.plan_version,
                level=event.level,
                activated_at=at,
                activated_by=by,
                exercise=event.exercise,
                reached=_reached((), event.level, at),
            )
        case PlanLevelChanged() if response:
            reached = _reached(response.reached, event.level, at)
            return replace(response, version=version, level=event.level, reached=reached)
        case PlanStoodDown() if response:
            return replace(response, version=version, ended_at=at)
        case TaskTicked() if response:
            others = tuple(one for one in response.ticks if one.task != event.task)
            mine = (Tick(task=event.task, at=at, by=by, note=event.note),) if event.done else ()
            return replace(response, version=version, ticks=(*others, *mine))
        case _:
            return _passed(response, event, version)


def _passed(response: Response | None, event: Event, version: int) -> Response | None:
    """Count an event that changes nothing here: units sent, with or without a plan."""
    if response is not None:
        return replace(response, version=version)
    case_id = getattr(event, "case_id", None)
    return Response(case_id=case_id, version=version) if case_id else None


def _reached(
    before: tuple[tuple[Level, datetime], ...], level: Level, at: datetime
) -> tuple[tuple[Level, datetime], ...]:
    """Return when each level began to hold: whoever begins at Ⅱ begins Ⅳ and Ⅲ too."""
    known = {name for name, _ in before}
    rising = RISING[: RISING.index(level) + 1]
    return (*before, *((name, at) for name in rising if name not in known))


def _added(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in after if name not in before)


def _fitting(text: str) -> str:
    said = text.strip()
    if len(said) > REASON_LONGEST:
        raise Refused("dispatch.text_long", n=len(said), longest=REASON_LONGEST)
    return said
