"""Where units are, on the way from the store to the screens: by the bus, or straight to our own hub while it is down."""

from typing import Any, Protocol

import orjson

from bus.channels import UNITS
from bus.port import Bus
from dispatch.model import Position, UnitStatus
from vocabulary.errors import Unavailable


class Hearer(Protocol):
    """The hub's ear for units."""

    def hear_units(self, rows: list[list[Any]]) -> None:
        """Take rows [id, lon, lat, observed_ms, status]."""
        ...

    async def refresh_rosters(self) -> None:
        """Read anew who the units are."""
        ...


class PositionTeller:
    """Tells positions once each: on the bus where our hub hears them too, or to the hub alone."""

    def __init__(self, bus: Bus, hub: Hearer) -> None:
        self._bus = bus
        self._hub = hub
        self.roster_stale = False

    def roster_changed(self) -> None:
        """Note that a unit is new or renamed."""
        self.roster_stale = True

    async def tell(self, seen: Position, status: UnitStatus) -> None:
        """Tell one position."""
        if self.roster_stale:
            self.roster_stale = False
            await self._hub.refresh_rosters()
        observed_ms = int(seen.observed_at.timestamp() * 1000)
        place = seen.place
        row = [seen.unit_id, place.lon_deg, place.lat_deg, observed_ms, status.value]
        received_ms = int(seen.received_at.timestamp() * 1000)
        try:
            await self._bus.publish(UNITS, orjson.dumps({"at": received_ms, "u": [row]}))
        except Unavailable:
            self._hub.hear_units([row])
