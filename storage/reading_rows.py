"""Rows of readings on their way in and out of the store, and the statements that roll them up."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from sensors.batch import Batch, batch_of
from sensors.history import Buckets
from sensors.model import MEASURED

MINUTE_US: Final = 60_000_000
QUARTER_US: Final = 15 * MINUTE_US
HOUR_US: Final = 60 * MINUTE_US
LEVELS: Final = {1: MINUTE_US, 15: QUARTER_US, 60: HOUR_US}
GOOD: Final = ", ".join(str(int(one)) for one in sorted(MEASURED))


def rolling(mark: str) -> Iterator[str]:
    """Yield the statements that roll up the quarters before one, which is their only parameter."""
    for level, width in LEVELS.items():
        whole = max(width, QUARTER_US)  # an hour is made anew as a whole
        each = whole // QUARTER_US
        yield (
            "INSERT INTO rollups (level, channel, at_us, least, most, total, good, bad)"  # noqa: S608
            f" SELECT {level}, r.channel, r.observed_us / {width} * {width},"
            f" min(CASE WHEN r.quality IN ({GOOD}) THEN r.value END), max(CASE WHEN r.quality IN ({GOOD}) THEN r.value END),"
            f" sum(CASE WHEN r.quality IN ({GOOD}) THEN r.value END),"
            f" sum(CASE WHEN r.quality IN ({GOOD}) THEN 1 ELSE 0 END),"
            f" sum(CASE WHEN r.quality IN ({GOOD}) THEN 0 ELSE 1 END)"
            f" FROM (SELECT DISTINCT channel, quarter / {each} AS part FROM unrolled WHERE quarter < {mark}) u"
            f" JOIN readings r ON r.channel = u.channel AND r.observed_us >= u.part * {whole}"
            f" AND r.observed_us < (u.part + 1) * {whole}"
            f" GROUP BY r.channel, r.observed_us / {width}"
            " ON CONFLICT (level, channel, at_us) DO UPDATE SET least = excluded.least, most = excluded.most,"
            " total = excluded.total, good = excluded.good, bad = excluded.bad"
        )
    yield f"DELETE FROM unrolled WHERE quarter < {mark}"  # noqa: S608


def newest_last(batch: Batch) -> Batch:
    """Return rows by channel and time, each key once: what came last stands."""
    order = np.lexsort((np.arange(len(batch)), batch.observed_us, batch.channel))
    rows = batch.at(order)
    last = np.ones(len(rows), dtype=bool)
    last[:-1] = (np.diff(rows.channel) != 0) | (np.diff(rows.observed_us) != 0)
    return rows.where(last)


def within(batch: Batch, channel: int, from_us: int, to_us: int) -> Batch:
    """Return one channel's rows of [from, to)."""
    at = batch.observed_us
    return batch.where((batch.channel == channel) & (at >= from_us) & (at < to_us))


def of_rows(channel: int, rows: Sequence[tuple[Any, ...]]) -> Batch:
    """Return the store's rows of one channel as a batch."""
    return batch_of(
        [channel] * len(rows),
        [row[0] for row in rows],
        [row[0] + row[1] * 1000 for row in rows],
        [row[2] for row in rows],
        [row[3] for row in rows],
    )


def buckets(rows: Sequence[tuple[Any, ...]]) -> Buckets:
    """Return the store's roll-ups as buckets."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    at, good, bad = (np.array(columns[i], dtype=np.int64) for i in (0, 4, 5))
    least, most, total = (np.array(columns[i], dtype=np.float64) for i in (1, 2, 3))
    with np.errstate(invalid="ignore", divide="ignore"):
        return Buckets(at, least, most, total / good, good, bad)


def packed(batch: Batch) -> bytes:
    """Return a batch as bytes, column after column: 33 a row."""
    columns = (batch.channel, batch.observed_us, batch.received_us, batch.value, batch.quality)
    return b"".join(np.ascontiguousarray(column).tobytes() for column in columns)


def unpacked(packed: bytes) -> Batch:
    """Return the batch that `packed` packed."""
    count = len(packed) // 33
    words = np.frombuffer(packed, dtype=np.int64, count=3 * count)
    value = np.frombuffer(packed, dtype=np.float64, count=count, offset=24 * count)
    quality = np.frombuffer(packed, dtype=np.uint8, offset=32 * count)
    return Batch(words[:count], words[count : 2 * count], words[2 * count :], value, quality)
