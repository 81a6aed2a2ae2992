"""Who may hear what, as pure functions: how far an audience sees, and in which words it is told."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from incidents.model import Case
from incidents.rules_alerts import waiting_alert
from security.masking import mask_text
from security.policy import ROLES
from security.principal import Principal


class Words(StrEnum):
    """How much of what people wrote is told."""

    FULL = "full"
    MASKED = "masked"
    WALL = "wall"


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who hear the very same bytes: all of the county's cases, or those of one department.

    `hears` are the roles by which alerts reach them.
    """

    words: Words
    department: str | None = None
    hears: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Return full, masked, wall or department:<id>."""
        return f"department:{self.department}" if self.department else self.words.value


CALLED: Final = frozenset(role.id for role in ROLES.values() if "live.listen" in role.permissions)
FULL: Final = Audience(Words.FULL, hears=CALLED)
MASKED: Final = Audience(Words.MASKED)
WALL: Final = Audience(Words.WALL)


def of_department(department: str) -> Audience:
    """Return the audience of one department's people."""
    return Audience(Words.MASKED, department)


def hears_shifts(audience: Audience) -> bool:
    """Say whether the audience hands shifts over: the centre's people do, no department and no wall."""
    return audience.department is None and audience.words is not Words.WALL


def called(audience: Audience, roles: Iterable[str]) -> Audience:
    """Return the audience as those of some roles: alerts reach them by these."""
    return replace(audience, hears=CALLED.intersection(roles))


def audience_of(principal: Principal) -> Audience:
    """Return the audience a principal belongs to; the narrowest that fits wins.

    People hear masked words whatever they hold: every look at a caller's number is asked for and audited, one by one.
    """
    actor = principal.actor
    if actor.kind == "system":
        return FULL
    if not principal.may("case.read"):
        return called(WALL, actor.roles)
    if actor.department is not None:
        return called(of_department(actor.department), actor.roles)
    return called(MASKED, actor.roles)


def departments_of(case: Case) -> frozenset[str]:
    """Return the departments that have a task in the case now."""
    return frozenset(task.department for task in case.tasks if task.released_at is None)


def may_see(audience: Audience, case: Case) -> bool:
    """Say whether a case is within the audience's sight."""
    return audience.department is None or audience.department in departments_of(case)


def hears_alert(audience: Audience, case: Case) -> bool:
    """Say whether a case's alert has reached the audience and still waits."""
    alert = waiting_alert(case)
    reached = alert is not None and not audience.hears.isdisjoint(alert.roles)
    return reached and may_see(audience, case)


def redact(audience: Audience, row: dict[str, Any]) -> dict[str, Any]:
    """Return a case's row in the audience's words; the keys stay the same."""
    match audience.words:
        case Words.FULL:
            return row
        case Words.MASKED:
            return {**row, "text": mask_text(row["text"]), "address": mask_text(row["address"])}
        case Words.WALL:
            return {**row, "text": "", "address": ""}


def redact_news(audience: Audience, entry: dict[str, Any]) -> dict[str, Any]:
    """Return a news entry in the audience's words: a wall names no person."""
    return {**entry, "by": ""} if audience.words is Words.WALL else entry


def redact_warning(audience: Audience, row: dict[str, Any]) -> dict[str, Any]:
    """Return a warning's row in the audience's words: it is public, but for whom it came through here."""
    if audience.words is not Words.WALL:
        return row
    sender = "" if row["source"] == "hand" else row["sender"]
    return {**row, "kept_by": "", "sender": sender}


def redact_closure(audience: Audience, row: dict[str, Any]) -> dict[str, Any]:
    """Return a closure's row in the audience's words: a wall names no person and shows nothing anybody typed."""
    match audience.words:
        case Words.FULL:
            return row
        case Words.MASKED:
            return {**row, "note": mask_text(row["note"])}
        case Words.WALL:
            return {**row, "note": "", "closed_by": "", "ended_by": ""}
