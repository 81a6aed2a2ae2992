"""What takes a command back, where that is safe: the opposite command, as a new fact; nothing is ever erased.

Safe is what reached nobody outside the centre and took nothing from anybody: who was sent, what was closed, seen or said is
not taken back but answered by a step of its own (return, reopen, another note).
"""

from dataclasses import dataclass, field
from typing import Any

from incidents import commands as c
from incidents.model import Case
from vocabulary.message import Command


@dataclass(frozen=True, slots=True)
class Undoing:
    """The command by name that takes another back, its arguments, and whether it wants a reason beside them."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    reason: bool = False


def undoing(before: Case, command: Command, after: Case) -> Undoing | None:
    """Return what takes `command` back, given the case before and after it; None where that is not safe."""
    return _merging(before, command) or _wish(command, after) or _setting(before, command)


def _merging(before: Case, command: Command) -> Undoing | None:
    match command:
        case c.Merge():
            return Undoing("unmerge")
        case c.Unmerge() if before.merged_into:
            return Undoing("merge", {"master": before.merged_into})
        case _:
            return None


def _wish(command: Command, after: Case) -> Undoing | None:
    match command:
        case c.Suspend() | c.Extend() if after.approval:
            return Undoing("withdraw")
        case c.GiveAllClear() if after.closing:
            return Undoing("keep_open", reason=True)
        case _:
            return None


def _setting(before: Case, command: Command) -> Undoing | None:
    match command:
        case c.ChangePriority():
            return Undoing("change_priority", {"priority": before.priority.value}, reason=True)
        case c.ChangeLane():
            return Undoing("change_lane", {"lane": before.lane.value}, reason=True)
        case c.ChangeLevel():
            level = before.level.value if before.level else None
            return Undoing("change_level", {"level": level}, reason=True)
        case c.CorrectCategory():
            return Undoing("correct_category", _category(before), reason=True)
        case _:
            return None


def _category(before: Case) -> dict[str, Any]:
    condition = {"condition": before.filing_condition} if before.filing_condition else {}
    return {"category": before.category, **condition}
