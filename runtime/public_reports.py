"""Citizens' reports: taken without signing in, verified first by rule, followed by a code that tells the public stage alone."""

import asyncio
import base64
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from exchange.replies import once
from incidents import handlers
from incidents.commands import ReceiveReport, RequestVerification
from incidents.model import Case, State
from runtime.once import answer_once
from runtime.photos import PhotoFolder, Picture
from runtime.place_search import PlaceSearch
from runtime.report_taking import take_report
from runtime.rooms import Rooms
from runtime.suggesting import Suggesting
from security.principal import Principal
from storage.answers import Answer
from storage.case_work import CasesInTransaction
from storage.cases import case_of_report, load_case
from storage.intake import keep_code, keep_photo, report_of_code
from storage.transaction import Transaction
from vocabulary.errors import Refused
from vocabulary.message import SYSTEM, Actor
from vocabulary.place import Place

PUBLIC: Final = Actor(id="public", name="公众", kind="person")
SOURCE: Final = "public"
OTHER: Final = "E0699"
SURE_CATEGORY: Final = 0.5
SURE_PLACE: Final = 0.9
FORM_AGE_S: Final = 4 * 3600
SEAL: Final = 32
CODE: Final = 10
# What a citizen is told of where their report stands; who handles it and how is the office's own.
STAGES: Final = {
    State.NEW: "received",
    State.VERIFYING: "verifying",
    State.FILED: "filed",
    State.DISPATCHED: "handling",
    State.ACCEPTED: "handling",
    State.ON_SCENE: "handling",
    State.CONTROLLED: "handling",
    State.RESOLVED: "checking",
    State.CHECKING: "checking",
    State.CLOSED: "closed",
    State.REJECTED: "rejected",
    State.VOID: "rejected",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a citizen sent; `place` None where only an address was written."""

    token: str
    text: str
    place: Place | None
    address: str
    phone: str
    category: str
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStatus:
    """All that a code tells."""

    code: str
    stage: str
    received_at: datetime
    changed_at: datetime


class PublicReports:
    """Behind the page /report."""

    def __init__(
        self, rooms: Rooms, photos: PhotoFolder, places: PlaceSearch, suggesting: Suggesting
    ) -> None:
        self._rooms = rooms
        self._photos = photos
        self._places = places
        self._suggesting = suggesting

    def form_token(self) -> str:
        """Return what a form carries, so that it comes from our page, not too old, and counts once however often it is sent."""
        head = f"{int(self._rooms.clock.now().timestamp())}.{secrets.token_hex(12)}"
        return f"{head}.{self._seal(head)}"

    def _seal(self, head: str) -> str:
        return self._rooms.keyring.digest(f"form:{head}")[:SEAL]

    def check_token(self, token: str) -> None:
        """Refuse a form that is not ours, or too old."""
        head, _, seal = token.rpartition(".")
        made, _, _ = head.partition(".")
        age = (
            self._rooms.clock.now().timestamp() - int(made) if made.isdecimal() else FORM_AGE_S + 1
        )
        if not hmac.compare_digest(seal.encode(), self._seal(head).encode()) or age > FORM_AGE_S:
            raise Refused("intake.form_too_old")

    def _code_of(self, token: str) -> str:
        digest = bytes.fromhex(self._rooms.keyring.digest(f"code:{token}"))
        return base64.b32encode(digest).decode()[:CODE]

    async def take(self, note: Note, ip: str) -> str:
        """Keep a note whose token was checked and return its code; the same form sent twice is one report with one code."""
        rooms, code = self._rooms, self._code_of(note.token)
        report = await self._report(note)
        asking = Principal(actor=PUBLIC, permissions=frozenset(), ip=ip)
        photos = await asyncio.to_thread(self._photos.keep, note.pictures)
        kept = False

        def work(transaction: Transaction, /) -> Answer:
            nonlocal kept
            taken = take_report(rooms, transaction, report, PUBLIC)
            case = taken.outcome.case
            connection, at = transaction.connection, rooms.clock.now()
            report_id = case.reports[-1]
            keep_code(connection, self._digest(code), report_id, at)
            for photo in photos:
                keep_photo(connection, replace(photo, report_id=report_id), at, PUBLIC.id)
            seq = _verify(rooms, transaction, case)
            kept = True
            return Answer(303, {"case": {"id": case.id}, "seq": seq})

        sent = once(
            note.token, "public", [note.text, note.phone, report.category, str(report.place)]
        )
        try:
            await answer_once(
                rooms, asking, sent, "report.public", work, lambda body: str(body["case"]["id"])
            )
        finally:
            if not kept:  # refused, or sent before
                await asyncio.to_thread(self._photos.drop, photos)
        return code

    async def _report(self, note: Note) -> ReceiveReport:
        category = note.category or await asyncio.to_thread(self._category, note.text)
        return ReceiveReport(
            text=note.text,
            category=category,
            place=note.place or await self._place(note.address),
            source=SOURCE,
            caller_phone=note.phone or None,
            address=note.address,
        )

    def _category(self, text: str) -> str:
        likely = self._suggesting.likely(text, 1)
        return likely[0].category.code if likely and likely[0].score >= SURE_CATEGORY else OTHER

    async def _place(self, address: str) -> Place:
        found = await self._places.found(address, None, 1) if address else []
        if not found or found[0].score < SURE_PLACE:
            raise Refused("intake.public_place")
        return Place(found[0].lon, found[0].lat)

    def _digest(self, code: str) -> str:
        return self._rooms.keyring.digest(f"public:{code}")

    async def status(self, code: str) -> PublicStatus | None:
        """Return where a report stands, None for a code that was not given."""
        digest = self._digest(code.strip().upper())

        def work(connection: Connection) -> PublicStatus | None:
            report = report_of_code(connection, digest)
            found = (
                load_case(connection, case_of_report(connection, report) or "") if report else None
            )
            while found is not None and found.merged_into is not None:
                found = load_case(connection, found.merged_into)
            return _status(code, found) if found else None

        return await self._rooms.journal.read(work)


def _status(code: str, case: Case) -> PublicStatus:
    return PublicStatus(
        code=code.strip().upper(),
        stage=STAGES[case.state],
        received_at=case.reported_at,
        changed_at=case.updated_at,
    )


def _verify(rooms: Rooms, transaction: Transaction, case: Case) -> int:
    """Ask for verification at once: what nobody signed for is looked at before it is filed."""
    outcome = handlers.command_case(
        CasesInTransaction(transaction, rooms.keyring),
        case.id,
        case.version,
        RequestVerification(),
        actor=SYSTEM,
        at=rooms.clock.now(),
        tables=rooms.tables,
    )
    return outcome.recorded[-1].seq
