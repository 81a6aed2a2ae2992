"""What is asked and told of warnings (预警)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from incidents.warnings.model import Colour, Ending, Reach, Status, WarningMessage
from vocabulary.message import Command, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeWarning(Command):
    """Take a message as its issuer sent it."""

    kind: Literal["incidents.take_warning.v1"] = "incidents.take_warning.v1"
    message: WarningMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueWarning(Command):
    """Enter a warning by hand; no town stands for the whole county."""

    kind: Literal["incidents.issue_warning.v1"] = "incidents.issue_warning.v1"
    hazard: str
    colour: Colour
    expires_at: datetime
    effective_at: datetime | None = None
    headline: str = ""
    description: str = ""
    instruction: str = ""
    towns: tuple[str, ...] = ()
    status: Status = Status.ACTUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelWarning(Command):
    """Call a warning off by hand."""

    kind: Literal["incidents.cancel_warning.v1"] = "incidents.cancel_warning.v1"
    identifier: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningReceived(Event):
    """A warning, its update or its cancellation was received; `reach` is where it holds in this county."""

    kind: Literal["incidents.warning_received.v1"] = "incidents.warning_received.v1"
    message: WarningMessage
    reach: Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningEnded(Event):
    """A warning was updated or cancelled by another message; told again where an earlier one comes to be known."""

    kind: Literal["incidents.warning_ended.v1"] = "incidents.warning_ended.v1"
    identifier: str
    ending: Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningExpired(Event):
    """A warning's time is up."""

    kind: Literal["incidents.warning_expired.v1"] = "incidents.warning_expired.v1"
    identifier: str
