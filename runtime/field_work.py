"""A crew's side: its unit's tasks with what it must know of each case, notes and photos from the scene."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from dispatch.assignment import Assignment
from dispatch.handlers import known_unit
from dispatch.model import Position, Unit
from exchange.ports import Once
from incidents import handlers
from incidents.commands import AddNote
from incidents.model import Case
from incidents.summary import case_row
from runtime.once import answer_once
from runtime.photos import PhotoFolder, remade
from runtime.rooms import Rooms
from runtime.sight import need_own
from runtime.unit_views import assignment_view, unit_view
from security.masking import mask_text
from security.principal import Principal
from storage.answers import Answer
from storage.assignments import list_assignments, load_assignment
from storage.case_work import CasesInTransaction
from storage.cases import load_case
from storage.intake import keep_photo
from storage.transaction import Transaction
from storage.units import UnitsInTransaction, all_positions, load_unit
from vocabulary.clock import to_text
from vocabulary.errors import Refused

Json = dict[str, Any]
DONE: Final = 200
# A crew sees what it just finished for a while, so that a mistaken press is seen too.
ENDED_SHOWN: Final = timedelta(hours=2)
ENDED_MOST: Final = 5
_TOLD: Final = (
    *("id", "number", "state", "lane", "priority", "category", "lon", "lat", "town", "cell"),
    *("reported_at", "due_at", "warn_at", "level", "exercise", "suspended", "lead", "units"),
)


class FieldWork:
    """The part of the API's service for crews."""

    def __init__(self, rooms: Rooms, photos: PhotoFolder) -> None:
        self._rooms = rooms
        self._field_photos = photos

    async def field_tasks(self, principal: Principal, unit_id: str) -> Json:
        """Return what a unit is asked or doing, and what it finished lately."""
        now = self._rooms.clock.now()

        def work(
            connection: Connection,
        ) -> tuple[Unit | None, Position | None, list[tuple[Assignment, Case | None]]]:
            unit = load_unit(connection, unit_id)
            seen = {one.unit_id: one for one in all_positions(connection)} if unit else {}
            held = list_assignments(connection, case_id=None, unit_id=unit_id, open=None)
            shown = _shown(held, now)
            pairs = [(one, load_case(connection, one.case_id)) for one in shown]
            return unit, seen.get(unit.id) if unit else None, pairs

        unit, seen, pairs = await self._rooms.journal.read(work)
        if unit is None:
            raise Refused("dispatch.unknown_unit", unit=unit_id)
        need_own(principal, unit)
        zone = self._rooms.tables.calendar.zone
        items = [
            {"assignment": assignment_view(one), "case": self._case(case)}
            for one, case in pairs
            if case is not None
        ]
        return {"unit": unit_view(unit, seen, now, zone), "items": items, "now": to_text(now)}

    def _case(self, case: Case) -> Json:
        """Return what a crew must know: where and what; a caller's number in the text is masked, as for every department."""
        row = case_row(case)
        category = self._rooms.tables.categories.find(case.category)
        where = self._rooms.locator.locate(case.place)
        return {name: row.get(name) for name in _TOLD} | {
            "category_zh": category.name_zh,
            "category_en": category.name_en,
            "where_zh": where.text("zh"),
            "where_en": where.text("en"),
            "text": mask_text(case.text),
            "address": mask_text(case.address),
        }

    async def field_note(
        self,
        principal: Principal,
        assignment_id: str,
        text: str,
        source_at: datetime | None,
        once: Once,
    ) -> Answer:
        """Write a fact into the timeline."""

        def work(transaction: Transaction, /) -> Answer:
            held, case = self._held(transaction, principal, assignment_id)
            seq = self._note(transaction, principal, case, text, source_at)
            body = {"assignment_id": held.id, "case_id": case.id, "seq": seq}
            return Answer(DONE, body)

        return await answer_once(self._rooms, principal, once, "field.note", work, _case_of)

    async def field_photo(
        self,
        principal: Principal,
        assignment_id: str,
        content: bytes,
        text: str,
        source_at: datetime | None,
        once: Once,
    ) -> Answer:
        """Keep a photo, made anew from its pixels, beside those of the case's first report, and say so in the timeline."""
        picture = await asyncio.to_thread(remade, content, "photo")
        (photo,) = await asyncio.to_thread(self._field_photos.keep, [picture])
        kept = False

        def work(transaction: Transaction, /) -> Answer:
            nonlocal kept
            _held, case = self._held(transaction, principal, assignment_id)
            now = self._rooms.clock.now()
            belongs = replace(photo, report_id=case.reports[0])
            keep_photo(transaction.connection, belongs, now, principal.actor.id)
            said = f"[现场照片] {text}".strip()
            seq = self._note(transaction, principal, case, said, source_at)
            kept = True
            told = {"id": photo.id, "url": f"/api/v1/photos/{photo.id}"}
            return Answer(DONE, {"photo": told, "case_id": case.id, "seq": seq})

        try:
            return await answer_once(self._rooms, principal, once, "field.photo", work, _case_of)
        finally:
            if not kept:  # refused, or sent before
                await asyncio.to_thread(self._field_photos.drop, [photo])

    def _held(
        self, transaction: Transaction, principal: Principal, id: str
    ) -> tuple[Assignment, Case]:
        """Return the assignment and its case as it stands now: where it was merged, its master."""
        connection = transaction.connection
        held = load_assignment(connection, id)
        if held is None:
            raise Refused("dispatch.unknown_assignment", assignment=id)
        need_own(principal, known_unit(UnitsInTransaction(transaction), held.unit_id))
        case = load_case(connection, held.case_id)
        while case is not None and case.merged_into is not None:
            case = load_case(connection, case.merged_into)
        if case is None:
            raise Refused("exchange.case_unknown", value=held.case_id)
        return held, case

    def _note(
        self,
        transaction: Transaction,
        principal: Principal,
        case: Case,
        text: str,
        source_at: datetime | None,
    ) -> int:
        outcome = handlers.command_case(
            CasesInTransaction(transaction, self._rooms.keyring),
            case.id,
            case.version,
            AddNote(text=text),
            actor=principal.actor,
            at=self._rooms.clock.now(),
            tables=self._rooms.tables,
            permissions=principal.permissions,
            source_at=source_at,
        )
        return outcome.recorded[-1].seq


def _shown(held: list[Assignment], now: datetime) -> list[Assignment]:
    ended = [
        one for one in held if not one.open and one.ended_at and now - one.ended_at <= ENDED_SHOWN
    ]
    return [one for one in held if one.open] + ended[-ENDED_MOST:]


def _case_of(body: Json) -> str:
    return str(body["case_id"])
