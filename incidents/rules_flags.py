"""Rules of what combines with any state: the end of a hold (挂账), supervision (督办), level, priority and so on."""

from incidents.categories import Category, FilingCondition
from incidents.clocks import resume
from incidents.commands import (
    AddNote,
    ChangeLane,
    ChangeLevel,
    ChangePriority,
    CorrectCategory,
    Resume,
    Supervise,
)
from incidents.messages import (
    CaseResumed,
    CaseSupervised,
    CategoryCorrected,
    LaneChanged,
    LevelChanged,
    NoteAdded,
    PriorityChanged,
)
from incidents.model import Case, RunningClock, Stage
from incidents.priority import Trigger, more_urgent
from incidents.situation import Situation, fitting_text, needed_text
from incidents.stage_clocks import moved_clock, raising
from incidents.task_checks import live_tasks
from vocabulary.errors import Refused
from vocabulary.message import Event


def go_on(case: Case, command: Resume, situation: Situation) -> list[Event]:
    """End the hold; the clocks go on with what they had left."""
    since, until = case.suspended_at, case.suspended_until
    if case.clock is None or since is None or until is None:
        return [CaseResumed(case_id=case.id, clock=None)]
    at = min(situation.at, until)  # told late, a hold still ended when it was to end

    def going_on(clock: RunningClock) -> RunningClock:
        return resume(clock, since, at, situation.tables.calendar)

    tasks = {
        task.department: going_on(task.clock)
        for task in live_tasks(case).values()
        if task.clock is not None
    }
    return [CaseResumed(case_id=case.id, clock=going_on(case.clock), tasks=tasks)]


def supervise(case: Case, command: Supervise, situation: Situation) -> list[Event]:
    """Put under supervision, which makes the case at least P2."""
    reason = needed_text("reason", command.reason, situation)
    supervised = CaseSupervised(case_id=case.id, reason=reason, by_rule=None)
    return [supervised, *raising(case, situation, [(Trigger.SUPERVISED, None)])]


def change_level(case: Case, command: ChangeLevel, situation: Situation) -> list[Event]:
    """Set, raise, lower or end the level."""
    _hold_new("level", case.level, command.level)
    reason = fitting_text("reason", command.reason, situation)
    return [LevelChanged(case_id=case.id, level=command.level, reason=reason)]


def change_lane(case: Case, command: ChangeLane, situation: Situation) -> list[Event]:
    """Change between routine and emergency; the present clock follows."""
    _hold_new("lane", case.lane, command.lane)
    return [
        LaneChanged(
            case_id=case.id,
            lane=command.lane,
            reason=fitting_text("reason", command.reason, situation),
            clock=moved_clock(case, situation, lane=command.lane),
        )
    ]


def change_priority(case: Case, command: ChangePriority, situation: Situation) -> list[Event]:
    """Raise or lower; lowering needs a person and a reason, and only the system names a rule."""
    _hold_new("priority", case.priority, command.priority)
    person = situation.actor.kind == "person"
    if command.rule is not None and situation.actor.kind != "system":
        raise Refused("incidents.rule_is_the_systems", rule=command.rule)
    reason = fitting_text("reason", command.reason, situation)
    if more_urgent(case.priority, command.priority) and not (person and reason):
        raise Refused(
            "incidents.lowering", present=case.priority.value, wanted=command.priority.value
        )
    clock = moved_clock(case, situation, priority=command.priority)
    return [
        PriorityChanged(
            case_id=case.id,
            priority=command.priority,
            rule=command.rule,
            reason=reason,
            clock=clock,
        )
    ]


def correct_category(case: Case, command: CorrectCategory, situation: Situation) -> list[Event]:
    """Set the category right; the handling limit and, upwards only, the priority follow it."""
    category = situation.chosen_category(command.category)
    if category.full_code == case.category and command.condition in {None, case.filing_condition}:
        raise Refused("incidents.no_change", field="category", value=category.code)
    condition = category.filing_condition(command.condition)
    corrected = CategoryCorrected(
        case_id=case.id,
        category=category.full_code,
        reason=fitting_text("reason", command.reason, situation),
        condition=condition.code if case.filing_condition else None,
        clock=_handling_by(case, category, condition, situation),
    )
    wishes = [(Trigger.CATEGORY, category.default_priority)]
    return [corrected, *raising(case, situation, wishes)]


def _handling_by(
    case: Case, category: Category, condition: FilingCondition, situation: Situation
) -> RunningClock | None:
    if case.handling is None or case.extended_n or case.suspended:
        return None
    limit = condition.limit if case.controlled_at else condition.control or condition.limit
    return situation.clock(Stage.HANDLE, limit, case.handling.started_at)


def add_note(case: Case, command: AddNote, situation: Situation) -> list[Event]:
    """Write a fact down."""
    return [NoteAdded(case_id=case.id, text=needed_text("text", command.text, situation))]


def _hold_new(field: str, present: object, wanted: object) -> None:
    if present == wanted:
        raise Refused("incidents.no_change", field=field, value=wanted)
