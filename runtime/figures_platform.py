"""What the console brings of itself to the figures: how soon dispatches were painted, and trial dispatches (P01, P04)."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection

from indicators.columns import Column, seconds
from indicators.frame import Frame, Frames
from runtime.figures_sources import A_MINUTE, EVER, Source, turn_of
from storage.painted import QUARTER, painted_since
from storage.trials import trials_since
from vocabulary.clock import Clock

OVERLAP: Final = QUARTER + timedelta(minutes=5)
Read = Callable[[Connection, datetime], Sequence[Any]]

PAINTED_COLUMNS: Final = (
    Column("id", "text", lambda _row: ""),
    Column("at", "number", lambda row: seconds(row.quarter_at)),
    Column("latency_s", "number", lambda row: row.ms / 1000),
    Column("times", "number", lambda row: float(row.times)),
)
TRIAL_COLUMNS: Final = (
    Column("id", "text", lambda _row: ""),
    Column("at", "number", lambda row: seconds(row.begun_at)),
    Column("took_s", "number", lambda row: np.nan if row.took_ms is None else row.took_ms / 1000),
)


class Kept:
    """One frame over rows that are kept as time goes on; those of the last minutes are looked at again."""

    def __init__(
        self,
        clock: Clock,
        name: str,
        columns: Sequence[Column],
        read: Read,
        key: Callable[[Any], str],
    ) -> None:
        self._clock, self._name, self._read, self._key = clock, name, read, key
        self._frame = Frame(columns)
        self._looked_at = EVER

    @property
    def mark(self) -> str:
        """Return what changes with the minute: no event tells of these rows."""
        return turn_of(self._clock, A_MINUTE)

    def bring(self, connection: Connection, frames: Frames) -> None:
        """Bring the frame, empty where nothing was kept yet: that is not no source."""
        found = self._read(connection, self._looked_at - OVERLAP)
        self._frame.put_all([(self._key(row), [row]) for row in found])
        self._looked_at = self._clock.now()
        self._frame.settle()
        frames.bring(self._name, self._frame)


def platform_sources(clock: Clock, *, tries: bool) -> tuple[Source, ...]:
    """Return what the console knows of itself; a console that tries no dispatches has no figure of them."""
    painted = Kept(
        clock, "dispatches", PAINTED_COLUMNS, painted_since, lambda row: f"{row.quarter_at} {row.ms}"
    )  # fmt: skip
    tried = Kept(clock, "trials", TRIAL_COLUMNS, trials_since, lambda row: str(row.id))
    return (painted, tried) if tries else (painted,)
