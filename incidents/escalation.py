"""Who must hear what nobody acknowledged, and who must grant what somebody asks for (domain.md C5, D2): two tables as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from incidents.clocks import Limit, parse_limit
from incidents.model import ApprovalKind, Priority
from incidents.table_files import Row, rows
from security.policy import ROLES

ESCALATION_COLUMNS: Final = ("priority", "step", "after", "roles", "zh", "source")
APPROVAL_COLUMNS: Final = ("what", "step", "role", "zh", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationStep:
    """Whom an alert of a priority reaches `after` it was offered; step 0, without a time, hears it at once.

    A priority without a step 0 is quiet: nobody is called until it has been left lying.
    """

    priority: Priority
    step: int
    after: Limit | None
    roles: tuple[str, ...]


Escalations = Mapping[Priority, tuple[EscalationStep, ...]]
Approvals = Mapping[ApprovalKind, tuple[str, ...]]


def parse_escalations(text: str) -> Escalations:
    """Return the rows of `escalations.csv` by priority, in the order of their steps."""
    found: dict[Priority, list[EscalationStep]] = {priority: [] for priority in Priority}
    for row in rows("escalations.csv", text, ESCALATION_COLUMNS):
        step = _step(row)
        before = found[step.priority]
        if step.step not in ({before[-1].step + 1} if before else {0, 1}):
            raise row.refused("step", "0 (at once) or 1 first, then one by one")
        before.append(step)
    return {priority: tuple(steps) for priority, steps in found.items()}


def _step(row: Row) -> EscalationStep:
    step = row.read("step", int, "0")
    if step == 0 and row.cells["after"]:
        raise row.refused("after", "empty: step 0 hears it at once")
    return EscalationStep(
        priority=Priority(row.one_of("priority", list(Priority))),
        step=step,
        after=row.read("after", parse_limit, "30 s") if step else None,
        roles=row.read("roles", _roles, "dispatcher supervisor"),
    )


def parse_approvals(text: str) -> Approvals:
    """Return the rows of `approvals.csv`: for each kind the roles that must grant it, in order."""
    found: dict[ApprovalKind, list[str]] = {kind: [] for kind in ApprovalKind}
    for row in rows("approvals.csv", text, APPROVAL_COLUMNS):
        steps = found[ApprovalKind(row.one_of("what", list(ApprovalKind)))]
        if row.read("step", int, "1") != len(steps) + 1:
            raise row.refused("step", str(len(steps) + 1))
        steps.append(row.one_of("role", tuple(ROLES)))
    return {kind: tuple(steps) for kind, steps in found.items()}


def _roles(text: str) -> tuple[str, ...]:
    roles = tuple(text.split())
    if not roles or set(roles) - set(ROLES):
        raise ValueError(text)
    return roles
