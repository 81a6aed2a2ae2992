"""Units as a projection of the journal, and the newest position of each as a record of its own."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, select, update

from dispatch.model import Position, Unit
from dispatch.rules import apply
from storage.assignments import asked_for, clear_assignments, project_assignment
from storage.documents import Documents
from storage.tables import positions, units
from storage.transaction import Transaction
from vocabulary.ids import CaseId, UnitId
from vocabulary.message import Actor, Event, Recorded
from vocabulary.place import Place

UNIT_STREAM = "unit:"
UNITS_AT_HAND = 4096
_SEEN = (
    *("unit_id", "lon_deg", "lat_deg", "observed_at", "received_at"),
    *("speed_mps", "heading_deg", "accuracy_m"),
)
_unit_document = TypeAdapter(Unit)


@lru_cache(maxsize=UNITS_AT_HAND)
def _unit_of(document: str) -> Unit:
    """Return a unit from its document; of five hundred a few have changed since they were last asked for."""
    return _unit_document.validate_json(document)


def _beside(unit: Unit) -> dict[str, Any]:
    return {"version": unit.version}


_units = Documents(units, units.c.id, _unit_document, _beside, read=_unit_of)


class UnitProjection:
    """Keeps the tables `units` and `assignments` in step with the units' events."""

    def hear(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Apply one event; those of other rooms are passed over."""
        if not recorded.stream.startswith(UNIT_STREAM):
            return
        before, after = _units.fold(connection, recorded, UNIT_STREAM, apply)
        if after and after.assignment and after.assignment != (before and before.assignment):
            project_assignment(connection, after.assignment)

    def clear(self, connection: Connection) -> None:
        """Empty the tables."""
        connection.execute(delete(units))
        clear_assignments(connection)


class UnitsInTransaction:
    """`dispatch.store.Units` over one transaction of the journal."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def load(self, unit_id: UnitId) -> Unit | None:
        """Return one unit, None where it is not known."""
        return load_unit(self._transaction.connection, unit_id)

    def on_case(self, case_id: CaseId) -> list[Unit]:
        """Return the units assigned to a case."""
        connection = self._transaction.connection
        holds = units.c.document.contains(f'"{case_id}"', autoescape=True)
        found = _units.read(connection, select(units.c.document).where(holds))
        return [unit for unit in found if case_id in unit.cases]

    def everyone(self) -> list[Unit]:
        """Return every unit."""
        return all_units(self._transaction.connection)

    def seen(self) -> dict[UnitId, Position]:
        """Return where each unit was seen last."""
        return {one.unit_id: one for one in all_positions(self._transaction.connection)}

    def asked_for(self, case_id: CaseId) -> set[UnitId]:
        """Return the units that were ever asked to go to a case."""
        return set(asked_for(self._transaction.connection, case_id))

    def append(
        self,
        unit_id: UnitId,
        version: int,
        events: Sequence[Event],
        actor: Actor,
        cause_id: str | None,
        source_at: datetime | None = None,
    ) -> None:
        """Keep events of one unit."""
        if not events:
            return
        self._transaction.append(
            UNIT_STREAM + unit_id,
            version,
            events,
            actor=actor,
            cause_id=cause_id,
            source_at=source_at,
        )


def load_unit(connection: Connection, unit_id: str) -> Unit | None:
    """Return one unit, None where it is not known."""
    return _units.load(connection, unit_id)


def all_units(connection: Connection) -> list[Unit]:
    """Return every unit by id."""
    return _units.read(connection, select(units.c.document).order_by(units.c.id))


def keep_position(connection: Connection, seen: Position) -> bool:
    """Keep a position if it is newer than the one kept; return whether it was."""
    kept = positions.c.unit_id == seen.unit_id
    query = select(positions.c.observed_at).where(kept)
    newest = connection.execute(query).scalar_one_or_none()
    row = {
        "lon_deg": seen.place.lon_deg,
        "lat_deg": seen.place.lat_deg,
        "observed_at": seen.observed_at,
        "received_at": seen.received_at,
        "speed_mps": seen.speed_mps,
        "heading_deg": seen.heading_deg,
        "accuracy_m": seen.accuracy_m,
    }
    if newest is None:
        connection.execute(insert(positions).values(unit_id=seen.unit_id, **row))
    elif newest < seen.observed_at:
        connection.execute(update(positions).where(kept).values(**row))
    else:
        return False
    return True


def load_position(connection: Connection, unit_id: str) -> Position | None:
    """Return where one unit was seen last, None where it never was."""
    columns = (getattr(positions.c, name) for name in _SEEN)
    row = connection.execute(select(*columns).where(positions.c.unit_id == unit_id)).one_or_none()
    return _position_of(*row) if row else None


def all_positions(connection: Connection) -> list[Position]:
    """Return the newest position of each unit."""
    columns = (getattr(positions.c, name) for name in _SEEN)
    query = select(*columns).order_by(positions.c.unit_id)
    return [_position_of(*row) for row in connection.execute(query).all()]


def _position_of(
    unit_id: str,
    lon_deg: float,
    lat_deg: float,
    observed_at: datetime,
    received_at: datetime,
    speed_mps: float | None,
    heading_deg: float | None,
    accuracy_m: float | None,
) -> Position:
    # By place, not by name: for five hundred units that halves the time.
    return Position(
        unit_id=UnitId(unit_id),
        place=Place(lon_deg, lat_deg),
        observed_at=observed_at,
        received_at=received_at,
        speed_mps=speed_mps,
        heading_deg=heading_deg,
        accuracy_m=accuracy_m,
    )
