"""The archive of readings: one Parquet file a day and a part, read by DuckDB. About 5 bytes a reading."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from sensors.batch import Batch, batch_of, to_us
from storage.readings import StoredReadings

DAY: Final = timedelta(days=1)
ROWS_IN_A_PART: Final = 2_000_000
COLUMNS: Final = ("channel", "observed_us", "lag_ms", "value", "quality")


class Archive:
    """Days of readings in a folder; a day that is written is complete, because it is written aside and then named."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def days(self) -> list[date]:
        """Return the days that are archived."""
        return sorted(date.fromisoformat(one.name) for one in self._folder.glob("????-??-??"))

    def write(self, day: date, readings: StoredReadings) -> int:
        """Archive a day; again writes it anew, late readings among the others. Return how many readings."""
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        aside = self._folder / f".{day.isoformat()}"
        aside.mkdir(parents=True, exist_ok=True)
        for old in aside.iterdir():
            old.unlink()
        count = 0
        for part, batch in enumerate(
            readings.between(to_us(start), to_us(start + DAY), ROWS_IN_A_PART)
        ):
            _write(aside / f"{part:04d}.parquet", batch)
            count += len(batch)
        final = self._folder / day.isoformat()
        if final.exists():
            for old in final.iterdir():
                old.unlink()
            final.rmdir()
        aside.rename(final)
        return count

    def read(self, channel: int, from_us: int, to_us_: int) -> Batch:
        """Return one channel's archived readings of [from, to) in order of time."""
        days = [one.isoformat() for one in self.days()]
        files = [
            str(file) for day in days for file in sorted((self._folder / day).glob("*.parquet"))
        ]
        if not files:
            return batch_of([], [], [], [], [])
        import duckdb  # a tenth of a second, and pandas half of one: not at the start

        with duckdb.connect() as connection:
            found = connection.execute(
                "SELECT observed_us, lag_ms, value, quality FROM read_parquet(?)"
                " WHERE channel = ? AND observed_us >= ? AND observed_us < ? ORDER BY observed_us",
                [files, channel, from_us, to_us_],
            ).fetchnumpy()
        value = np.ma.filled(np.ma.asarray(found["value"]).astype(float), np.nan)
        observed, lag_ms, quality = (
            np.asarray(found[name]).astype(np.int64)
            for name in ("observed_us", "lag_ms", "quality")
        )
        return Batch(
            np.full(len(observed), channel, dtype=np.int64),
            observed,
            observed + lag_ms * 1000,
            value,
            quality.astype(np.uint8),
        )


def _write(file: Path, batch: Batch) -> None:
    import duckdb
    import pandas as pd

    rows = pd.DataFrame(
        {
            "channel": batch.channel,
            "observed_us": batch.observed_us,
            "lag_ms": (batch.received_us - batch.observed_us) // 1000,
            "value": batch.value,
            "quality": batch.quality,
        },
        columns=list(COLUMNS),
    )
    with duckdb.connect() as connection:
        connection.register("rows", rows)
        target = str(file).replace("'", "''")
        connection.execute(
            f"COPY (SELECT * FROM rows) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"  # noqa: S608
        )
