"""What the live feed reads: the journal as its Source, units and points as its Roster."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from dispatch.duty import status_at
from dispatch.model import Position, Unit, UnitStatus
from live.ports import Standing
from storage.case_list import open_cases
from storage.closures import open_closures
from storage.journal import Journal, select_last_seq
from storage.units import all_positions, all_units
from storage.warnings import open_warnings
from vocabulary.clock import Clock
from vocabulary.message import Event, Recorded


class JournalSource:
    """`live.ports.Source` over the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def standing(self) -> Standing:
        """Return the newest seq, and the cases open, the roads closed and the warnings that stand at that very instant."""

        def work(connection: Connection) -> Standing:
            seq = select_last_seq(connection)
            cases, closures = open_cases(connection), open_closures(connection)
            return Standing(seq, cases, closures, open_warnings(connection))

        return await self._journal.read(work)

    async def events_after(self, seq: int, limit: int) -> Sequence[Recorded[Event]]:
        """Return at most `limit` events after `seq`, in order."""
        return await self._journal.events_after(seq, limit)

    async def stream(self, stream: str) -> Sequence[Recorded[Event]]:
        """Return the whole history of one stream, in order."""
        return await self._journal.stream(stream)


class StoredRoster:
    """`live.ports.Roster` over the units' tables; sensors are another room's."""

    def __init__(self, journal: Journal, clock: Clock, zone: ZoneInfo) -> None:
        self._journal, self._clock, self._zone = journal, clock, zone

    async def units(self) -> Sequence[Sequence[Any]]:
        """Return rows [id, lon, lat, observed_ms, status, kind, name]; no position: nulls."""

        def work(connection: Connection) -> tuple[list[Unit], list[Position]]:
            return all_units(connection), all_positions(connection)

        units, positions = await self._journal.read(work)
        seen = {position.unit_id: position for position in positions}
        now, zone = self._clock.now(), self._zone
        return [_row(unit, status_at(unit, now, zone), seen.get(unit.id)) for unit in units]

    async def points(self) -> Sequence[Sequence[Any]]:
        """Return rows [id, lon, lat, kind, name]: none until the sensors' room stands."""
        return []


def _row(unit: Unit, status: UnitStatus, seen: Position | None) -> list[Any]:
    particulars = [status.value, unit.kind.value, unit.name]
    if seen is None:
        home = unit.home
        where = [home.lon_deg, home.lat_deg] if home else [None, None]
        return [unit.id, *where, None, *particulars]
    observed_ms = int(seen.observed_at.timestamp() * 1000)
    return [unit.id, seen.place.lon_deg, seen.place.lat_deg, observed_ms, *particulars]
