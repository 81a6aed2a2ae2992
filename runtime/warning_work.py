"""Warnings for the API: taken once however often they come, entered and called off by hand, ended by time."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from exchange.ports import Once
from incidents.warnings import handlers
from incidents.warnings.hand import called_off, identifier_at, issued
from incidents.warnings.messages import CancelWarning, IssueWarning, TakeWarning
from incidents.warnings.model import HazardWarning
from incidents.warnings.reach import reach_of
from incidents.warnings.rules import need_standing
from incidents.warnings.summary import warning_row
from runtime.once import answer_once
from runtime.rooms import Rooms
from security.audit import entry_of
from security.principal import Principal
from storage.answers import Answer
from storage.audit import append_audit
from storage.journal import select_last_seq
from storage.transaction import Transaction
from storage.warnings import (
    WarningsInTransaction,
    load_warning,
    open_warnings,
    past_warnings,
)
from vocabulary.errors import Refused

Json = dict[str, Any]
CREATED, DONE = 201, 200


class WarningWork:
    """`exchange.warning_ports.WarningService`."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def warnings(self, _principal: Principal, *, past: bool, limit: int) -> Json:
        """Return what is in force or to come, or the newest of what is over, and the seq it is true for."""
        now = self._rooms.clock.now()

        def work(connection: Connection) -> Json:
            if past:
                found = past_warnings(connection, limit)
            else:
                standing = open_warnings(connection)
                found = [one for one in standing if now < one.message.expires_at][:limit]
            rows = [warning_row(one) for one in found]
            return {"items": rows, "seq": select_last_seq(connection)}

        return await self._rooms.journal.read(work)

    async def warning(self, _principal: Principal, identifier: str) -> Json:
        """Return one warning."""
        found = await self._rooms.journal.read(lambda one: load_warning(one, identifier))
        if found is None:
            raise Refused("warnings.unknown", value=identifier)
        return warning_row(found)

    async def take_warning(self, principal: Principal, wish: TakeWarning) -> Answer:
        """Take a message as its issuer sent it; the audit names who brought it."""
        reach = reach_of(wish.message.areas, self._rooms.county)

        def work(transaction: Transaction, /) -> Answer:
            now = self._rooms.clock.now()
            kept = WarningsInTransaction(transaction)
            taken = handlers.take(kept, wish.message, reach, actor=principal.actor, at=now)
            if taken.seq is None:
                return _answer(DONE, taken.warning, transaction.seq, replayed=True)
            subject, after = _subject(taken.warning.id), {"seq": taken.seq}
            entry = entry_of(principal, "warnings.take", subject, now, after=after)
            append_audit(transaction.connection, entry, self._rooms.audit_key)
            return _answer(CREATED, taken.warning, taken.seq)

        return await self._rooms.journal.write(work)

    async def issue_warning(self, principal: Principal, wish: IssueWarning, once: Once) -> Answer:
        """Enter a warning by hand."""
        county = self._rooms.county

        def work(transaction: Transaction, /) -> Answer:
            now = self._rooms.clock.now()
            kept = WarningsInTransaction(transaction)
            identifier = self._free_identifier(kept)
            message = issued(wish, county, identifier=identifier, actor=principal.actor, at=now)
            reach = reach_of(message.areas, county)
            taken = handlers.take(kept, message, reach, actor=principal.actor, at=now)
            return _answer(CREATED, taken.warning, transaction.seq)

        return await self._answer_once(principal, once, "warnings.issue", work)

    async def cancel_warning(self, principal: Principal, wish: CancelWarning, once: Once) -> Answer:
        """Call a warning off by hand."""

        def work(transaction: Transaction, /) -> Answer:
            now = self._rooms.clock.now()
            kept = WarningsInTransaction(transaction)
            standing = need_standing(kept.load(wish.identifier), wish.identifier, now)
            identifier = self._free_identifier(kept)
            message = called_off(
                wish, standing, identifier=identifier, actor=principal.actor, at=now
            )
            handlers.take(kept, message, standing.reach, actor=principal.actor, at=now)
            ended = kept.load(standing.id) or standing
            return _answer(DONE, ended, transaction.seq)

        return await self._answer_once(principal, once, "warnings.cancel", work)

    async def expire_warnings(self) -> None:
        """Tell of every warning whose time is up; of what fell due while nobody ran, too."""
        now = self._rooms.clock.now()
        standing = await self._rooms.journal.read(open_warnings)
        if any(warning.message.expires_at <= now for warning in standing):
            await self._rooms.journal.write(
                lambda transaction: handlers.expire_due(WarningsInTransaction(transaction), now)
            )

    def _free_identifier(self, kept: WarningsInTransaction) -> str:
        rooms, number = self._rooms, 1
        zone, now = rooms.tables.calendar.zone, rooms.clock.now()
        while kept.load(found := identifier_at(rooms.county, zone, now, number)) is not None:
            number += 1
        return found

    async def _answer_once(
        self, principal: Principal, once: Once, action: str, work: Callable[[Transaction], Answer]
    ) -> Answer:
        return await answer_once(
            self._rooms, principal, once, action, work, lambda body: _subject(body["warning"]["id"])
        )


def _answer(status: int, warning: HazardWarning, seq: int, *, replayed: bool = False) -> Answer:
    return Answer(status, {"warning": warning_row(warning), "seq": seq}, replayed=replayed)


def _subject(identifier: str) -> str:
    return f"warning:{identifier}"
