"""Plans and responses as the API tells them."""

from datetime import datetime, timedelta
from typing import Any

from dispatch.plans.model import RISING, Plan, Response, Task
from incidents.model import Case, Level
from runtime.recommendation_view import need_view
from vocabulary.clock import to_text

Json = dict[str, Any]


def plan_view(plan: Plan) -> Json:
    """Return a plan whole, in the shape in which the editor sends it back."""
    return {
        "id": plan.id,
        "version": plan.version,
        "name_zh": plan.name_zh,
        "name_en": plan.name_en,
        "categories": list(plan.categories),
        "levels": {
            one.level.value: {
                "area_m": one.area_m,
                "departments": list(one.departments),
                "notify": list(one.notify),
                "needs": [need_view(need) for need in one.needs],
                "checklist": [_task(task) for task in one.tasks],
            }
            for one in plan.levels
        },
    }


def _task(task: Task) -> Json:
    return {
        "id": task.id,
        "zh": task.zh,
        "en": task.en,
        "department": task.department,
        "within_min": task.within_min,
    }


def response_view(case: Case, response: Response | None, plan: Plan | None, now: datetime) -> Json:
    """Return how a case stands under its plan: level, checklist with who ticked what when, departments not yet called."""
    told: Json = {"case_id": case.id, "exercise": case.exercise, "active": None}
    if response is None or plan is None:
        return told
    level = response.level or RISING[0]
    there = {task.department for task in case.tasks if task.released_at is None}
    departments = plan.departments_at(level)
    told["active"] = {
        "plan": plan.id,
        "version": plan.version,
        "name_zh": plan.name_zh,
        "name_en": plan.name_en,
        "level": level.value,
        "levels": [one.level.value for one in plan.levels],
        "since": to_text(response.activated_at) if response.activated_at else None,
        "by": response.activated_by,
        "exercise": response.exercise,
        "area_m": plan.area_at(level),
        "departments": list(departments),
        "not_called": [name for name in departments if name not in there],
        "notify": list(plan.notified_at(level)),
        "needs": [need_view(need) for need in plan.needs_at(level)],
        "tasks": [_line(of, task, response, now) for of, task in plan.tasks_at(level)],
    }
    return told


def _line(of: Level, task: Task, response: Response, now: datetime) -> Json:
    tick = next((one for one in response.ticks if one.task == task.id), None)
    begun = dict(response.reached).get(of)
    due = begun + timedelta(minutes=task.within_min) if begun and task.within_min else None
    return {
        **_task(task),
        "level": of.value,
        "done_at": to_text(tick.at) if tick else None,
        "done_by": tick.by if tick else "",
        "note": tick.note if tick else "",
        "due_at": to_text(due) if due else None,
        "late": bool(due and (tick.at if tick else now) > due),
    }
