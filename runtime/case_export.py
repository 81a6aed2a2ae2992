"""Cases that leave the house: read whole in one instant, masked unless more is asked for and permitted, each time audited."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from exchange.pdf import print_pdf, template_text
from exchange.veil import masked
from incidents.messages import ReportReceived
from incidents.model import Case
from incidents.store import case_stream
from incidents.summary import approval_view, case_row, clock_view, parts_view
from runtime.paper_photos import paper_photos
from runtime.photos import PhotoFolder
from runtime.rooms import Rooms
from runtime.sight import need_sight, report_view
from runtime.unit_views import assignment_view
from security.audit import entry_of
from security.principal import Principal
from storage.assignments import list_assignments
from storage.audit import append_audit
from storage.cases import load_case, load_reports
from storage.history import Link, cases_named, numbers_of, sealed_history
from storage.intake import Photo, photos_of
from storage.personal import read_personal
from storage.transaction import Transaction
from storage.units import all_units
from views.case_paper import case_paper
from views.paper_words import PaperWords
from vocabulary.clock import to_text
from vocabulary.ids import ReportId

Json = dict[str, Any]
FORMAT: Final = "onenet.case-export.v1"
RULE: Final = 'chain = sha256(previous chain + "|" + sealed), hex; the first previous is empty'


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """Everything of a case at one instant."""

    case: Case
    history: list[Link]
    reports: list[ReportReceived]
    callers: dict[ReportId, dict[str, str]]
    photos: dict[str, list[Photo]]
    assignments: list[Json]
    numbers: dict[str, str]
    units: dict[str, str]


class CaseExport:
    """`exchange.export_ports.ExportService`."""

    def __init__(self, rooms: Rooms, photos: PhotoFolder) -> None:
        self._rooms = rooms
        self._photo_folder = photos

    async def export_case(self, principal: Principal, case_id: str, *, personal: bool) -> Json:
        """Return the case with all that happened to it and what its hash chain seals."""
        whole = await self._whole(principal, case_id, personal=personal)
        told = self._told(principal, whole, personal=personal)
        await self._audit(principal, whole, "json", personal=personal)
        return told

    async def print_case(
        self, principal: Principal, case_id: str, language: str, *, personal: bool
    ) -> bytes:
        """Return the same as a PDF in a language."""
        whole = await self._whole(principal, case_id, personal=personal)
        told = self._told(principal, whole, personal=personal)
        rooms = self._rooms
        pictures = await asyncio.to_thread(paper_photos, self._photo_folder, whole.photos)
        words = PaperWords(rooms.tables, language, units=whole.units, numbers=whole.numbers)
        paper = case_paper(told, words, [name for name, _ in pictures])
        made = await print_pdf(template_text("case"), paper, dict(pictures), at=rooms.clock.now())
        await self._audit(principal, whole, "pdf", personal=personal)
        return made

    async def _whole(self, principal: Principal, case_id: str, *, personal: bool) -> Whole:
        if personal:
            principal.need("personal.read")

        def work(connection: Connection) -> Whole:
            case = need_sight(principal, load_case(connection, case_id), case_id)
            return self._read(connection, principal, case, personal=personal)

        return await self._rooms.journal.read(work)

    def _read(
        self, connection: Connection, principal: Principal, case: Case, *, personal: bool
    ) -> Whole:
        history = sealed_history(connection, case_stream(case.id))
        reports = load_reports(connection, case.id)
        ids = [report.report_id for report in reports]
        called = [one.report_id for one in reports if one.has_caller] if personal else []
        units = {unit.id: unit for unit in all_units(connection)}
        own = principal.actor.department
        asked = list_assignments(connection, case_id=case.id, unit_id=None, open=None)
        owned = {id for id, unit in units.items() if not own or unit.department == own}
        seen = [one for one in asked if not own or one.unit_id in owned]
        return Whole(
            case=case,
            history=history,
            reports=reports,
            callers=read_personal(connection, called, self._rooms.keyring),
            photos={str(id): found for id, found in photos_of(connection, ids).items()},
            assignments=[assignment_view(one) for one in seen],
            numbers=numbers_of(connection, cases_named(one.data for one in history)),
            units={id: unit.name for id, unit in units.items()},
        )

    def _told(self, principal: Principal, whole: Whole, *, personal: bool) -> Json:
        rooms, case, now = self._rooms, whole.case, self._rooms.clock.now()
        county = rooms.county
        reports = [_report(one, whole) for one in whole.reports]
        body = {
            "case": case_row(case),
            "clock": clock_view(case, now, rooms.tables.calendar),
            "parts": parts_view(case),
            "approval": approval_view(case),
            "reports": reports,
            "assignments": whole.assignments,
        }
        timeline = [_entry(link, personal=personal) for link in whole.history]
        return {
            "format": FORMAT,
            "exported_at": to_text(now),
            "exported_by": {"id": principal.actor.id, "name": principal.actor.name},
            "county": {
                "code": county.code,
                "name_zh": county.name_zh,
                "name_en": county.name_en,
            },
            "personal": personal,
            **(body if personal else masked(body)),
            "timeline": timeline,
            "numbers": whole.numbers,
            "chain": _chain(case_stream(case.id), whole.history, timeline),
        }

    async def _audit(
        self, principal: Principal, whole: Whole, form: str, *, personal: bool
    ) -> None:
        rooms = self._rooms
        told = {
            "form": form,
            "personal": personal,
            "callers": len(whole.callers),
            "events": len(whole.history),
            "head": whole.history[-1].chain,
        }

        def work(transaction: Transaction, /) -> None:
            at = rooms.clock.now()
            entry = entry_of(principal, "case.export", whole.case.id, at, after=told)
            append_audit(transaction.connection, entry, rooms.audit_key)

        await rooms.journal.write(work)


def _entry(link: Link, *, personal: bool) -> Json:
    shown = link.data if personal else masked(link.data)
    return {
        "seq": link.seq,
        "version": link.version,
        "event_id": link.event_id,
        "kind": link.kind,
        "at": to_text(link.recorded_at),
        "source_at": _text(link.source_at),
        "actor": {name: link.actor[name] for name in ("id", "name", "kind", "department")},
        "cause_id": link.cause_id,
        "data": shown,
        "sealed": link.sealed if shown == link.data else None,
        "chain": link.chain,
    }


def _chain(stream: str, history: Sequence[Link], timeline: Sequence[Json]) -> Json:
    whole = [link.version for link in history if link.sealed is not None]
    return {
        "stream": stream,
        "events": len(history),
        "head": history[-1].chain,
        "rule": RULE,
        "masked": [
            one["version"] for one in timeline if not one["sealed"] and one["version"] in whole
        ],
        "broken": [link.version for link in history if link.sealed is None],
    }


def _report(report: ReportReceived, whole: Whole) -> Json:
    photos = whole.photos.get(report.report_id, [])
    view = report_view(report, whole.callers.get(report.report_id, {}), photos)
    sums = {photo.id: photo.sha256 for photo in photos}
    return {**view, "photos": [{**one, "sha256": sums[one["id"]]} for one in view["photos"]]}


def _text(at: datetime | None) -> str | None:
    return None if at is None else to_text(at)
