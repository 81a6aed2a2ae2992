"""The San Francisco fire department's log: one row per unit sent, with the whole chain from received to available."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from exchange.calllogs.extent import Extent
from exchange.calllogs.local_time import happened_twice, need_local, read_local
from exchange.calllogs.model import CallLog, LoggedCall, LoggedUnit, Moment, Step
from exchange.calllogs.rows import BadRow, Row, one_of, refusal, required, take_rows
from exchange.calllogs.sf_words import CANCELLED, CATEGORIES, DISPOSITIONS, PRIORITIES, UNITS
from incidents.model import Priority
from vocabulary.place import Place

NAME: Final = "sf"
ZONE: Final = ZoneInfo("America/Los_Angeles")
FORM: Final = "%m/%d/%Y %I:%M:%S %p"
# The city with Treasure Island and the bay shore, and 5 km around.
EXTENT: Final = Extent(-122.60, 37.64, -122.29, 37.88)

TIMES: Final = {
    Moment.RECEIVED: "Received DtTm",
    Moment.ENTRY: "Entry DtTm",
    Moment.DISPATCH: "Dispatch DtTm",
    Moment.RESPONSE: "Response DtTm",
    Moment.ON_SCENE: "On Scene DtTm",
    Moment.TRANSPORT: "Transport DtTm",
    Moment.HOSPITAL: "Hospital DtTm",
    Moment.AVAILABLE: "Available DtTm",
}
_ALWAYS: Final = frozenset({Moment.RECEIVED, Moment.ENTRY, Moment.DISPATCH})
_OF_THE_CALL: Final = frozenset({Moment.RECEIVED, Moment.ENTRY})
# What we replay; a mistake in the way to hospital costs that time, not the row.
_BACKBONE: Final = tuple(m for m in Moment if m not in {Moment.TRANSPORT, Moment.HOSPITAL})
_LOCATION: Final = re.compile(r"\((?P<lat>[^,()]+), (?P<lon>[^,()]+)\)")
COLUMNS: Final = (
    *TIMES.values(),
    *("Call Number", "Unit ID", "Call Type", "Call Final Disposition", "Address"),
    *("Original Priority", "Unit Type", "Location"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _UnitRow:
    call: str
    unit: LoggedUnit
    kind: str
    category: str
    address: str
    place: Place
    priority: Priority
    disposition: str
    times: dict[Moment, datetime]
    hospital_dropped: bool

    @property
    def of_the_call(self) -> tuple[object, ...]:
        """Return what every row of one call must have alike."""
        return self.category, self.place, self.priority, self.times[Moment.RECEIVED]


def read(file: Path) -> CallLog:
    """Return the log's calls in the order in which they came in; every row is in one of them or is refused."""
    taken, refused = take_rows(file, COLUMNS, _unit_row)
    total = len(taken) + len(refused)
    by_call: dict[str, list[_UnitRow]] = {}
    for line, row in taken:
        try:
            _join(by_call.setdefault(row.call, []), row)
        except BadRow as bad:
            refused.append(refusal(line, bad))
    calls = sorted(map(_call, by_call.values()), key=lambda call: (call.received_at, call.key))
    kept = [row for rows in by_call.values() for row in rows]
    return CallLog(
        name=NAME,
        rows=total,
        calls=tuple(calls),
        refused=tuple(sorted(refused, key=lambda row: row.line)),
        remarks=_remarks(kept),
    )


def _remarks(kept: list[_UnitRow]) -> Counter[str]:
    remarks: Counter[str] = Counter()
    for row in kept:
        remarks["never_responded"] += Moment.RESPONSE not in row.times
        remarks["never_on_scene"] += Moment.ON_SCENE not in row.times
        remarks["available_missing"] += Moment.AVAILABLE not in row.times
        remarks["hospital_time_dropped"] += row.hospital_dropped
        remarks["time_ambiguous"] += any(happened_twice(at, ZONE) for at in row.times.values())
    return +remarks


def _unit_row(row: Row) -> _UnitRow:
    kind, department = one_of(UNITS, row, "Unit Type", "unit_kind_unknown")
    times, dropped = _times(row)
    found = _LOCATION.fullmatch(row["Location"].strip())
    if found is None:
        raise BadRow("place_unreadable", "Location", row["Location"])
    return _UnitRow(
        call=required(row, "Call Number"),
        unit=LoggedUnit(id=required(row, "Unit ID"), kind=kind, department=department),
        kind=required(row, "Call Type"),
        category=one_of(CATEGORIES, row, "Call Type", "category_unknown"),
        address=required(row, "Address"),
        place=EXTENT.place(found["lon"], found["lat"], "Location"),
        priority=one_of(PRIORITIES, row, "Original Priority", "priority_unknown"),
        disposition=one_of(DISPOSITIONS, row, "Call Final Disposition", "disposition_unknown"),
        times=times,
        hospital_dropped=dropped,
    )


def _times(row: Row) -> tuple[dict[Moment, datetime], bool]:
    times: dict[Moment, datetime] = {}
    for moment, field in TIMES.items():
        read_time = need_local if moment in _ALWAYS else read_local
        at = read_time(row, field, FORM, ZONE)
        if at is not None:
            times[moment] = at
    for earlier, later in pairwise([m for m in _BACKBONE if m in times]):
        if times[later] < times[earlier]:
            raise BadRow("time_out_of_order", TIMES[later], row[TIMES[later]])
    in_order = all(times[a] <= times[b] for a, b in pairwise(times))
    if not in_order:
        times.pop(Moment.TRANSPORT, None)
        times.pop(Moment.HOSPITAL, None)
    return times, not in_order


def _join(rows: list[_UnitRow], row: _UnitRow) -> None:
    if any(other.unit.id == row.unit.id for other in rows):
        raise BadRow("row_twice", "Unit ID", f"{row.call}-{row.unit.id}")
    if rows and rows[0].of_the_call != row.of_the_call:
        raise BadRow("call_disagrees", "Call Number", row.call)
    rows.append(row)


def _call(rows: list[_UnitRow]) -> LoggedCall:
    first = rows[0]
    chain = [
        Step(moment=moment, at=first.times[moment]) for moment in Moment if moment in _OF_THE_CALL
    ]
    chain += [
        Step(moment=moment, at=at, unit=row.unit.id)
        for row in rows
        for moment, at in row.times.items()
        if moment not in _OF_THE_CALL
    ]
    order = list(Moment)
    chain.sort(key=lambda step: (step.at, order.index(step.moment), step.unit or ""))
    return LoggedCall(
        log=NAME,
        key=first.call,
        text=f"{first.kind}, {first.address}",
        address=first.address,
        category=first.category,
        place=first.place,
        received_at=first.times[Moment.RECEIVED],
        priority=first.priority,
        disposition=_disposition(rows),
        units=tuple(row.unit for row in rows),
        chain=tuple(chain),
    )


def _disposition(rows: list[_UnitRow]) -> str:
    # Nobody was there to treat or to carry anyone, whatever the outcome column says.
    arrived = any(Moment.ON_SCENE in row.times for row in rows)
    return rows[0].disposition if arrived else CANCELLED
