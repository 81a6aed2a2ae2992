"""When each command may be given at all (domain.md C5): the states it starts from, and guards that need no arguments."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from incidents import commands as c
from incidents.command_table import COMMANDS, ROW_OF
from incidents.labels import STATES
from incidents.model import ENDED, Case, Lane, State
from incidents.situation import Situation
from incidents.task_checks import live_assists
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.message import Command

Guard = Callable[[Case, Situation], Refused | None]

ANY: Final = frozenset(State)
OPEN: Final = ANY - ENDED
UNFILED: Final = frozenset({State.NEW, State.VERIFYING})
AT_WORK: Final = frozenset({State.DISPATCHED, State.ACCEPTED, State.ON_SCENE, State.CONTROLLED})


@dataclass(frozen=True, slots=True)
class Gate:
    """States a command starts from, guards, and whether it may be given while the case is on hold (挂账)."""

    states: frozenset[State]
    guards: tuple[Guard, ...] = ()
    on_hold: bool = False


def _may_be_wrong(case: Case, situation: Situation) -> Refused | None:
    if situation.tables.code("source", case.source).verify:
        return None
    return Refused("incidents.source_is_sure", source=case.source)


def _emergency_or_filed(case: Case, situation: Situation) -> Refused | None:
    if case.state is not State.NEW or case.lane is Lane.EMERGENCY:
        return None
    return Refused("incidents.files_first", number=case.number)


def _somebody_assists(case: Case, situation: Situation) -> Refused | None:
    return None if live_assists(case) else Refused("incidents.nobody_assists", number=case.number)


def _closer_is_not_the_handler(case: Case, situation: Situation) -> Refused | None:
    actor = situation.actor
    if case.handled_by in {actor.id, f"dept:{actor.department}"}:
        return Refused("incidents.closer_handled", name=actor.name)
    if actor.department in case.returned_from:
        return Refused("incidents.closer_returned", department=actor.department)
    return None


def _within_the_reopen_window(case: Case, situation: Situation) -> Refused | None:
    if case.closed_at is None or not situation.passed("reopen_window", case.closed_at):
        return None
    days = round(situation.tables.timers["reopen_window"].value)
    return Refused("incidents.too_late_to_reopen", closed_at=to_text(case.closed_at), days=days)


def _may_be_suspended(case: Case, situation: Situation) -> Refused | None:
    most = situation.tables.quotas["suspensions"]
    if case.suspended_n < most:
        return None
    return Refused("incidents.suspended_before", n=case.suspended_n, most=most)


def _is_on_hold(case: Case, situation: Situation) -> Refused | None:
    return None if case.suspended else Refused("incidents.not_suspended", number=case.number)


def _may_be_extended(case: Case, situation: Situation) -> Refused | None:
    most = situation.tables.quotas["extensions"]
    if case.extended_n >= most:
        return Refused("incidents.extended_before", n=case.extended_n, most=most)
    if case.clock is None or case.clock.due_at is None:
        return Refused("incidents.no_deadline", state=case.state.value)
    if situation.at > case.clock.due_at:
        return Refused("incidents.expired", due_at=to_text(case.clock.due_at))
    return None


def _nothing_asked(case: Case, situation: Situation) -> Refused | None:
    wish = case.approval
    if wish is None:
        return None
    return Refused("incidents.asked_before", what=wish.what, at=to_text(wish.asked_at))


def _something_asked(case: Case, situation: Situation) -> Refused | None:
    return None if case.approval else Refused("incidents.nothing_to_approve", number=case.number)


def _ones_turn(case: Case, situation: Situation) -> Refused | None:
    wish, actor = case.approval, situation.actor
    if wish is None:
        return None
    if actor.kind != "person" or wish.steps[0] not in actor.roles:
        return Refused("incidents.not_your_turn", role=wish.steps[0], what=wish.what)
    if actor.id in wish.voices:
        return Refused("incidents.second_voice", name=actor.name)
    return None


def _not_acknowledged(case: Case, situation: Situation) -> Refused | None:
    alert = case.alert
    if alert is None:
        return Refused("incidents.nothing_to_acknowledge", number=case.number)
    if alert.acknowledged_at is None:
        return None
    by, at = alert.acknowledged_by, to_text(alert.acknowledged_at)
    return Refused("incidents.acknowledged_before", by=by, at=at)


def _emergency_lane(case: Case, situation: Situation) -> Refused | None:
    if case.lane is Lane.EMERGENCY:
        return None
    return Refused("incidents.two_sources_are_for_emergencies", number=case.number)


def _not_closing(case: Case, situation: Situation) -> Refused | None:
    if case.closing is None:
        return None
    return Refused("incidents.clear_before", closes_at=to_text(case.closing.closes_at))


def _closing(case: Case, situation: Situation) -> Refused | None:
    return None if case.closing else Refused("incidents.no_all_clear", number=case.number)


def _not_supervised(case: Case, situation: Situation) -> Refused | None:
    if not case.supervised:
        return None
    return Refused("incidents.no_change", field="supervised", value="true")


def _category_is_not_fixed(case: Case, situation: Situation) -> Refused | None:
    if case.filed_at is None or not situation.passed("correct_filed_category", case.filed_at):
        return None
    hours = round(situation.tables.timers["correct_filed_category"].value)
    return Refused("incidents.category_fixed", filed_at=to_text(case.filed_at), hours=hours)


def _states(*states: State) -> frozenset[State]:
    return frozenset(states)


S = State
GATES: Final[dict[type[Command], Gate]] = {
    c.RequestVerification: Gate(_states(S.NEW), (_may_be_wrong,)),
    c.File: Gate(UNFILED),
    c.Reject: Gate(UNFILED),
    c.Merge: Gate(OPEN, on_hold=True),
    c.Unmerge: Gate(_states(S.MERGED)),
    c.Dispatch: Gate(_states(S.NEW, S.FILED) | AT_WORK, (_emergency_or_filed,)),
    c.Accept: Gate(AT_WORK),
    c.Return: Gate(AT_WORK),
    c.Arrive: Gate(AT_WORK),
    c.Control: Gate(_states(S.ON_SCENE)),
    c.ClearAssist: Gate(AT_WORK, (_somebody_assists,)),
    c.ReleaseAssist: Gate(AT_WORK, (_somebody_assists,)),
    c.Resolve: Gate(_states(S.ON_SCENE, S.CONTROLLED)),
    c.AssignCheck: Gate(_states(S.RESOLVED)),
    c.PassCheck: Gate(_states(S.CHECKING), (_closer_is_not_the_handler,)),
    c.Close: Gate(_states(S.RESOLVED, S.CHECKING), (_closer_is_not_the_handler,)),
    c.OrderRework: Gate(_states(S.CHECKING)),
    c.Reopen: Gate(_states(S.CLOSED), (_within_the_reopen_window,)),
    c.Void: Gate(OPEN, on_hold=True),
    c.Suspend: Gate(OPEN, (_may_be_suspended, _nothing_asked)),
    c.Resume: Gate(OPEN, (_is_on_hold,), on_hold=True),
    c.Extend: Gate(OPEN, (_may_be_extended, _nothing_asked)),
    c.Approve: Gate(OPEN, (_something_asked, _ones_turn)),
    c.Refuse: Gate(OPEN, (_something_asked, _ones_turn)),
    c.Withdraw: Gate(OPEN, (_something_asked,)),
    c.Acknowledge: Gate(OPEN, (_not_acknowledged,), on_hold=True),
    c.GiveAllClear: Gate(
        _states(S.RESOLVED), (_emergency_lane, _not_closing, _closer_is_not_the_handler)
    ),
    c.KeepOpen: Gate(_states(S.RESOLVED), (_closing,)),
    c.Supervise: Gate(OPEN, (_not_supervised,), on_hold=True),
    c.ChangeLevel: Gate(OPEN, on_hold=True),
    c.ChangeLane: Gate(OPEN, on_hold=True),
    c.ChangePriority: Gate(OPEN, on_hold=True),
    c.CorrectCategory: Gate(OPEN, (_category_is_not_fixed,), on_hold=True),
    c.AddNote: Gate(ANY, on_hold=True),
}


def closed_gate(case: Case, command: type[Command], situation: Situation) -> Refused | None:
    """Return why a command may not be given now, None where it may (its arguments are another matter)."""
    gate = GATES[command]
    if case.state not in gate.states:
        return _wrong_state(case, command, gate)
    if case.suspended and not gate.on_hold and case.suspended_until:
        return Refused("incidents.on_hold", until=to_text(case.suspended_until))
    refusals = (guard(case, situation) for guard in gate.guards)
    return next((refused for refused in refusals if refused), None)


def _wrong_state(case: Case, command: type[Command], gate: Gate) -> Refused:
    row, label = ROW_OF[command], STATES[case.state]
    possible = [name for name, other in COMMANDS.items() if _starts_from(other.command, case.state)]
    return Refused(
        "incidents.wrong_state",
        number=case.number,
        command_zh=row.zh,
        command_en=row.en,
        state=case.state.value,
        state_zh=label.zh,
        state_en=label.en,
        needed=", ".join(state.value for state in State if state in gate.states),
        allowed=", ".join(possible),
    )


def _starts_from(command: type[Command], state: State) -> bool:
    gate = GATES.get(command)
    return gate is not None and state in gate.states
