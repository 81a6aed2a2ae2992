"""What is asked and told when a shift is handed over (交接班)."""

from dataclasses import dataclass, field
from typing import Literal

from incidents.handover.model import Sheet
from vocabulary.message import Command, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SignShift(Command):
    """Sign the sheet of what stands open, as who goes; `notes` say more of single cases, by their id."""

    kind: Literal["incidents.sign_shift.v1"] = "incidents.sign_shift.v1"
    seat: str = ""
    note: str = ""
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountersignShift(Command):
    """Take the shift over, as who comes."""

    kind: Literal["incidents.countersign_shift.v1"] = "incidents.countersign_shift.v1"
    handover_id: str
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawShift(Command):
    """Take one's own signature back while nobody has countersigned."""

    kind: Literal["incidents.withdraw_shift.v1"] = "incidents.withdraw_shift.v1"
    handover_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftSigned(Event):
    """The outgoing officer signed the sheet of what stands open."""

    kind: Literal["incidents.shift_signed.v1"] = "incidents.shift_signed.v1"
    handover_id: str
    seat: str
    note: str
    sheet: Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftCountersigned(Event):
    """The incoming officer signed too: the shift is theirs."""

    kind: Literal["incidents.shift_countersigned.v1"] = "incidents.shift_countersigned.v1"
    handover_id: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftWithdrawn(Event):
    """The outgoing officer took the signature back."""

    kind: Literal["incidents.shift_withdrawn.v1"] = "incidents.shift_withdrawn.v1"
    handover_id: str
    reason: str
