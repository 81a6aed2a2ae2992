"""Reports brought as a sheet: each row taken once, however often the sheet is sent; what is wrong is told by row."""

import asyncio
import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson

from exchange.report_sheet import SheetReport, read_reports
from exchange.sheet import Sheet
from incidents.commands import ReceiveReport
from runtime.place_search import PlaceSearch
from runtime.report_taking import take_report
from runtime.rooms import Rooms
from runtime.suggesting import Suggesting
from security.audit import entry_of
from security.principal import Principal
from storage.audit import append_audit
from storage.intake import Imported, find_imported, keep_imported
from storage.transaction import Transaction
from vocabulary.errors import Refused, Told
from vocabulary.place import Place

if TYPE_CHECKING:
    from county.gazetteer.model import Found

Json = dict[str, Any]
TOGETHER = 20
SURE_PLACE = 0.9
CLOCKS_DIFFER = timedelta(minutes=5)
MOST = {"text": 2000, "phone": 20, "name": 60, "address": 200}


class ReportImport:
    """The part of the API's service that takes sheets of reports."""

    def __init__(self, rooms: Rooms, places: PlaceSearch, suggesting: Suggesting) -> None:
        self._rooms = rooms
        self._places = places
        self._suggesting = suggesting

    async def bring(self, principal: Principal, sheet: Sheet, *, dry_run: bool) -> Json:
        """Take every row that can be taken; `dry_run` looks at all of them and keeps none."""
        read = await asyncio.to_thread(read_reports, sheet)
        told: list[Json] = []
        for start in range(0, len(read), TOGETHER):
            part = read[start : start + TOGETHER]
            works = (self._row(principal, row, dry_run=dry_run) for row in part)
            told += await asyncio.gather(*works)
        if dry_run:
            told = _foreseen(read, told, principal.language)
        counts = {name: sum(row["outcome"] == name for row in told) for name in OUTCOMES}
        if not dry_run and counts["accepted"]:
            await self._audit(principal, sheet.name, counts)
        return {"dry_run": dry_run, **counts, "rows": told}

    async def _row(self, principal: Principal, row: SheetReport, *, dry_run: bool) -> Json:
        try:
            report, remarks = await self._read(row, principal.language)
            kept = await self._keep(principal, row, report, dry_run=dry_run)
        except Told as failure:
            reason = failure.text(principal.language)
            return _told(row, "refused", reason=reason, problem=failure.code)
        return {**kept, "remarks": remarks}

    async def _read(self, row: SheetReport, language: str) -> tuple[ReceiveReport, list[str]]:
        rooms, cells = self._rooms, row.cells
        remarks: list[str] = []
        if not cells["text"]:
            raise Refused("intake.text_needed", row=row.row)
        category = await self._category(row, language)
        place, remark = await self._place(row)
        remarks += [remark] if remark else []
        for field, most in MOST.items():
            if len(cells[field]) > most:
                raise row.refused(field, f"≤ {most}")
        occurred_at = row.instant(rooms.tables.calendar.zone)
        if occurred_at and occurred_at > rooms.clock.now() + CLOCKS_DIFFER:
            raise Refused("intake.not_yet", row=row.row, value=row.cells["time"])
        report = ReceiveReport(
            text=cells["text"],
            category=category,
            place=place,
            occurred_at=occurred_at,
            source=rooms.tables.code("source", cells["source"] or "hotline").code,
            caller_phone=cells["phone"] or None,
            caller_name=cells["name"] or None,
            address=cells["address"],
        )
        rooms.locator.require_inside(place)
        return report, remarks

    async def _category(self, row: SheetReport, language: str) -> str:
        table, said = self._rooms.tables.categories, row.cells["category"]
        today = self._rooms.clock.now().astimezone(self._rooms.tables.calendar.zone).date()
        named = [each for each in table.current(today) if said and said == each.name_zh]
        if len(named) == 1:
            return named[0].full_code
        if said:
            return table.find(said, today).full_code
        likely = self._suggesting.likely(row.cells["text"], 3)
        known = ", ".join(
            f"{one.category.code} {one.category.name_en if language == 'en' else one.category.name_zh}"
            for one in likely
        )
        raise Refused("intake.category_needed", row=row.row, nearest=known or "-")

    async def _place(self, row: SheetReport) -> tuple[Place, str]:
        lon, lat = row.number("lon"), row.number("lat")
        if lon is not None and lat is not None:
            return Place(lon, lat), ""
        if lon is not None or lat is not None:
            raise Refused("exchange.half_a_place", field="lat" if lat is None else "lon")
        address = row.cells["address"]
        if not address:
            raise Refused("intake.place_needed", row=row.row)
        found: list[Found] = await self._places.found(address, None, 2)
        if not found or found[0].score < SURE_PLACE:
            near = ", ".join(one.name for one in found)
            code = "intake.address_unknown" if near else "intake.address_nowhere"
            raise Refused(code, row=row.row, value=address, nearest=near)
        best = found[0]
        return Place(best.lon, best.lat), f"{address} → {best.name} ({best.town}) {best.score:.2f}"

    async def _keep(
        self, principal: Principal, row: SheetReport, report: ReceiveReport, *, dry_run: bool
    ) -> Json:
        rooms = self._rooms
        key, fingerprint = keys_of(row)

        def work(transaction: Transaction, /) -> Json:
            connection = transaction.connection
            before = find_imported(connection, key)
            if before is not None:
                if before.fingerprint != fingerprint:
                    raise Refused("intake.row_changed", row=row.row, value=row.cells["key"])
                return _told(row, "unchanged", case_id=before.case_id)
            if dry_run:
                return _told(row, "accepted")
            taken = take_report(rooms, transaction, report, principal.actor)
            case = taken.outcome.case
            kept = Imported(fingerprint=fingerprint, report_id=case.reports[-1], case_id=case.id)
            keep_imported(connection, key, kept, rooms.clock.now())
            return _told(row, "accepted", case_id=case.id, number=case.number)

        return await rooms.journal.write(work, timeout_s=30)

    async def _audit(self, principal: Principal, name: str, counts: dict[str, int]) -> None:
        rooms = self._rooms

        def work(transaction: Transaction, /) -> None:
            entry = entry_of(principal, "report.import", name, rooms.clock.now(), after=counts)
            append_audit(transaction.connection, entry, rooms.audit_key)

        await rooms.journal.write(work)


