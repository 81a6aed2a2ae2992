"""Intake as one part of the API's service: sheets, duplicates, suggestions, many cases at once, photos."""

import asyncio
from typing import Any

from sqlalchemy import Connection

from exchange.intake_ports import Bulk
from exchange.ports import Once
from exchange.sheet import Sheet
from incidents.duplicates import Question
from runtime.bulk_work import BulkWork
from runtime.case_writing import CaseWriting
from runtime.category_import import CategoryImport
from runtime.photos import PhotoFolder
from runtime.place_search import PlaceSearch
from runtime.report_import import ReportImport
from runtime.report_taking import first_priority
from runtime.rooms import Rooms
from runtime.sight import sees
from runtime.suggesting import Suggesting
from security.principal import Principal
from storage.cases import case_of_report, load_case
from storage.intake import report_of_photo
from vocabulary.errors import Refused
from vocabulary.place import Place

Json = dict[str, Any]


class Intake:
    """`exchange.intake_ports.IntakeService`: each part does its own, this one hands on."""

    def __init__(
        self, rooms: Rooms, places: PlaceSearch, writing: CaseWriting, photos: PhotoFolder
    ) -> None:
        self._rooms = rooms
        self._photos = photos
        self.watch = writing.watch
        self.suggesting = Suggesting(rooms, places)
        self._category_import = CategoryImport(rooms)
        self._report_import = ReportImport(rooms, places, self.suggesting)
        self._bulk_work = BulkWork(rooms, writing)

    async def import_categories(self, principal: Principal, sheet: Sheet, *, dry_run: bool) -> Json:
        """Add versions of categories; return the report by row."""
        return await self._category_import.bring(principal, sheet, dry_run=dry_run)

    async def import_reports(self, principal: Principal, sheet: Sheet, *, dry_run: bool) -> Json:
        """Take the reports of a sheet; return the report by row."""
        return await self._report_import.bring(principal, sheet, dry_run=dry_run)

    async def duplicates(self, principal: Principal, question: Question, most: int) -> list[Json]:
        """Return the open cases that this may be."""
        return await self.watch.duplicates(principal, question, most)

    async def suggest_categories(self, principal: Principal, text: str, most: int) -> list[Json]:
        """Return the likeliest categories with what spoke for each."""
        return await self.suggesting.suggest(principal, text, most)

    async def first_priority(
        self, principal: Principal, category: str, place: Place | None
    ) -> Json:
        """Return the priority a new case would get, its rule and the sites that spoke for it."""
        return first_priority(self._rooms, principal.actor, category, place)

    async def category_versions(self, principal: Principal) -> list[Json]:
        """Return every version of every category."""
        return await self._category_import.versions(principal.language)

    async def parse_report(self, principal: Principal, text: str, near: Place | None) -> Json:
        """Return the fields of a pasted text."""
        return await self.suggesting.parse(principal, text, near)

    async def bulk(self, principal: Principal, bulk: Bulk, once: Once) -> Json:
        """Do one command to many cases."""
        return await self._bulk_work.do(principal, bulk, once)

    async def photo(self, principal: Principal, photo_id: str) -> bytes:
        """Return a photo's JPEG; who may not see its case is told that it is not there."""

        def work(connection: Connection) -> bool:
            report = report_of_photo(connection, photo_id)
            case = (
                load_case(connection, case_of_report(connection, report) or "") if report else None
            )
            return case is not None and sees(principal, case)

        if await self._rooms.journal.read(work):
            content = await asyncio.to_thread(self._photos.read, photo_id)
            if content is not None:
                return content
        raise Refused("intake.photo_unknown", value=photo_id)
