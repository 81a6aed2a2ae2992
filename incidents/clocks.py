"""Limits and deadlines: four kinds of limit over a working calendar, pure; a clock is paused and resumed by what it had left."""

import math
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from incidents.model import LimitKind, RunningClock, Stage
from incidents.work_calendar import WorkCalendar

WORKING: Final = frozenset({LimitKind.WORK_HOURS, LimitKind.WORK_DAYS})
WARN_PERCENT: Final = 80
HOUR: Final = timedelta(hours=1)
UNITS: Final = {
    "s": (LimitKind.URGENT_HOURS, 1 / 3600),
    "min": (LimitKind.URGENT_HOURS, 1 / 60),
    "h": (LimitKind.URGENT_HOURS, 1.0),
    "紧急工作时": (LimitKind.URGENT_HOURS, 1.0),
    "工作时": (LimitKind.WORK_HOURS, 1.0),
    "工作日": (LimitKind.WORK_DAYS, 1.0),
    "自然日": (LimitKind.CALENDAR_DAYS, 1.0),
}
LIMIT_EXAMPLES: Final = "2 紧急工作时, 4 工作时, 5 工作日, 15 自然日"
_LIMIT: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(\S+)")


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take: `value` hours or days of a kind."""

    value: float
    kind: LimitKind

    def __post_init__(self) -> None:
        """Hold that the limit lets some time pass."""
        if not math.isfinite(self.value) or self.value <= 0:
            raise ValueError(f"a limit must be more than 0 and finite, not {self.value}")


def parse_limit(text: str) -> Limit:
    """Return the limit that `text` states, for example 2 紧急工作时; ValueError for anything else: it is never guessed."""
    match = _LIMIT.fullmatch(text.strip())
    if match is None or match[2] not in UNITS:
        raise ValueError(f"{text!r} is no limit; write {LIMIT_EXAMPLES}")
    kind, factor = UNITS[match[2]]
    return Limit(float(match[1]) * factor, kind)


def span(limit: Limit, calendar: WorkCalendar) -> timedelta:
    """Return how much time of its kind the limit is; a working day is as long as the county works on one."""
    if limit.kind is LimitKind.WORK_DAYS:
        return calendar.day_length * limit.value
    return (timedelta(days=1) if limit.kind is LimitKind.CALENDAR_DAYS else HOUR) * limit.value


def forward(start: datetime, by: timedelta, kind: LimitKind, calendar: WorkCalendar) -> datetime:
    """Return the instant when `by` of the time that counts has passed since `start`."""
    return calendar.add(start, by) if kind in WORKING else start + by


def due(started_at: datetime, limit: Limit, calendar: WorkCalendar) -> datetime:
    """Return when something that started then must be done."""
    return forward(started_at, span(limit, calendar), limit.kind, calendar)


def remaining(clock: RunningClock, at: datetime, calendar: WorkCalendar) -> timedelta | None:
    """Return the counted time left at `at`, negative when overdue, None where there is no limit."""
    if clock.due_at is None:
        return None
    if clock.kind not in WORKING:
        return clock.due_at - at
    if at <= clock.due_at:
        return calendar.between(at, clock.due_at)
    return -calendar.between(clock.due_at, at)


def start(
    stage: Stage,
    started_at: datetime,
    limit: Limit | None,
    calendar: WorkCalendar,
    warn_percent: int = WARN_PERCENT,
) -> RunningClock:
    """Return a clock that starts then and warns when so much of its limit has passed; no limit, no deadline."""
    if limit is None:
        return RunningClock(stage=stage, started_at=started_at, due_at=None)
    before_warning = span(limit, calendar) * warn_percent / 100
    return RunningClock(
        stage=stage,
        started_at=started_at,
        due_at=due(started_at, limit, calendar),
        kind=limit.kind,
        warn_at=forward(started_at, before_warning, limit.kind, calendar),
    )


def resume(
    clock: RunningClock, paused_at: datetime, at: datetime, calendar: WorkCalendar
) -> RunningClock:
    """Return the clock going on at `at` with what it had left when it was paused; one that was overdue stays so."""
    left = remaining(clock, paused_at, calendar)
    if left is None or left <= timedelta():
        return clock
    until_warning = remaining(replace(clock, due_at=clock.warn_at), paused_at, calendar)
    resumed = replace(clock, due_at=forward(at, left, clock.kind, calendar))
    if until_warning is None or until_warning <= timedelta():
        return resumed
    return replace(resumed, warn_at=forward(at, until_warning, clock.kind, calendar))


def extended(
    clock: RunningClock,
    until: datetime,
    calendar: WorkCalendar,
    warn_percent: int = WARN_PERCENT,
) -> RunningClock:
    """Return the clock with a later deadline; the warning moves by its share of what was added."""
    moved = replace(clock, due_at=until)
    if clock.due_at is None or clock.warn_at is None:
        return moved
    added = remaining(moved, clock.due_at, calendar) or timedelta()
    share = max(added, timedelta()) * warn_percent / 100
    return replace(moved, warn_at=forward(clock.warn_at, share, clock.kind, calendar))


def colour(clock: RunningClock, at: datetime) -> str:
    """Return how a running clock is shown: red from its deadline on, amber from its warning on, else green."""
    if clock.due_at is not None and at >= clock.due_at:
        return "red"
    return "amber" if clock.warn_at is not None and at >= clock.warn_at else "green"
