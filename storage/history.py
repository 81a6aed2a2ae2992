"""A stream's history with what its chain seals: for papers and files that leave the house and are to be checked there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, bindparam, select

from storage.links import sealed_as_kept
from storage.tables import cases, events

# Events name other cases by id; people read numbers.
CASES_NAMED: Final = ("master", "joined", "parted")
_STREAM: Final = select(events).where(events.c.stream == bindparam("of")).order_by(events.c.version)
_NUMBERS: Final = select(cases.c.id, cases.c.number).where(
    cases.c.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One event as it is kept; `sealed` is the text its link was made of, None where the link does not hold."""

    seq: int
    event_id: str
    version: int
    kind: str
    data: dict[str, Any]
    recorded_at: datetime
    source_at: datetime | None
    actor: dict[str, Any]
    cause_id: str | None
    sealed: str | None
    chain: str


def sealed_history(connection: Connection, stream: str) -> list[Link]:
    """Return the history of a stream, each event with the text that its link seals."""
    found: list[Link] = []
    previous = ""
    for row in connection.execute(_STREAM, {"of": stream}).mappings():
        found.append(
            Link(
                seq=row["seq"],
                event_id=row["event_id"],
                version=row["version"],
                kind=row["kind"],
                data=orjson.loads(row["data"]),
                recorded_at=row["recorded_at"],
                source_at=row["source_at"],
                actor=orjson.loads(row["actor"]),
                cause_id=row["cause_id"],
                sealed=sealed_as_kept(previous, dict(row)),
                chain=row["chain"],
            )
        )
        previous = row["chain"]
    return found


def cases_named(told: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the ids of other cases that events' data name."""
    return {str(data[name]) for data in told for name in CASES_NAMED if data.get(name)}


def numbers_of(connection: Connection, ids: set[str]) -> dict[str, str]:
    """Return the numbers that people read, by the ids of cases; what is no case's id is left out."""
    if not ids:
        return {}
    return {row.id: row.number for row in connection.execute(_NUMBERS, {"ids": sorted(ids)})}
