"""Which limit each stage has, by lane and priority, and the events by which a rule raises a priority."""

from collections.abc import Sequence
from dataclasses import replace

from incidents.clocks import Limit
from incidents.messages import PriorityChanged
from incidents.model import Case, Lane, Priority, RunningClock, Stage
from incidents.priority import Trigger, raised
from incidents.rulebook import Tables
from incidents.situation import Situation

Wish = tuple[Trigger, Priority | None]


def stage_limit(stage: Stage, lane: Lane, priority: Priority, tables: Tables) -> Limit | None:
    """Return a stage's limit; handling's belongs to the filing condition and is not asked for here."""
    row = tables.priorities[priority]
    if stage is Stage.VERIFY:
        return tables.timers[f"verify_{lane}"]
    if stage is Stage.CHECK:
        return tables.timers["check"]
    if stage is Stage.ACCEPT:
        return row.accept
    # An emergency is dispatched before it is filed (派遣先行): the first clock is already the dispatch's.
    if stage is Stage.DISPATCH or lane is Lane.EMERGENCY:
        return row.dispatch
    return row.file


def stage_clock(
    stage: Stage, case: Case, situation: Situation, priority: Priority | None = None
) -> RunningClock:
    """Return the clock of a stage that starts now."""
    limit = stage_limit(stage, case.lane, priority or case.priority, situation.tables)
    return situation.clock(stage, limit)


def moved_clock(
    case: Case, situation: Situation, *, lane: Lane | None = None, priority: Priority | None = None
) -> RunningClock | None:
    """Return the present clock by another lane's or priority's limit; None where it stays as it is."""
    clock = case.clock
    if clock is None or case.suspended or clock.stage in {Stage.HANDLE, Stage.CHECK}:
        return None
    limit = stage_limit(clock.stage, lane or case.lane, priority or case.priority, situation.tables)
    moved = situation.clock(clock.stage, limit, clock.started_at)
    if moved == clock or (case.extended_n and _later(moved, clock)):
        return None
    return moved


def _later(a: RunningClock, b: RunningClock) -> bool:
    return b.due_at is not None and (a.due_at is None or a.due_at > b.due_at)


def raising(case: Case, situation: Situation, wishes: Sequence[Wish]) -> list[PriorityChanged]:
    """Return the event by which each trigger raises the priority further, in order; a floor may come with one."""
    events = []
    for trigger, floor in wishes:
        found = raised(case.priority, trigger, situation.tables.raise_rules, floor)
        if found:
            clock = moved_clock(case, situation, priority=found.priority)
            events.append(
                PriorityChanged(
                    case_id=case.id,
                    priority=found.priority,
                    rule=found.rule.id,
                    reason=found.rule.zh,
                    clock=clock,
                )
            )
            case = replace(case, priority=found.priority, clock=clock or case.clock)
    return events