OUTCOMES = ("accepted", "unchanged", "refused")


def keys_of(row: SheetReport) -> tuple[str, str]:
    """Return what the row is known by (its own number, else all it says), and the digest of all it says."""
    said = hashlib.sha256(orjson.dumps(row.cells, option=orjson.OPT_SORT_KEYS)).hexdigest()
    own = row.cells["key"]
    source = row.cells["source"]
    return hashlib.sha256(f"{source}|{own}".encode()).hexdigest() if own else said, said


def _foreseen(rows: list[SheetReport], told: list[Json], language: str) -> list[Json]:
    """Return what was looked at with what the sheet itself will be in the way of: a number that stood in it before."""
    taken: dict[str, str] = {}
    found: list[Json] = []
    for row, one in zip(rows, told, strict=True):
        key, fingerprint = keys_of(row)
        before = taken.get(key)
        if one["outcome"] == "accepted" and before is None:
            taken[key] = fingerprint
        elif one["outcome"] == "accepted" and before == fingerprint:
            one = _told(row, "unchanged")
        elif one["outcome"] == "accepted":
            changed = Refused("intake.row_changed", row=row.row, value=row.cells["key"])
            one = _told(row, "refused", reason=changed.text(language), problem=changed.code)
        found.append(one)
    return found


def _told(row: SheetReport, outcome: str, **more: Any) -> Json:
    blank: Json = {"case_id": None, "number": None, "reason": "", "problem": None, "remarks": []}
    return {"row": row.row, "key": row.cells["key"], "outcome": outcome, **blank, **more}
