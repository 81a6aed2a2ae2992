"""The open cases kept ready for the question whether a report is told already: in step with the journal at each question."""

import asyncio
import threading
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, select

from incidents.commands import ReceiveReport
from incidents.duplicate_words import explained
from incidents.duplicates import DuplicateIndex, Likely, Question
from incidents.model import Case
from incidents.store import CASE_STREAM
from incidents.summary import case_row
from runtime.rooms import Rooms
from runtime.sight import sees
from security.principal import Principal
from storage.case_list import open_cases
from storage.cases import case_of_report, load_case
from storage.journal import select_last_seq
from storage.personal import caller_digest, reports_of_caller
from storage.tables import events

Json = dict[str, Any]
TOLD = 3
BRIEF = (
    "id", "number", "version", "state", "priority", "category", "text", "lon", "lat", "address",
    "town", "source", "reported_at", "lead", "reports", "exercise",
)  # fmt: skip
log = structlog.get_logger()


class DuplicateWatch:
    """The part of the API's service that finds what a report may be a duplicate of."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._index: DuplicateIndex | None = None
        self._seq = 0
        # Questions are answered in threads; the index is one.
        self._lock = threading.Lock()

    async def open(self) -> None:
        """Read the open cases where that has not been done yet."""
        if self._index is None:
            await asyncio.to_thread(self._read_all)

    def _read_all(self) -> None:
        index = DuplicateIndex(self._rooms.tables.duplicates)

        def work(connection: Connection) -> int:
            for case in open_cases(connection):
                index.put(case)
            return select_last_seq(connection)

        self._seq = self._rooms.journal.read_blocking(work)
        self._index = index
        log.info("duplicates_opened", cases=len(index), seq=self._seq)

    async def duplicates(self, principal: Principal, question: Question, most: int) -> list[Json]:
        """Return the open cases that this may be, the likeliest first, each with the terms of its score."""
        return await self._rooms.journal.read(
            lambda connection: self._asked(connection, principal, question, most)
        )

    def _asked(
        self, connection: Connection, principal: Principal, question: Question, most: int
    ) -> list[Json]:
        found = self._likely(connection, question, most)
        return [_told(one, principal) for one in found if sees(principal, one.case)]

    def _likely(self, connection: Connection, question: Question, most: int) -> list[Likely]:
        with self._lock:
            if self._index is None:
                return []
            self._catch_up(self._index, connection)
            return self._index.likely(question, self._rooms.clock.now(), most)

    def _catch_up(self, index: DuplicateIndex, connection: Connection) -> None:
        newest = select_last_seq(connection)
        if newest <= self._seq:
            return
        # In order of seq and not DISTINCT, for which SQLite walks the whole journal by its streams.
        query = select(events.c.stream).where(events.c.seq > self._seq).order_by(events.c.seq)
        for stream in dict.fromkeys(connection.execute(query).scalars()):
            if stream.startswith(CASE_STREAM):
                case = load_case(connection, stream.removeprefix(CASE_STREAM))
                if case is not None:
                    index.put(case)
        self._seq = max(self._seq, newest)  # an older look may come later

    async def arriving(self, principal: Principal, report: ReceiveReport) -> Json:
        """Return what is told beside a report that is taken: `duplicates`, and `repeat` where it surely is one."""
        question = Question(
            text=report.text,
            place=report.place,
            category=report.category,
            exercise=report.exercise,
        )
        sure = self._rooms.tables.duplicates["sure"]

        def work(connection: Connection) -> Json:
            found = self._asked(connection, principal, question, TOLD)
            repeat = self._same_caller(connection, principal, report)
            if repeat is None and found and found[0]["score"] >= sure:
                repeat = {"case": found[0]["case"], "reason": "score", "why": found[0]["why"]}
            return {"duplicates": found, "repeat": repeat}

        return await self._rooms.journal.read(work)

    def _same_caller(
        self, connection: Connection, principal: Principal, report: ReceiveReport
    ) -> Json | None:
        if not report.caller_phone:
            return None
        rooms = self._rooms
        within = timedelta(minutes=rooms.tables.duplicates["caller_within_min"])
        digest = caller_digest(report.caller_phone, rooms.keyring)
        for report_id in reports_of_caller(connection, digest, rooms.clock.now() - within):
            case = load_case(connection, case_of_report(connection, report_id) or "")
            if case is not None and case.open and sees(principal, case):
                return {"case": brief(case), "reason": "same_caller", "why": ""}
        return None


def brief(case: Case) -> Json:
    """Return what shows an officer which case it is."""
    row = case_row(case)
    return {name: row[name] for name in BRIEF}


def _told(likely: Likely, principal: Principal) -> Json:
    return {
        "case": brief(likely.case),
        **likely.terms(),
        "why": explained(likely, principal.language),
    }
