"""Readings: kept at once as packed columns, laid out by channel and time soon after, rolled up, and forgotten by age.

A reading laid straight under its key touches a page of the store for every channel. What has been acknowledged is therefore
first a row of packed columns in the order of arrival, and goes under `(channel, observed_us)` with its neighbours. Read is both.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from sensors.batch import Batch, batch_of, joined
from sensors.history import Buckets, concatenated, rolled
from storage.reading_rows import (
    LEVELS,
    MINUTE_US,
    QUARTER_US,
    buckets,
    newest_last,
    of_rows,
    packed,
    rolling,
    unpacked,
    within,
)

LAID_AT: Final = 400_000  # so many wait at most before they are laid out
ROLLED_AT_ONCE: Final = 20_000  # quarters of channels to a transaction


class Database(Protocol):
    """SQLite or PostgreSQL, as far as readings need them."""

    mark: str

    def transaction(self) -> AbstractContextManager[Any]:
        """Return a cursor whose work is kept when the block ends."""
        ...

    def reading(self) -> AbstractContextManager[Any]:
        """Return a cursor to read with."""
        ...

    def lay(self, cursor: Any, batch: Batch) -> None:
        """Put rows under their keys; one that is there already is overwritten."""
        ...

    def close(self) -> None:
        """Let go."""
        ...


class StoredReadings:
    """The hot store. `keep` and `lay_out` may be called from different threads; reads from any."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._write = threading.Lock()
        self._waiting: list[tuple[int, Batch]] = []
        with database.reading() as cursor:
            cursor.execute("SELECT seq, columns FROM arrivals ORDER BY seq")
            self._waiting = [(seq, unpacked(bytes(packed))) for seq, packed in cursor.fetchall()]
        self._seq = self._waiting[-1][0] if self._waiting else 0

    # --- in ---

    def keep(self, batch: Batch) -> None:
        """Keep a batch: durable when this returns."""
        if not len(batch):
            return
        mark = self._database.mark
        with self._write:
            seq = self._seq + 1
            with self._database.transaction() as cursor:
                insert = f"INSERT INTO arrivals VALUES ({mark}, {mark})"  # noqa: S608
                cursor.execute(insert, (seq, packed(batch)))
            self._seq = seq
        with self._lock:
            self._waiting.append((seq, batch))

    @property
    def waiting(self) -> int:
        """Return how many readings are kept and not yet laid out."""
        return sum(map(len, self.arrived()))

    def lay_out(self) -> int:
        """Put what waits under its keys; return how many rows."""
        with self._lock:
            taken = list(self._waiting)
        if not taken:
            return 0
        rows = newest_last(joined([batch for _, batch in taken]))
        quarters = np.unique(
            np.column_stack([rows.channel, rows.observed_us // QUARTER_US]), axis=0
        )
        mark = self._database.mark
        with self._write, self._database.transaction() as cursor:
            self._database.lay(cursor, rows)
            cursor.executemany(
                f"INSERT INTO unrolled VALUES ({mark}, {mark}) ON CONFLICT DO NOTHING",  # noqa: S608
                quarters.tolist(),
            )
            cursor.execute(f"DELETE FROM arrivals WHERE seq <= {mark}", (taken[-1][0],))  # noqa: S608
        with self._lock:
            self._waiting = self._waiting[len(taken) :]
        return len(rows)

    def roll_up(self, now_us: int) -> None:
        """Make the roll-ups of every quarter that is over, late readings' quarters among them; a long backlog goes lot by lot."""
        over = (now_us - MINUTE_US) // QUARTER_US
        while (before := self._next_lot(over)) is not None:
            with self._write, self._database.transaction() as cursor:
                for statement in rolling(self._database.mark):
                    cursor.execute(statement, (before,))

    def _next_lot(self, over: int) -> int | None:
        """Return the quarter before which some ROLLED_AT_ONCE are not rolled up, `over` at most; none where all are."""
        mark = self._database.mark
        lot = f"SELECT quarter FROM unrolled WHERE quarter < {mark} ORDER BY quarter LIMIT {mark}"  # noqa: S608
        query = f"SELECT COUNT(*), MIN(quarter), MAX(quarter) FROM ({lot}) AS lot"  # noqa: S608
        with self._database.reading() as cursor:
            cursor.execute(query, (over, ROLLED_AT_ONCE + 1))
            count, first, last = cursor.fetchone()
        if not count:
            return None
        return over if count <= ROLLED_AT_ONCE else max(int(last), int(first) + 1)

    def forget(self, raw_before_us: int, minutes_before_us: int, quarters_before_us: int) -> int:
        """Forget readings and roll-ups by their age; hours stay. Return how many readings went."""
        mark = self._database.mark
        with self._write, self._database.transaction() as cursor:
            cursor.execute(f"DELETE FROM readings WHERE observed_us < {mark}", (raw_before_us,))  # noqa: S608
            gone = int(cursor.rowcount)
            for level, before in ((1, minutes_before_us), (15, quarters_before_us)):
                statement = f"DELETE FROM rollups WHERE level = {level} AND at_us < {mark}"  # noqa: S608
                cursor.execute(statement, (before,))
        return gone

    # --- out ---

    def raw(self, channel: int, from_us: int, to_us: int) -> Batch:
        """Return one channel's readings of [from, to) in order of time."""
        mark = self._database.mark
        query = (
            "SELECT observed_us, lag_ms, value, quality FROM readings"  # noqa: S608
            f" WHERE channel = {mark} AND observed_us >= {mark} AND observed_us < {mark} ORDER BY observed_us"
        )
        waiting = self.arrived()
        with self._database.reading() as cursor:
            cursor.execute(query, (channel, from_us, to_us))
            laid = of_rows(channel, cursor.fetchall())
        fresh = [within(batch, channel, from_us, to_us) for batch in waiting]
        return newest_last(joined([laid, *fresh]))

    def known(self, rows: Batch) -> NDArray[np.bool_]:
        """Say which rows are kept already, with the same value."""
        found = np.zeros(len(rows), dtype=bool)
        for at, one in enumerate(
            zip(rows.channel.tolist(), rows.observed_us.tolist(), strict=True)
        ):
            there = self.raw(one[0], one[1], one[1] + 1)
            found[at] = len(there) == 1 and there.value[0] == rows.value[at]
        return found

    def buckets(self, level: int, channel: int, from_us: int, to_us: int) -> Buckets:
        """Return roll-ups of one level; the quarters that are not rolled up yet are made from their readings."""
        mark, width = self._database.mark, LEVELS[level]
        span = (channel, from_us - from_us % width, to_us)
        waiting = [within(batch, channel, from_us, to_us) for batch in self.arrived()]
        open_quarters = {
            int(us) // QUARTER_US for one in waiting for us in one.observed_us.tolist()
        }
        with self._database.reading() as cursor:
            cursor.execute(f"SELECT quarter FROM unrolled WHERE channel = {mark}", (channel,))  # noqa: S608
            open_quarters |= {int(row[0]) for row in cursor.fetchall()}
            cursor.execute(
                "SELECT at_us, least, most, total, good, bad FROM rollups"  # noqa: S608
                f" WHERE level = {level} AND channel = {mark} AND at_us >= {mark} AND at_us < {mark} ORDER BY at_us",
                span,
            )
            rows = cursor.fetchall()
        made = buckets(rows)
        hidden = {at - at % width for at in (quarter * QUARTER_US for quarter in open_quarters)}
        if not hidden:
            return made
        return self._mended(made, level, channel, hidden, (from_us, to_us))

    def _mended(
        self, made: Buckets, level: int, channel: int, hidden: set[int], span: tuple[int, int]
    ) -> Buckets:
        """Return roll-ups with those of unfinished quarters made anew from what is kept."""
        width = max(LEVELS[level], QUARTER_US)
        stale = {at - at % width for at in hidden}
        stands = ~np.isin(made.at_us - made.at_us % width, list(stale))
        wanted = sorted(at for at in stale if at < span[1] and at + width > span[0])
        # What was filled back is one stretch: read as such, not hour by hour.
        parts = [
            rolled(self.raw(channel, first, end), LEVELS[level])
            for first, end in _runs(wanted, width)
        ]
        return concatenated([made.where(stands), *parts])

    def between(self, from_us: int, to_us: int, most: int) -> Iterator[Batch]:
        """Yield all channels' readings of [from, to) that are laid out, by channel and time, in batches of about `most`."""
        mark = self._database.mark
        with self._database.reading() as cursor:
            cursor.execute("SELECT DISTINCT channel FROM rollups WHERE level = 60")
            numbers = sorted(int(row[0]) for row in cursor.fetchall())
        query = (
            "SELECT observed_us, lag_ms, value, quality FROM readings"  # noqa: S608
            f" WHERE channel = {mark} AND observed_us >= {mark} AND observed_us < {mark} ORDER BY observed_us"
        )
        parts: list[Batch] = []
        with self._database.reading() as cursor:
            for number in numbers:
                cursor.execute(query, (number, from_us, to_us))
                parts.append(of_rows(number, cursor.fetchall()))
                if sum(map(len, parts)) >= most:
                    yield joined(parts)
                    parts = []
        if any(map(len, parts)):
            yield joined(parts)

    def arrived(self) -> list[Batch]:
        """Return what is kept and not yet laid out, in the order in which it came."""
        with self._lock:
            return [batch for _, batch in self._waiting]

    def newest(self, *, laid_only: bool = False) -> Batch:
        """Return the newest reading of every channel; `laid_only`: of those that are laid out."""
        waiting = [] if laid_only else self.arrived()
        query = (
            "SELECT r.channel, r.observed_us, r.lag_ms, r.value, r.quality FROM readings r JOIN"
            " (SELECT channel, max(observed_us) AS at FROM readings GROUP BY channel) n"
            " ON n.channel = r.channel AND n.at = r.observed_us"
        )
        with self._database.reading() as cursor:
            cursor.execute(query)
            rows = cursor.fetchall()
        laid = batch_of(
            [row[0] for row in rows],
            [row[1] for row in rows],
            [row[1] + row[2] * 1000 for row in rows],
            [row[3] for row in rows],
            [row[4] for row in rows],
        )
        every = newest_last(joined([laid, *waiting]))
        last = np.ones(len(every), dtype=bool)
        last[:-1] = np.diff(every.channel) != 0
        return every.where(last)

    def close(self) -> None:
        """Let the database go."""
        self._database.close()


def _runs(starts: Iterable[int], width: int) -> list[tuple[int, int]]:
    """Return stretches [first, end) of neighbouring starts, which are in order."""
    runs: list[tuple[int, int]] = []
    for at in starts:
        first = at
        if runs and runs[-1][1] == at:
            first, _ = runs.pop()
        runs.append((first, at + width))
    return runs
