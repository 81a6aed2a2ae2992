"""Notifications on their way and in sight: due ones tried side by side, given up after five tries, nobody's number shown."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog

from exchange.notify.book import Book, read_book
from exchange.notify.model import OF_USE, Channel, Notification, Recipient, State, Told, next_due
from exchange.notify.post import Post
from runtime.notifying import TOLD
from runtime.rooms import Rooms
from security.audit import entry_of
from security.principal import Principal
from storage.audit import append_audit
from storage.notifications import (
    count_notifications,
    due_notifications,
    forget_notifications,
    list_notifications,
    note_try,
    revive_notification,
)
from storage.transaction import Transaction
from vocabulary.clock import to_text
from vocabulary.errors import Refused

log = structlog.get_logger()
Json = dict[str, Any]
FOLDER: Final = "notify"
AT_ONCE: Final = 20
KEPT: Final = timedelta(days=90)


class Notifier:
    """Sends what is due. A crash between a try and its note makes a second try: receivers tell by the delivery's id."""

    def __init__(self, rooms: Rooms, home: Path, post: Post | None = None) -> None:
        self.rooms = rooms
        self.book: Book = read_book(home / FOLDER, TOLD)
        self._post = post or Post(home / FOLDER)

    async def turn(self) -> int:
        """Try everything that is due, side by side; return how many were tried."""
        now = self.rooms.clock.now()
        due = await self.rooms.journal.read(lambda c: due_notifications(c, now, AT_ONCE))
        await asyncio.gather(*(self._try(_notification(values), now) for values in due))
        return len(due)

    async def _try(self, told: Notification, now: datetime) -> None:
        came = await self._sent(told, now)
        values = outcome(told, came, self.rooms.clock.now())
        if came.problem:
            words = {"channel": told.channel, "event_kind": told.event, "state": values["state"]}
            log.warning("notification_failed", id=told.id, problem=came.problem, **words)
        await self.rooms.journal.write(
            lambda transaction: note_try(transaction.connection, told.id, values)
        )

    async def _sent(self, told: Notification, now: datetime) -> Told:
        if now - told.created_at > OF_USE:
            return Told(problem="too old to be of use", final=True)
        channel: Channel | None = self.book.channels.get(told.channel)
        to: Recipient | None = self.book.recipient(told.recipient, told.channel)
        if channel is None or to is None:
            return Told(problem="no such channel or recipient any more", final=True)
        return await self._post.send(channel, to, told, now)

    async def forget(self) -> None:
        """Forget what ended long ago."""
        before = self.rooms.clock.now() - KEPT
        await self.rooms.journal.write(
            lambda transaction: forget_notifications(transaction.connection, before)
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self._post.close()


class NotifyWork:
    """The part of the API's service about notifications."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def notifications(
        self, _principal: Principal, state: str | None, case_id: str | None, limit: int
    ) -> Json:
        """Return the newest notifications and how many stand where; nobody's number is in it."""
        read = self._rooms.journal.read
        items = await read(
            lambda c: list_notifications(c, state=state, case_id=case_id, most=limit)
        )
        counts = await read(count_notifications)
        return {"items": [_shown(one) for one in items], "counts": counts}

    async def notify_again(self, principal: Principal, id: str) -> Json:
        """Let one that was given up be tried anew."""
        now = self._rooms.clock.now()

        def work(transaction: Transaction, /) -> None:
            if not revive_notification(transaction.connection, id, now):
                raise Refused("notify.unknown", value=id)
            entry = entry_of(principal, "notify.again", f"notification:{id}", now)
            append_audit(transaction.connection, entry, self._rooms.audit_key)

        await self._rooms.journal.write(work)
        return {"id": id, "state": State.WAITING.value}


def outcome(told: Notification, came: Told, now: datetime) -> Json:
    """Return what is noted of a try."""
    tries = told.tries + 1
    if not came.problem:
        return {
            "state": State.SENT.value,
            "tries": tries,
            "due_at": None,
            "problem": "",
            "ended_at": now,
        }
    due_at = None if came.final else next_due(tries, now)
    state = State.WAITING if due_at else State.DEAD
    return {
        "state": state.value,
        "tries": tries,
        "due_at": due_at,
        "problem": came.problem[:200],
        "ended_at": None if due_at else now,
    }


def _notification(values: Json) -> Notification:
    return Notification(**{**values, "state": State(values["state"])})


def _shown(values: Json) -> Json:
    return {
        name: to_text(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
