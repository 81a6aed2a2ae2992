"""The journal: what happened, in order, kept before it is told. One writer thread, group commit, each work all or nothing."""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from time import monotonic
from typing import Any, Protocol, TypeVar

import structlog
from sqlalchemy import Connection, Engine, bindparam, select
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
)

from storage.engine import Store
from storage.newest import NewestEvents
from storage.tables import events
from storage.transaction import NEWEST, EventCodec, Projection, Transaction, read_recorded
from vocabulary.clock import Clock
from vocabulary.errors import Unavailable
from vocabulary.message import Event, Recorded

log = structlog.get_logger()

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
GROUP_MAX = 128  # works in one commit ...
GROUP_S = 0.1  # ... and how long the first of them waits for the last to begin
WRITE_TIMEOUT_S = 2.0
_AFTER = (
    select(events)
    .where(events.c.seq > bindparam("after"))
    .order_by(events.c.seq)
    .limit(bindparam("most"))
)
_STREAM = select(events).where(events.c.stream == bindparam("of")).order_by(events.c.version)


class Work(Protocol[T_co]):
    """A piece of work inside a transaction; what it raises undoes it alone."""

    def __call__(self, transaction: Transaction, /) -> T_co:
        """Do it."""
        ...


Waiting = tuple[Work[Any], "Future[Any]"]


class Journal:
    """Append-only events with a gap-free global `seq`, over SQLite or PostgreSQL."""

    def __init__(
        self, store: Store, codec: EventCodec, clock: Clock, projections: Sequence[Projection] = ()
    ) -> None:
        self.store = store
        self.codec = codec
        self.clock = clock
        self.projections = tuple(projections)
        self.newest = NewestEvents()
        self._works: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._listeners: list[Callable[[int], None]] = []
        self._thread = threading.Thread(target=self._write_forever, name="journal", daemon=True)

    def start(self) -> None:
        """Start the writer thread."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is queued, then stop the writer thread."""
        if self._thread.is_alive():
            self._works.put(None)
            self._thread.join(timeout=10)

    def on_commit(self, listener: Callable[[int], None]) -> None:
        """Call `listener(newest seq)` from the writer thread after every commit that added events."""
        self._listeners.append(listener)

    async def write(self, work: Work[T], timeout_s: float = WRITE_TIMEOUT_S) -> T:
        """Run `work` in a transaction and return its result once it is durable.

        Raises what `work` raises (its part is undone), or Unavailable when the store does not take it.
        """
        future = self._submit(work)
        try:
            # Not wait_for: on Python 3.11 it loses a cancellation that comes as the work completes.
            async with asyncio.timeout(timeout_s):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise Unavailable("store.slow", seconds=timeout_s) from None

    def write_blocking(self, work: Work[T], timeout_s: float | None = None) -> T:
        """Do as `write` does, from a thread that may wait."""
        return self._submit(work).result(timeout_s)

    def _submit(self, work: Work[T]) -> "Future[T]":
        future: Future[T] = Future()
        self._works.put((work, future))
        return future

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a read connection in a thread; one call sees one instant of the store."""
        return await asyncio.to_thread(self.read_blocking, work)

    def read_blocking(self, work: Callable[[Connection], T]) -> T:
        """Do as `read` does, in this thread."""
        try:
            with snapshot_of(self.store.reader) as connection:
                return work(connection)
        except DBAPIError as problem:
            raise Unavailable("store.unavailable", problem=first_line(problem)) from problem

    async def events_after(self, seq: int, limit: int = 500) -> list[Recorded[Event]]:
        """Return the events after `seq` in order, at most `limit`."""
        if held := self.newest.after(seq, limit):
            return held
        return await self.read(lambda connection: self.select_after(connection, seq, limit))

    def select_after(self, connection: Connection, seq: int, limit: int) -> list[Recorded[Event]]:
        """Return the events after `seq` as seen on `connection`."""
        rows = connection.execute(_AFTER, {"after": seq, "most": limit})
        return [read_recorded(row, self.codec) for row in rows]

    async def stream(self, stream: str) -> list[Recorded[Event]]:
        """Return the whole history of one stream in order."""
        return await self.read(lambda connection: self.select_stream(connection, stream))

    def select_stream(self, connection: Connection, stream: str) -> list[Recorded[Event]]:
        """Return the history of one stream as seen on `connection`."""
        rows = connection.execute(_STREAM, {"of": stream})
        return [read_recorded(row, self.codec) for row in rows]

    async def last_seq(self) -> int:
        """Return the newest `seq`, 0 for an empty journal."""
        return await self.read(select_last_seq)

    # --- the writer thread ---

    def _write_forever(self) -> None:
        while (first := self._works.get()) is not None:
            self._write_group(first)

    def _waiting(self, first: Waiting) -> Iterator[Waiting]:
        """Yield what waits and is still wanted, as long as who came first may be kept."""
        item: Waiting | None = first
        until = monotonic() + GROUP_S
        for place in range(1, GROUP_MAX + 1):
            if item is None:
                self._works.put(None)  # for the loop, once these are kept
                return
            if item[1].set_running_or_notify_cancel():
                yield item
            if place == GROUP_MAX or self._works.empty() or monotonic() > until:
                return
            item = self._works.get()

    def _write_group(self, first: Waiting) -> None:
        begun: list[Waiting] = []
        results: list[tuple[Future[Any], Any, Exception | None]] = []
        try:
            with self.store.writer.begin() as connection:
                transaction = Transaction(connection, self.codec, self.clock, self.projections)
                for item in self._waiting(first):
                    # One that is alone needs no savepoint: two statements less on a quiet day.
                    alone = not begun and self._works.empty()
                    begun.append(item)
                    results.append(self._run_one(transaction, *item, alone=alone))
                    if alone:
                        break
        except (SQLAlchemyError, OSError) as problem:
            log.exception("journal_write_failed", problem=first_line(problem), works=len(begun))
            self._fail(first, begun, Unavailable("store.unavailable", problem=first_line(problem)))
            return
        if transaction.kept:
            self.newest.add(transaction.kept)
            self._tell(transaction.seq)
        for future, result, failure in results:
            if failure is None:
                future.set_result(result)
            else:
                future.set_exception(failure)

    def _fail(self, first: Waiting, begun: list[Waiting], failure: Unavailable) -> None:
        if not begun and first[1].set_running_or_notify_cancel():
            begun = [first]  # not even the transaction could be begun
        for _, future in begun:
            future.set_exception(failure)

    def _run_one(
        self, transaction: Transaction, work: Work[T], future: "Future[T]", *, alone: bool
    ) -> tuple["Future[T]", T | None, Exception | None]:
        savepoint = None if alone else transaction.connection.begin_nested()
        with transaction.piece(savepoint) as piece:
            try:
                return future, work(transaction), None
            except (OperationalError, InterfaceError, InternalError):
                raise  # the store itself failed: nobody in this group is kept
            except Exception as failure:  # noqa: BLE001 - handed to who asked, who raises it
                piece.undo()
                return future, None, failure

    def _tell(self, seq: int) -> None:
        for listener in self._listeners:
            try:
                listener(seq)
            except Exception:
                log.exception("commit_listener_failed")


def snapshot_of(engine: Engine) -> Any:
    """Return a context that yields a connection whose reads all see one instant."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    return engine.begin()


def select_last_seq(connection: Connection) -> int:
    """Return the newest `seq` as seen on `connection`."""
    return int(connection.execute(NEWEST).scalar_one())


def first_line(problem: Exception) -> str:
    """Return the driver's own first line, without SQL or parameters."""
    cause = getattr(problem, "orig", None) or problem
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__
