"""Which department may do which step of a case: its own only, and the centre for any of them (by radio)."""

from collections.abc import Callable
from typing import Final

from incidents.commands import Accept, Arrive, ClearAssist, Control, Resolve, Return
from incidents.model import Case, Task
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.message import Actor, Command

TaskCheck = Callable[[Case, Task], Refused | None]


def live_tasks(case: Case) -> dict[str, Task]:
    """Return the tasks that still run, by department, the lead's first."""
    tasks = sorted(case.tasks, key=lambda task: not task.lead)
    return {task.department: task for task in tasks if task.live}


def live_assists(case: Case) -> list[str]:
    """Return the departments that still assist."""
    return [task.department for task in live_tasks(case).values() if not task.lead]


def _not_accepted(case: Case, task: Task) -> Refused | None:
    if task.accepted_at is None:
        return None
    at = to_text(task.accepted_at)
    return Refused("incidents.accepted_before", department=task.department, at=at)


def _not_arrived(case: Case, task: Task) -> Refused | None:
    if task.arrived_at is None:
        return None
    at = to_text(task.arrived_at)
    return Refused("incidents.arrived_before", department=task.department, at=at)


def _leads(case: Case, task: Task) -> Refused | None:
    if task.lead:
        return None
    return Refused("incidents.not_the_lead", department=task.department, lead=case.lead)


def _assists(case: Case, task: Task) -> Refused | None:
    return Refused("incidents.leads", department=task.department) if task.lead else None


def _leads_and_nobody_assists(case: Case, task: Task) -> Refused | None:
    waiting = live_assists(case)
    if task.lead and waiting:
        return Refused("incidents.assists_pending", departments=", ".join(waiting))
    return _leads(case, task)


TASK_CHECKS: Final[dict[type[Command], TaskCheck]] = {
    Accept: _not_accepted,
    Return: _not_accepted,
    Arrive: _not_arrived,
    Control: _leads,
    ClearAssist: _assists,
    Resolve: _leads_and_nobody_assists,
}


def willing_departments(case: Case, command: type[Command], actor: Actor) -> list[str]:
    """Return the departments for which `actor` could do this step now; the lead first."""
    check = TASK_CHECKS[command]
    own = actor.department
    return [
        department
        for department, task in live_tasks(case).items()
        if own in {None, department} and check(case, task) is None
    ]


def acting_department(case: Case, command: type[Command], wanted: str | None, actor: Actor) -> str:
    """Return the department that does this step: as named, the actor's own, or the first that can; refused where it may not."""
    own = actor.department
    if own and wanted and own != wanted:
        raise Refused("incidents.other_department", own=own, department=wanted)
    chosen = wanted or own or next(iter(willing_departments(case, command, actor)), case.lead)
    task = live_tasks(case).get(chosen or "")
    if task is None:
        involved = ", ".join(live_tasks(case)) or "-"
        raise Refused("incidents.not_its_task", department=chosen or "-", involved=involved)
    if refused := TASK_CHECKS[command](case, task):
        raise refused
    return task.department
