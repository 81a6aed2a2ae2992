"""Decide and apply: what a command makes of a case, as events, and what events make of it; pure."""

from collections.abc import Callable, Set
from datetime import datetime
from typing import Any, Final

from incidents import commands as c
from incidents import rules_alerts as alerts
from incidents import rules_approval as approval
from incidents import rules_closing as closing
from incidents import rules_filing as filing
from incidents import rules_flags as flags
from incidents import rules_handling as handling
from incidents import rules_merging as merging
from incidents.command_table import COMMANDS, ROW_OF, permissions_needed
from incidents.fold import apply
from incidents.gates import closed_gate
from incidents.model import Case
from incidents.rulebook import Tables, shipped_tables
from incidents.rules_filing import Opening
from incidents.situation import Situation
from incidents.task_checks import willing_departments
from vocabulary.message import Actor, Command, Event

__all__ = ["Opening", "allowed", "apply", "decide", "decide_merge"]

Decider = Callable[[Case, Any, Situation], list[Event]]

DECIDERS: Final[dict[type[Command], Decider]] = {
    c.RequestVerification: filing.request_verification,
    c.File: filing.file,
    c.Reject: filing.reject,
    c.Dispatch: filing.dispatch,
    c.Accept: handling.accept,
    c.Return: handling.give_back,
    c.Arrive: handling.arrive,
    c.Control: handling.control,
    c.ClearAssist: handling.clear_assist,
    c.ReleaseAssist: handling.release_assist,
    c.Resolve: handling.resolve,
    c.AssignCheck: closing.assign_check,
    c.PassCheck: closing.pass_check,
    c.Close: closing.close,
    c.OrderRework: closing.order_rework,
    c.Reopen: closing.reopen,
    c.Void: closing.void,
    c.Suspend: approval.suspend,
    c.Resume: flags.go_on,
    c.Extend: approval.extend,
    c.Approve: approval.approve,
    c.Refuse: approval.refuse,
    c.Withdraw: approval.withdraw,
    c.Acknowledge: alerts.acknowledge,
    c.GiveAllClear: closing.give_all_clear,
    c.KeepOpen: closing.keep_open,
    c.Supervise: flags.supervise,
    c.ChangeLevel: flags.change_level,
    c.ChangeLane: flags.change_lane,
    c.ChangePriority: flags.change_priority,
    c.CorrectCategory: flags.correct_category,
    c.AddNote: flags.add_note,
}


def decide(
    case: Case | None,
    command: Command,
    *,
    at: datetime,
    actor: Actor,
    tables: Tables,
    opening: Opening | None = None,
) -> list[Event]:
    """Return the events that `command` makes; Refused where it may not be. A report needs an `opening`, no case."""
    situation = Situation(at=at, actor=actor, tables=tables)
    if isinstance(command, c.ReceiveReport):
        if case is not None or opening is None:
            raise ValueError("a report opens a case: give an opening, and no case")
        return filing.receive(command, opening, situation)
    if case is None:
        raise ValueError(f"{type(command).__name__} needs a case")
    if refused := closed_gate(case, type(command), situation):
        raise refused
    return DECIDERS[type(command)](case, command, situation)


def decide_merge(
    case: Case,
    master: Case,
    command: c.Merge | c.Unmerge,
    *,
    at: datetime,
    actor: Actor,
    tables: Tables,
) -> tuple[list[Event], list[Event]]:
    """Return the events for the case and those for its master."""
    situation = Situation(at=at, actor=actor, tables=tables)
    if refused := closed_gate(case, type(command), situation):
        raise refused
    if isinstance(command, c.Merge):
        return merging.merge(case, master, command, situation)
    return merging.unmerge(case, master, command, situation)


def allowed(
    case: Case,
    permissions: Set[str],
    department: str | None,
    *,
    at: datetime | None = None,
    tables: Tables | None = None,
    actor_id: str = "",
    roles: frozenset[str] = frozenset(),
) -> list[str]:
    """Return the commands that somebody so permitted could give now, by name and in the table's order.

    `at` (default: the case's last change), `actor_id` and `roles` sharpen it: windows may be over, a handler may not
    close, an approval is one role's turn.
    """
    actor = Actor(id=actor_id, name=actor_id, kind="person", department=department, roles=roles)
    situation = Situation(at=at or case.updated_at, actor=actor, tables=tables or shipped_tables())
    return [
        name
        for name, row in COMMANDS.items()
        if row.command is not c.ReceiveReport
        and permissions_needed(row, department) <= permissions
        and _could(case, row.command, situation)
    ]


def _could(case: Case, command: type[Command], situation: Situation) -> bool:
    if closed_gate(case, command, situation):
        return False
    if ROW_OF[command].departmental:
        return bool(willing_departments(case, command, situation.actor))
    return True
