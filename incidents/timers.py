"""What is due on a case by itself, and when: a function of the case, which also tells what went off, so nothing does twice."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from incidents.clocks import due
from incidents.model import Case, RunningClock, Stage, State
from incidents.rulebook import Tables
from vocabulary.clock import to_text
from vocabulary.ids import CaseId


class TimerKind(StrEnum):
    """What goes off. A returned case (退回) waits on the clock of its dispatch stage, as a new one does."""

    WARN = "warn"  # most of a limit has passed
    OVERDUE = "overdue"  # a limit has passed
    RESUME = "resume"  # a hold ends
    CLOSE = "close"  # the grace after an all-clear ends
    ACKNOWLEDGE = "acknowledge"  # an alert should have been acknowledged
    ESCALATE = "escalate"  # an alert reaches more people
    UNATTENDED = "unattended"  # a quiet case was left lying


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One timer of one case; `part` says which of its kind: a stage, a department's stage, a step."""

    case_id: CaseId
    kind: TimerKind
    part: str
    due_at: datetime


def timer_name(kind: TimerKind, part: str, due_at: datetime) -> str:
    """Return the name by which a case remembers that a timer has gone off."""
    return f"{kind}:{part}:{to_text(due_at)}"


def part_of(stage: Stage, department: str | None) -> str:
    """Return the part a clock's timers stand for: the case's present stage, or a department's."""
    return f"{stage}:{department}" if department else stage.value


def clock_of(case: Case, part: str) -> tuple[RunningClock, str | None] | None:
    """Return the clock a part stands for and its department, None where it runs no more."""
    stage, _, department = part.partition(":")
    if not department:
        return (case.clock, None) if case.clock and case.clock.stage == stage else None
    tasks = (task for task in case.tasks if task.live and task.department == department)
    clock = next((task.clock for task in tasks), None)
    return (clock, department) if clock and clock.stage == stage else None


def timers_of(case: Case, tables: Tables) -> list[Timer]:
    """Return every timer that runs on a case; on hold (挂账) only its end is waited for."""
    if not case.open:
        return []
    if case.suspended_until is not None:
        return [_timer(case, TimerKind.RESUME, "", case.suspended_until)]
    return [*_clock_timers(case), *_alert_timers(case, tables), *_closing_timers(case)]


def _timer(case: Case, kind: TimerKind, part: str, due_at: datetime) -> Timer:
    return Timer(case_id=case.id, kind=kind, part=part, due_at=due_at)


def _clock_timers(case: Case) -> list[Timer]:
    clocks = [(case.clock, None)] if case.clock else []
    assists = [task for task in case.tasks if task.live and not task.lead]
    found: list[Timer] = []
    for clock, department in (*clocks, *((task.clock, task.department) for task in assists)):
        if clock is None:
            continue
        part = part_of(clock.stage, department)
        edges = ((TimerKind.WARN, clock.warn_at), (TimerKind.OVERDUE, clock.due_at))
        found += [_timer(case, kind, part, at) for kind, at in edges if at is not None]
    return [one for one in found if timer_name(one.kind, one.part, one.due_at) not in case.fired]


def _alert_timers(case: Case, tables: Tables) -> list[Timer]:
    alert = case.alert
    if alert is None:
        return _unattended(case, tables)
    if not alert.waiting:
        return []
    found = [_timer(case, TimerKind.ESCALATE, str(step.step), step.due_at) for step in alert.steps]
    if alert.ack_due_at is not None and not alert.missed:
        found.append(_timer(case, TimerKind.ACKNOWLEDGE, "", alert.ack_due_at))
    return found


def _unattended(case: Case, tables: Tables) -> list[Timer]:
    steps = tables.escalations[case.priority]
    if case.state is not State.NEW or not steps or steps[0].after is None:
        return []
    at = due(case.reported_at, steps[0].after, tables.calendar)
    return [_timer(case, TimerKind.UNATTENDED, "", at)]


def _closing_timers(case: Case) -> list[Timer]:
    if case.closing is None:
        return []
    return [_timer(case, TimerKind.CLOSE, "", case.closing.closes_at)]
