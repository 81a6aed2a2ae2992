"""Pure rules of handing over: what a sheet holds, who may sign what, and what the events make of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from incidents.handover.messages import (
    CountersignShift,
    ShiftCountersigned,
    ShiftSigned,
    ShiftWithdrawn,
    SignShift,
    WithdrawShift,
)
from incidents.handover.model import Handover, Item, Sheet, Signature, Why
from incidents.model import Case, Priority
from incidents.rules_alerts import waiting_alert
from security.masking import mask_text
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.message import Actor, Event

SOON: Final = timedelta(hours=4)  # half a shift: what the incoming officer must turn to first
MOST_ITEMS: Final = 300
NOTE_LONGEST: Final = 2_000
CASE_NOTE_LONGEST: Final = 500
URGENT: Final = frozenset({Priority.P0, Priority.P1})
_ORDER: Final = {why: rank for rank, why in enumerate(Why)}
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def make_sheet(cases: Iterable[Case], at: datetime) -> Sheet:
    """Return the sheet of the open cases: what waits for somebody first, then by priority and time left."""
    real = [case for case in cases if case.open]
    exercises = sum(case.exercise for case in real)
    found = [_item(case, at) for case in real if not case.exercise]
    found.sort(key=_rank)
    return Sheet(
        taken_at=at,
        open=len(found),
        by_priority=dict(sorted(Counter(item.priority.value for item in found).items())),
        by_state=dict(sorted(Counter(item.state.value for item in found).items())),
        by_why=dict(Counter(why.value for item in found for why in item.why)),
        exercises=exercises,
        # Masked here alone: of ten thousand the sheet names three hundred.
        items=tuple(replace(item, where=mask_text(item.where)) for item in found[:MOST_ITEMS]),
        left_out=max(0, len(found) - MOST_ITEMS),
    )


def _item(case: Case, at: datetime) -> Item:
    due = case.clock.due_at if case.clock and not case.suspended else None
    town = "" if case.address.startswith(case.town) else case.town
    return Item(
        case_id=case.id,
        number=case.number,
        priority=case.priority,
        category=case.category,
        state=case.state,
        where=f"{town} {case.address}".strip(),
        lead=case.lead,
        stage=case.clock.stage if case.clock else None,
        due_at=due,
        resumes_at=case.suspended_until if case.suspended else None,
        why=_why(case, due, at),
    )


def _why(case: Case, due: datetime | None, at: datetime) -> tuple[Why, ...]:
    late = due is not None and due <= at
    holds = {
        Why.UNACKNOWLEDGED: waiting_alert(case) is not None,
        Why.OVERDUE: late,
        Why.DUE_SOON: due is not None and not late and due <= at + SOON,
        Why.URGENT: case.priority in URGENT,
        Why.APPROVAL: case.approval is not None,
        Why.ON_HOLD: case.suspended,
        Why.SUPERVISED: case.supervised,
        Why.CLOSING: case.closing is not None,
    }
    return tuple(why for why, so in holds.items() if so)


def _rank(item: Item) -> tuple[int, str, datetime, str]:
    first = min((_ORDER[why] for why in item.why), default=len(_ORDER))
    return first, item.priority.value, item.due_at or _NEVER, item.number


def decide_sign(
    command: SignShift,
    sheet: Sheet,
    standing: Iterable[Handover],
    *,
    handover_id: str,
    actor: Actor,
) -> list[Event]:
    """Return what signing makes happen; who has signed one that still waits signs no second."""
    _need_person(actor)
    for one in standing:
        if one.open and one.outgoing.id == actor.id:
            raise Refused("shift.signed_already", at=to_text(one.outgoing.at))
    _need_short("note", command.note, NOTE_LONGEST)
    noted = _with_notes(sheet, command.notes)
    return [
        ShiftSigned(
            handover_id=handover_id,
            seat=command.seat.strip(),
            note=mask_text(command.note.strip()),
            sheet=noted,
        )
    ]


def _with_notes(sheet: Sheet, notes: Mapping[str, str]) -> Sheet:
    there = {str(item.case_id) for item in sheet.items}
    for case_id, note in notes.items():
        if case_id not in there:
            raise Refused("shift.not_on_the_sheet", field="notes", value=case_id)
        _need_short(f"notes.{case_id}", note, CASE_NOTE_LONGEST)
    items = (
        replace(item, note=mask_text(notes.get(item.case_id, "").strip())) for item in sheet.items
    )
    return replace(sheet, items=tuple(items))


def decide_countersign(
    handover: Handover | None, command: CountersignShift, *, actor: Actor
) -> list[Event]:
    """Return what taking over makes happen; nobody hands over to themselves."""
    standing = _need_open(handover, command.handover_id)
    _need_person(actor)
    if standing.outgoing.id == actor.id:
        raise Refused("shift.own_sheet", who=actor.name)
    _need_short("remarks", command.remarks, NOTE_LONGEST)
    return [ShiftCountersigned(handover_id=standing.id, note=mask_text(command.remarks.strip()))]


def decide_withdraw(
    handover: Handover | None, command: WithdrawShift, *, actor: Actor
) -> list[Event]:
    """Return what taking a signature back makes happen."""
    standing = _need_open(handover, command.handover_id)
    if standing.outgoing.id != actor.id:
        raise Refused("shift.not_yours", who=standing.outgoing.name)
    if not command.reason.strip():
        raise Refused("shift.reason_needed", field="reason")
    _need_short("reason", command.reason, CASE_NOTE_LONGEST)
    return [ShiftWithdrawn(handover_id=standing.id, reason=mask_text(command.reason.strip()))]


def _need_person(actor: Actor) -> None:
    if actor.kind != "person":
        raise Refused("shift.person_signs")


def _need_short(field: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise Refused("shift.too_long", field=field, length=len(text), longest=longest)


def _need_open(handover: Handover | None, id: str) -> Handover:
    if handover is None:
        raise Refused("shift.unknown", value=id)
    if handover.incoming is not None:
        who, at = handover.incoming.name, to_text(handover.incoming.at)
        raise Refused("shift.countersigned", who=who, at=at)
    if handover.withdrawn_at is not None:
        who, at = handover.outgoing.name, to_text(handover.withdrawn_at)
        raise Refused("shift.withdrawn", who=who, at=at)
    return handover


def apply(
    handover: Handover | None, event: Event, *, version: int, at: datetime, by: Actor
) -> Handover | None:
    """Return the handover after one event of its stream."""
    signature = Signature(id=by.id, name=by.name, at=at)
    match event:
        case ShiftSigned():
            return Handover(
                id=event.handover_id,
                version=version,
                sheet=event.sheet,
                seat=event.seat,
                note=event.note,
                outgoing=signature,
            )
        case ShiftCountersigned() if handover is not None:
            return replace(handover, version=version, incoming=signature, remarks=event.note)
        case ShiftWithdrawn() if handover is not None:
            return replace(handover, version=version, withdrawn_at=at, reason=event.reason)
        case _:
            return handover
