"""What is read of a case for the figures, a row per column; instants are seconds since 1970, NaN for none."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from indicators.record import CaseRecord


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `word` columns hold a code of the frame's vocabulary, `text` objects, `flag` truth, the rest numbers."""

    name: str
    kind: str
    read: Callable[[Any], Any]


def seconds(instant: datetime | None) -> float:
    """Return an instant as seconds since 1970, NaN for none."""
    return np.nan if instant is None else instant.timestamp()


def _when(name: str, field: str) -> Column:
    return Column(name, "number", lambda row: seconds(getattr(row, field)))


def _word(name: str) -> Column:
    return Column(name, "word", lambda row: str(getattr(row, name)))


def _amount(name: str) -> Column:
    return Column(name, "number", lambda row: float(getattr(row, name)))


# What every frame has: whose row it is, by what it is grouped, and whether it counts at all.
_COMMON: Final = (
    Column("id", "text", lambda case: case.id),
    Column("exercise", "flag", lambda case: case.exercise),
    *map(_word, ("town", "category", "source", "priority", "state")),
    _when("held", "held_at"),
    _when("resumed", "resumed_at"),
    _when("reported", "reported_at"),
)


def _arriving(case: CaseRecord) -> float:
    """Return when the unit that was there first had set off, NaN where it did not say so."""
    there = [ride for ride in case.rides if ride.on_scene_at is not None]
    first = min(there, key=lambda ride: seconds(ride.on_scene_at), default=None)
    if first is None or first.on_scene_at != case.arrived_at:
        return np.nan
    return seconds(first.enroute_at)


CASE_COLUMNS: Final = (
    *_COMMON,
    _word("lane"),
    Column("department", "word", lambda case: case.lead),
    _word("disposition"),
    Column("by", "word", lambda case: case.opened_by),
    Column("verified", "flag", lambda case: case.verified),
    *(
        _when(name, f"{name}_at")
        for name in ("opened", "filed", "dispatched", "arrived", "controlled", "resolved", "ended")
    ),
    _when("close_due", "close_due_at"),
    Column("arriving_enroute", "number", _arriving),
    *(
        _amount(name)
        for name in ("rework_n", "returned_n", "extended_n", "episode", "lon_deg", "lat_deg")
    ),
)
VISIT_COLUMNS: Final = (
    *map(_word, ("stage", "lane", "department", "by", "begun_by", "ended")),
    *(_when(name, f"{name}_at") for name in ("started", "due", "done")),
)
RIDE_COLUMNS: Final = (
    Column("by", "word", lambda ride: ride.unit),
    _word("ended"),
    *(_when(name, f"{name}_at") for name in ("offered", "acked", "enroute", "on_scene")),
    _when("done", "ended_at"),
)
# What a stage or a unit's way takes over from its case.
OF_THE_CASE: Final = tuple(column.name for column in _COMMON)
