"""A shift's sheet and its signatures as the API and the papers show them: JSON-ready."""

from datetime import datetime
from typing import Any

from incidents.handover.model import Handover, Item, Sheet, Signature
from vocabulary.clock import to_text


def handover_row(handover: Handover, *, items: bool = True) -> dict[str, Any]:
    """Return a handover; lists leave the cases out."""
    return {
        "id": handover.id,
        "version": handover.version,
        "state": _state(handover),
        "seat": handover.seat,
        "note": handover.note,
        "outgoing": _signature(handover.outgoing),
        "incoming": _signature(handover.incoming),
        "remarks": handover.remarks,
        "withdrawn_at": _text(handover.withdrawn_at),
        "reason": handover.reason,
        "sheet": sheet_row(handover.sheet, items=items),
    }


def sheet_row(sheet: Sheet, *, items: bool = True) -> dict[str, Any]:
    """Return a sheet."""
    return {
        "taken_at": to_text(sheet.taken_at),
        "open": sheet.open,
        "by_priority": sheet.by_priority,
        "by_state": sheet.by_state,
        "by_why": sheet.by_why,
        "exercises": sheet.exercises,
        "items": [_item(item) for item in sheet.items] if items else [],
        "left_out": sheet.left_out,
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "case_id": item.case_id,
        "number": item.number,
        "priority": item.priority.value,
        "category": item.category,
        "state": item.state.value,
        "where": item.where,
        "lead": item.lead,
        "stage": item.stage.value if item.stage else None,
        "due_at": _text(item.due_at),
        "resumes_at": _text(item.resumes_at),
        "why": [why.value for why in item.why],
        "note": item.note,
    }


def _signature(signature: Signature | None) -> dict[str, Any] | None:
    if signature is None:
        return None
    return {"id": signature.id, "name": signature.name, "at": to_text(signature.at)}


def _state(handover: Handover) -> str:
    if handover.withdrawn_at is not None:
        return "withdrawn"
    return "signed" if handover.incoming is None else "done"


def _text(at: datetime | None) -> str | None:
    return None if at is None else to_text(at)
