"""What is sent and answered about handing a shift over."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from exchange.fields import Strict, text
from incidents.handover.messages import CountersignShift, SignShift, WithdrawShift
from incidents.handover.model import Why
from incidents.handover.rules import CASE_NOTE_LONGEST, MOST_ITEMS, NOTE_LONGEST
from incidents.model import Priority, Stage, State

CaseNotes = Annotated[
    dict[Annotated[str, text(40, 1)], Annotated[str, text(CASE_NOTE_LONGEST)]],
    Field(max_length=MOST_ITEMS),
]


class SignBody(Strict):
    """Sign as who goes: `note` for the whole shift, `notes` for single cases on the sheet, by their id."""

    seat: Annotated[str, text(40)] = ""
    note: Annotated[str, text(NOTE_LONGEST)] = ""
    notes: CaseNotes = Field(default_factory=dict)

    def wish(self) -> SignShift:
        """Return it in our own words."""
        return SignShift(seat=self.seat, note=self.note, notes=self.notes)


class CountersignBody(Strict):
    """Sign as who comes."""

    remarks: Annotated[str, text(NOTE_LONGEST)] = ""

    def wish(self, handover_id: str) -> CountersignShift:
        """Return it in our own words."""
        return CountersignShift(handover_id=handover_id, remarks=self.remarks)


class WithdrawBody(Strict):
    """Take one's signature back."""

    reason: Annotated[str, text(CASE_NOTE_LONGEST, 1)]

    def wish(self, handover_id: str) -> WithdrawShift:
        """Return it in our own words."""
        return WithdrawShift(handover_id=handover_id, reason=self.reason)


class HandoversQuery(Strict):
    """How many handovers are wanted."""

    limit: Annotated[int, Field(ge=1, le=200)] = 30


class SignatureView(BaseModel):
    """Who signed, and when."""

    id: str
    name: str
    at: str


class ItemView(BaseModel):
    """One open case as it stood when the sheet was taken."""

    case_id: str
    number: str
    priority: Priority
    category: str
    state: State
    where: str
    lead: str | None
    stage: Stage | None
    due_at: str | None
    resumes_at: str | None
    why: list[Why]
    note: str


class SheetView(BaseModel):
    """What stands open: counts without exercises, and the cases that matter most; `left_out` more are only counted."""

    taken_at: str
    open: int
    by_priority: dict[str, int]
    by_state: dict[str, int]
    by_why: dict[str, int]
    exercises: int
    items: list[ItemView]
    left_out: int


class HandoverView(BaseModel):
    """A handover: signed (waits for who comes), done, or withdrawn."""

    id: str
    version: int
    state: Literal["signed", "done", "withdrawn"]
    seat: str
    note: str
    outgoing: SignatureView
    incoming: SignatureView | None
    remarks: str
    withdrawn_at: str | None
    reason: str
    sheet: SheetView


class HandoverList(BaseModel):
    """Handovers without their cases."""

    items: list[HandoverView]


class HandoverChanged(BaseModel):
    """A handover was signed, countersigned or withdrawn."""

    handover: HandoverView
    seq: int
