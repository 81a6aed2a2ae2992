"""The effects of warnings: a message is taken, once however often it comes, and time ends what is due."""

from dataclasses import dataclass
from datetime import datetime

from incidents.warnings.model import HazardWarning, Reach, WarningMessage
from incidents.warnings.rules import decide_expiry, decide_take
from incidents.warnings.store import Warnings
from vocabulary.message import SYSTEM, Actor


@dataclass(frozen=True, slots=True)
class Taken:
    """A message as it is kept, and the number of the last event it made; no number where it was known already."""

    warning: HazardWarning
    seq: int | None


def take(
    warnings: Warnings, message: WarningMessage, reach: Reach, *, actor: Actor, at: datetime
) -> Taken:
    """Keep a message and end what it ends."""
    known = warnings.around(message)
    versions = {one.id: one.version for one in known}
    seq = None
    for identifier, events in decide_take(message, reach, known, at).items():
        recorded = warnings.append(identifier, versions.get(identifier, 0), events, actor)
        seq = recorded[-1].seq
    kept = warnings.load(message.identifier)
    assert kept is not None  # noqa: S101 - its events were kept a moment ago
    return Taken(kept, seq)


def expire_due(warnings: Warnings, at: datetime) -> int:
    """Tell of every warning whose time is up; return how many."""
    due = warnings.due(at)
    for warning in due:
        warnings.append(warning.id, warning.version, decide_expiry(warning, at), SYSTEM)
    return len(due)
