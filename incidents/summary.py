"""A case as one row: what the list, the live feed and the queue show of it; and what one case shows more."""

from datetime import datetime
from typing import Any

from incidents.clocks import colour, remaining
from incidents.model import Alert, Approval, Case, RunningClock, State, Task
from incidents.rules_alerts import waiting_alert
from incidents.work_calendar import WorkCalendar
from vocabulary.clock import to_text


def case_row(case: Case) -> dict[str, Any]:
    """Return the JSON-ready row of a case. While it is on hold (挂账) nothing is due."""
    clock = None if case.suspended else case.clock
    return {
        "id": case.id,
        "number": case.number,
        "version": case.version,
        "state": case.state.value,
        "lane": case.lane.value,
        "priority": case.priority.value,
        "category": case.category,
        "text": case.text,
        **_where(case),
        "source": case.source,
        "reported_at": to_text(case.reported_at),
        "updated_at": to_text(case.updated_at),
        **_clock_cells(clock),
        "stage": case.clock.stage.value if case.clock else None,
        "lead": case.lead,
        "assists": [t.department for t in case.tasks if not t.lead and t.released_at is None],
        "tasks": [task_row(case, task) for task in case.tasks if task.released_at is None],
        "units": list(case.units),
        "supervised": case.supervised,
        "suspended": case.suspended,
        "paused": case.suspended,
        "collector": case.collector if case.state is State.VERIFYING else None,
        "resumes_at": _text(case.suspended_until) if case.suspended else None,
        "closes_at": to_text(case.closing.closes_at) if case.closing else None,
        "approval": _approval(case.approval) if case.approval else None,
        "alert": alert_row(alert) if (alert := waiting_alert(case)) else None,
        "rework_n": case.rework_n,
        "returned_n": case.returned_n,
        "extended_n": case.extended_n,
        "level": case.level.value if case.level else None,
        "exercise": case.exercise,
        "merged_into": case.merged_into,
        "reports": len(case.reports),
    }


def _where(case: Case) -> dict[str, Any]:
    place = {"lon": case.place.lon_deg, "lat": case.place.lat_deg}
    return {**place, "address": case.address, "town": case.town, "cell": case.cell}


def task_row(case: Case, task: Task) -> dict[str, Any]:
    """Return one department's part: how far it is, and its own clock (the lead's is the case's)."""
    clock = case.clock if task.lead else task.clock
    running = clock if clock and task.live and not case.suspended else None
    return {
        "department": task.department,
        "lead": task.lead,
        "offered_at": to_text(task.offered_at),
        "accepted_at": _text(task.accepted_at),
        "arrived_at": _text(task.arrived_at),
        "cleared_at": _text(task.cleared_at),
        "stage": running.stage.value if running else None,
        **_clock_cells(running),
    }


def alert_row(alert: Alert) -> dict[str, Any]:
    """Return an alert that waits: whom it has reached, and when it reaches more."""
    return {
        "priority": alert.priority.value,
        "offered_at": to_text(alert.offered_at),
        "ack_due_at": _text(alert.ack_due_at),
        "step": alert.step,
        "roles": list(alert.roles),
        "escalates_at": to_text(alert.steps[0].due_at) if alert.steps else None,
        "missed": alert.missed,
    }


def case_alert(case: Case) -> dict[str, Any] | None:
    """Return what calls people to a case: its alert, and enough of the case to say where to look."""
    alert = waiting_alert(case)
    if alert is None:
        return None
    return {
        **alert_row(alert),
        "id": case.id,
        "number": case.number,
        "state": case.state.value,
        "category": case.category,
        "town": case.town,
        "lon": case.place.lon_deg,
        "lat": case.place.lat_deg,
        "exercise": case.exercise,
    }


def clock_view(case: Case, at: datetime, calendar: WorkCalendar) -> dict[str, Any] | None:
    """Return the case's clock as it stands at an instant: `remaining_s` of the time that counts, negative when overdue."""
    clock = case.clock
    if clock is None:
        return None
    since = case.suspended_at if case.suspended and case.suspended_at else at
    left = remaining(clock, since, calendar)
    return {
        "stage": clock.stage.value,
        **_clock_cells(clock),
        "paused": case.suspended,
        "remaining_s": None if left is None else round(left.total_seconds()),
        "colour": colour(clock, since),
        "at": to_text(at),
    }


def parts_view(case: Case) -> list[dict[str, Any]]:
    """Return every department's part, those released included, with what it reported back."""
    return [
        {**task_row(case, task), "released_at": _text(task.released_at), "note": task.note}
        for task in case.tasks
    ]


def approval_view(case: Case) -> dict[str, Any] | None:
    """Return what waits for approval, with its reason."""
    wish = case.approval
    return None if wish is None else {**_approval(wish), "reason": wish.reason}


def _approval(wish: Approval) -> dict[str, Any]:
    return {
        "what": wish.what.value,
        "until": to_text(wish.until),
        "role": wish.steps[0] if wish.steps else None,
        "left": len(wish.steps),
        "asked_at": to_text(wish.asked_at),
    }


def _clock_cells(clock: RunningClock | None) -> dict[str, Any]:
    return {
        "started_at": to_text(clock.started_at) if clock else None,
        "warn_at": _text(clock.warn_at) if clock else None,
        "due_at": _text(clock.due_at) if clock else None,
        "limit_kind": clock.kind.value if clock and clock.due_at else None,
    }


def _text(instant: datetime | None) -> str | None:
    return to_text(instant) if instant else None
