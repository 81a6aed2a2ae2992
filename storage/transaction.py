"""One transaction of the journal: appends with compare-and-set, the outbox and projections, and pieces that can be undone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

import orjson
from sqlalchemy import Connection, NestedTransaction, Row, bindparam, func, insert, select

from storage.links import link, sealed
from storage.tables import events, outbox
from vocabulary.clock import Clock, to_text
from vocabulary.errors import Refused
from vocabulary.ids import new_id
from vocabulary.message import Actor, Event, Recorded

NEWEST = select(func.coalesce(func.max(events.c.seq), 0))
_LAST = (
    select(events.c.version, events.c.chain, events.c.actor, events.c.recorded_at)
    .where(events.c.stream == bindparam("stream"))
    .order_by(events.c.version.desc())
    .limit(1)
)
_KEEP = insert(events)
_TO_TELL = insert(outbox)


class EventCodec(Protocol):
    """Turns events into JSON bytes and back."""

    def encode(self, event: Event) -> bytes:
        """Return the event as JSON."""
        ...

    def decode(self, payload: bytes) -> Event:
        """Return the event that `encode` wrote."""
        ...


class Projection(Protocol):
    """Tables derived from events, inside the transaction that keeps them."""

    def hear(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Bring the tables up to date with one event."""
        ...

    def clear(self, connection: Connection) -> None:
        """Empty the tables before they are made anew."""
        ...


class Piece:
    """One work's part of a group commit."""

    def __init__(self) -> None:
        self.undone = False

    def undo(self) -> None:
        """Ask that this piece leave no trace."""
        self.undone = True


class Transaction:
    """What a work may do: append events, and use `connection` for the stores beside them."""

    def __init__(
        self,
        connection: Connection,
        codec: EventCodec,
        clock: Clock,
        projections: Sequence[Projection],
    ) -> None:
        self.connection = connection
        self.clock = clock
        self.kept: list[Recorded[Event]] = []
        # What was read here and holds until something is appended; whoever reads it names it.
        self.memory: dict[str, Any] = {}
        self._codec = codec
        self._projections = projections
        self._seq: int | None = None

    @property
    def seq(self) -> int:
        """Return the newest seq, this transaction's own included."""
        if self._seq is None:
            self._seq = int(self.connection.execute(NEWEST).scalar_one())
        return self._seq

    @contextmanager
    def piece(self, savepoint: NestedTransaction | None) -> Iterator[Piece]:
        """Run one work up to the savepoint's release, or its undoing; without one the whole transaction is undone."""
        seq, appended = self._seq, len(self.kept)
        piece = Piece()
        yield piece
        if piece.undone:
            (savepoint or self.connection).rollback()
            self._seq = seq
            del self.kept[appended:]
            self.memory.clear()
        elif savepoint is not None:
            savepoint.commit()

    def append(
        self,
        stream: str,
        expected_version: int,
        appended: Sequence[Event],
        *,
        actor: Actor,
        source_at: datetime | None = None,
        cause_id: str | None = None,
    ) -> list[Recorded[Event]]:
        """Keep events at the end of `stream`.

        Raises Refused `journal.stale` when the stream is not at `expected_version` (0 = it does not exist yet).
        """
        last = self._last_of(stream)
        current = last.version if last else 0
        if current != expected_version:
            raise _stale(last, expected_version)
        chain = last.chain if last else ""
        kept: list[Recorded[Event]] = []
        rows: list[dict[str, Any]] = []
        for version, event in enumerate(appended, start=expected_version + 1):
            data = self._codec.encode(event)
            recorded = self._recorded(stream, version, event, actor, source_at, cause_id)
            row = _row(recorded, data)
            row["chain"] = chain = link(chain, sealed(row))
            kept.append(replace(recorded, chain=chain))
            rows.append(row)
        self._keep(kept, rows)
        return kept

    def _last_of(self, stream: str) -> "Row[int, str, str, datetime] | None":
        return self.connection.execute(_LAST, {"stream": stream}).first()

    def _recorded(
        self,
        stream: str,
        version: int,
        event: Event,
        actor: Actor,
        source_at: datetime | None,
        cause_id: str | None,
    ) -> Recorded[Event]:
        self._seq = self.seq + 1
        return Recorded(
            seq=self._seq,
            event_id=new_id(),
            stream=stream,
            version=version,
            event=event,
            recorded_at=self.clock.now(),
            source_at=source_at,
            actor=actor,
            cause_id=cause_id,
            chain="",
        )

    def _keep(self, kept: Sequence[Recorded[Event]], rows: list[dict[str, Any]]) -> None:
        if not kept:
            return
        self.memory.clear()
        self.kept += kept
        self.connection.execute(_KEEP, rows)
        self.connection.execute(_TO_TELL, [{"seq": one.seq} for one in kept])
        for recorded in kept:
            for projection in self._projections:
                projection.hear(self.connection, recorded)


def _row(recorded: Recorded[Event], data: bytes) -> dict[str, Any]:
    return {
        "seq": recorded.seq,
        "event_id": recorded.event_id,
        "stream": recorded.stream,
        "version": recorded.version,
        "kind": recorded.event.kind,
        "data": data.decode(),
        "recorded_at": recorded.recorded_at,
        "source_at": recorded.source_at,
        "actor": write_actor(recorded.actor),
        "cause_id": recorded.cause_id,
        "chain": recorded.chain,
    }


def read_recorded(row: Row[Any], codec: EventCodec) -> Recorded[Event]:
    """Return the event that a row of `events` keeps."""
    return Recorded(
        seq=row.seq,
        event_id=row.event_id,
        stream=row.stream,
        version=row.version,
        event=codec.decode(row.data.encode()),
        recorded_at=row.recorded_at,
        source_at=row.source_at,
        actor=read_actor(row.actor),
        cause_id=row.cause_id,
        chain=row.chain,
    )


def write_actor(actor: Actor) -> str:
    """Return an actor as JSON text."""
    return orjson.dumps(
        {
            "id": actor.id,
            "name": actor.name,
            "kind": actor.kind,
            "roles": sorted(actor.roles),
            "department": actor.department,
        }
    ).decode()


def read_actor(text: str) -> Actor:
    """Return the actor that `write_actor` wrote."""
    value = orjson.loads(text)
    return Actor(**{**value, "roles": frozenset(value["roles"])})


def _stale(last: "Row[int, str, str, datetime] | None", expected: int) -> Refused:
    who = read_actor(last.actor).name if last else "-"
    at = to_text(last.recorded_at) if last else "-"
    return Refused(
        "journal.stale",
        who=who,
        at=at,
        current_version=last.version if last else 0,
        expected=expected,
    )
