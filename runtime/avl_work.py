"""Units' positions for the API: in bulk, their tracks, and the terminals that bring them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from dispatch.handlers import known_unit
from dispatch.model import Position, Unit
from exchange.avl import Fix, Terminal
from exchange.avl_mqtt import REFUSED_AS as POSITIONS
from exchange.jt808.conversation import WIRE as JT808
from runtime.position_door import PositionDoor
from runtime.rooms import Rooms
from runtime.sight import need_own
from security.audit import entry_of
from security.principal import Principal
from storage.audit import append_audit
from storage.tracks import (
    FORGOTTEN_AT_ONCE,
    StoredTerminal,
    all_terminals,
    forget_tracks,
    keep_terminal,
    track_of,
)
from storage.transaction import Transaction
from storage.units import UnitsInTransaction, load_unit
from vocabulary.clock import to_text
from vocabulary.errors import Refused, Told

Json = dict[str, Any]
REFUSED_BY: Final = (JT808, POSITIONS)
SHOWN: Final = 200
TRACK_MOST: Final = 20_000
TRACK_HOUR: Final = timedelta(hours=1)
TRACK_LONGEST: Final = timedelta(days=7)


class AvlWork:
    """The part of the API's service about positions in bulk, tracks and terminals."""

    def __init__(self, rooms: Rooms, door: PositionDoor) -> None:
        self._rooms = rooms
        self._door = door

    async def positions(self, principal: Principal, fixes: Sequence[Fix]) -> Json:
        """Take positions, each by itself, and say of each what became of it."""
        taken = await self._door.take_fixes(fixes, principal)
        items: list[Json] = []
        for fix, one in zip(fixes, taken, strict=True):
            item: Json = {"unit_id": fix.unit_id, "accepted": one.newest}
            if one.refused:
                item["problem"] = problem_of(one.refused, principal.language)
            items.append(item)
        return {"items": items}

    async def track(
        self, principal: Principal, unit_id: str, since: datetime | None, until: datetime | None
    ) -> Json:
        """Return where a unit was, as a GeoJSON feature with an instant per position; the last hour where none is named."""
        ends = until or self._rooms.clock.now()
        begins = since or ends - TRACK_HOUR
        if not begins <= ends <= begins + TRACK_LONGEST:
            raise Refused("avl.bad_window", since=to_text(begins), until=to_text(ends))

        def work(connection: Connection) -> tuple[Unit | None, Sequence[Position]]:
            found = track_of(connection, unit_id, begins, ends, TRACK_MOST)
            return load_unit(connection, unit_id), found

        unit, found = await self._rooms.journal.read(work)
        if unit is None:
            raise Refused("dispatch.unknown_unit", unit=unit_id)
        need_own(principal, unit)
        return track_feature(unit, found, begins, ends)

    async def terminals(self, _principal: Principal) -> list[Json]:
        """Return the terminals with the units they speak for and when they were heard."""
        found = await self._rooms.journal.read(all_terminals)
        return [self._terminal_view(one) for one in found]

    async def set_terminal(self, principal: Principal, terminal: Terminal) -> Json:
        """Make a terminal known, or set a known one anew; its unit must be known."""
        stored = StoredTerminal(
            id=terminal.id,
            unit_id=terminal.unit_id,
            plate=terminal.plate,
            datum=terminal.datum,
            changed_at=self._rooms.clock.now(),
            changed_by=principal.actor.name,
        )

        def work(transaction: Transaction, /) -> None:
            if terminal.unit_id is not None:
                known_unit(UnitsInTransaction(transaction), terminal.unit_id)
            keep_terminal(transaction.connection, stored)
            after = {"unit": terminal.unit_id, "datum": terminal.datum}
            entry = entry_of(
                principal,
                "terminals.set",
                f"terminal:{terminal.id}",
                stored.changed_at,
                after=after,
            )
            append_audit(transaction.connection, entry, self._rooms.audit_key)

        await self._rooms.journal.write(work)
        return self._terminal_view(stored)

    async def avl(self, principal: Principal) -> Json:
        """Return what came by each wire since the start, and the newest that was refused."""
        kept = self._door.refused_frames
        return {
            "taken": dict(self._door.taken),
            "twice": dict(self._door.twice),
            "connected": sum(one.connected for one in self._door.heard.values()),
            "refused": dict(self._door.refused),
            "newest_refused": await kept.newest(REFUSED_BY, None, None, SHOWN, principal.language),
        }

    async def forget_tracks(self, keep: timedelta) -> None:
        """Forget what is older than the office keeps, a little at a time."""
        before = self._rooms.clock.now() - keep
        gone = FORGOTTEN_AT_ONCE
        while gone >= FORGOTTEN_AT_ONCE:
            gone = await self._rooms.journal.write(
                lambda transaction: forget_tracks(transaction.connection, before)
            )

    def _terminal_view(self, one: StoredTerminal) -> Json:
        heard = self._door.heard.get(one.id)
        return {
            "id": one.id,
            "unit_id": one.unit_id,
            "plate": one.plate,
            "datum": one.datum,
            "changed_at": to_text(one.changed_at),
            "changed_by": one.changed_by,
            "connected": bool(heard and heard.connected),
            "heard_at": to_text(heard.heard_at) if heard else None,
        }


def track_feature(unit: Unit, found: Sequence[Position], since: datetime, until: datetime) -> Json:
    """Return a track as GeoJSON: a line where there are two positions, a point where there is one, else no geometry."""
    points = [[seen.place.lon_deg, seen.place.lat_deg] for seen in found]
    geometry: Json | None = None
    if points:
        geometry = (
            {"type": "LineString", "coordinates": points}
            if len(points) > 1
            else {"type": "Point", "coordinates": points[0]}
        )
    return {
        "type": "Feature",
        "id": unit.id,
        "geometry": geometry,
        "properties": {
            "unit_id": unit.id,
            "name": unit.name,
            "from": to_text(since),
            "to": to_text(until),
            "complete": len(points) < TRACK_MOST,
            "times": [to_text(seen.observed_at) for seen in found],
            "received": [to_text(seen.received_at) for seen in found],
            "speeds_mps": [seen.speed_mps for seen in found],
        },
    }


def problem_of(failure: Told, language: str) -> Json:
    """Return why one item of many was not taken."""
    return {"code": failure.code, "detail": failure.text(language)}
