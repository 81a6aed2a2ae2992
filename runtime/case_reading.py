"""Cases as the API reads them: pages, one case with its timeline, and the numbered events."""

from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import Connection

from incidents.filters import CaseFilter
from incidents.model import Case
from incidents.rules import allowed
from incidents.store import case_stream
from incidents.summary import approval_view, case_row, clock_view, parts_view
from runtime.rooms import Rooms
from runtime.sight import department_only, report_view, sees
from security.audit import entry_of
from security.principal import Principal
from storage.audit import append_audit
from storage.case_list import list_cases
from storage.cases import load_case, load_reports
from storage.history import cases_named, numbers_of
from storage.intake import photos_of
from storage.journal import select_last_seq
from storage.personal import read_personal
from storage.transaction import Transaction
from vocabulary.clock import to_text
from vocabulary.ids import CaseId, ReportId
from vocabulary.message import Event, Recorded

Json = dict[str, Any]


class CaseReading:
    """The part of the API's service that reads cases and events."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def list_cases(
        self, principal: Principal, wanted: CaseFilter, limit: int, cursor: str | None
    ) -> Json:
        """Return a page of what the principal may see."""
        department = department_only(principal)
        seen = replace(wanted, department=department) if department else wanted

        def work(connection: Connection) -> Json:
            page, following = list_cases(connection, seen, limit=limit, cursor=cursor)
            rows = [case_row(case) for case in page]
            return {"items": rows, "next": following, "seq": select_last_seq(connection)}

        return await self._rooms.journal.read(work)

    async def case_detail(self, principal: Principal, case_id: str) -> Json | None:
        """Return one case whole, None where it is not there for the principal."""

        def work(connection: Connection) -> tuple[Case, list[Json], list[Json], Json] | None:
            case = load_case(connection, case_id)
            if case is None or not sees(principal, case):
                return None
            history = self._rooms.journal.select_stream(connection, case_stream(case_id))
            told = [self._timeline_entry(recorded) for recorded in history]
            named = numbers_of(connection, cases_named(one["data"] for one in told))
            return case, told, self._reports(connection, principal, case_id), named

        found = await self._rooms.journal.read(work)
        if found is None:
            return None
        case, timeline, reports, numbers = found
        if any(report["caller_phone"] for report in reports):
            await self._audit_look(principal, case.id)
        actor = principal.actor
        rooms = self._rooms
        actions = allowed(
            case,
            principal.permissions,
            actor.department,
            at=rooms.clock.now(),
            tables=rooms.tables,
            actor_id=actor.id,
            roles=actor.roles,
        )
        return {
            "case": case_row(case),
            "timeline": timeline,
            "numbers": numbers,
            "reports": reports,
            "actions": actions,
            "clock": clock_view(case, rooms.clock.now(), rooms.tables.calendar),
            "parts": parts_view(case),
            "approval": approval_view(case),
        }

    async def changes(self, principal: Principal, case_id: str, after_version: int) -> list[Json]:
        """Return what happened to a case after a version: what a late command has to be told."""

        def work(connection: Connection) -> list[Json]:
            case = load_case(connection, case_id)
            if case is None or not sees(principal, case):
                return []
            history = self._rooms.journal.select_stream(connection, case_stream(case_id))
            return [self._timeline_entry(one) for one in history if one.version > after_version]

        return await self._rooms.journal.read(work)

    async def events(self, principal: Principal, after: int, limit: int) -> Json:
        """Return CloudEvents after a seq: what the bus tells, to who was not there to hear it."""
        department = department_only(principal)
        recorded = await self._rooms.journal.events_after(after, limit)
        items = [] if department else [self._cloudevent(one) for one in recorded]
        return {"items": items, "next": recorded[-1].seq if recorded else after}

    def _cloudevent(self, recorded: Recorded[Event]) -> Json:
        event: Json = orjson.loads(self._rooms.cloudevents.write(recorded))
        return event

    def _timeline_entry(self, recorded: Recorded[Event]) -> Json:
        return {
            "seq": recorded.seq,
            "version": recorded.version,
            "kind": recorded.event.kind,
            "at": to_text(recorded.recorded_at),
            "source_at": to_text(recorded.source_at) if recorded.source_at else None,
            "actor": {
                "id": recorded.actor.id,
                "name": recorded.actor.name,
                "kind": recorded.actor.kind,
            },
            "data": self._rooms.codec.to_dict(recorded.event),
        }

    def _reports(self, connection: Connection, principal: Principal, case_id: str) -> list[Json]:
        reports = load_reports(connection, case_id)
        ids = [ReportId(report.report_id) for report in reports if report.has_caller]
        personal = read_personal(connection, ids, self._rooms.keyring)
        photos = photos_of(connection, [report.report_id for report in reports])
        return [
            report_view(
                report, personal.get(report.report_id, {}), photos.get(report.report_id, ())
            )
            for report in reports
        ]

    async def _audit_look(self, principal: Principal, case_id: CaseId) -> None:
        if not principal.may("personal.read"):
            return  # they are shown a masked number, which is no look at a person
        rooms = self._rooms

        def work(transaction: Transaction, /) -> None:
            entry = entry_of(principal, "personal.read", case_id, rooms.clock.now())
            append_audit(transaction.connection, entry, rooms.audit_key)

        await rooms.journal.write(work)
