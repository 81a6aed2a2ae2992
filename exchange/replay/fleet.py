"""The log's units in our county: made known before the first call, at home amid the scenes they go to, moved on their way."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Final

from exchange.calllogs.mapping import Mapping as PlaceMapping
from exchange.calllogs.model import LoggedCall, LoggedUnit
from exchange.replay.client import Api
from exchange.replay.pace import Pace
from exchange.replay.plan import Leg
from exchange.replay.tally import Tally
from vocabulary.place import Place, distance_m

_EVERY_S: Final = 0.2
_MOST_STEPS: Final = 60


class Fleet:
    """Where the units are, and telling it."""

    def __init__(self, api: Api, pace: Pace, places: PlaceMapping, tally: Tally) -> None:
        self._api, self._pace, self._places, self._tally = api, pace, places, tally
        self._last: dict[str, Place] = {}

    async def make_known(self, calls: Iterable[LoggedCall]) -> None:
        """Make every unit of `calls` known to the console; one that is known already stays the same."""
        units, homes = homes_of(calls, self._places)
        self._last |= homes
        await asyncio.gather(*(self._register(unit, homes[unit.id]) for unit in units.values()))

    async def _register(self, unit: LoggedUnit, home: Place) -> None:
        body = {
            "id": unit.id,
            "name": unit.id,
            "kind": unit.kind.value,
            "department": unit.department,
            "lon": home.lon_deg,
            "lat": home.lat_deg,
        }
        reply = await self._api.post("units", body)
        if not reply.well:
            self._tally.refused[f"unit {reply.code}"] += 1
            return
        await self._tell(unit.id, home, None)

    async def drive(self, leg: Leg, scene: Place) -> None:
        """Move a unit to the scene on a straight line while the log says that it is on its way."""
        start = self._last[leg.unit]
        lasts_s = self._pace.lasts_s(leg.ends_at - leg.starts_at)
        steps = max(1, min(_MOST_STEPS, int(lasts_s / _EVERY_S)))
        real_s = (leg.ends_at - leg.starts_at).total_seconds()
        speed_mps = min(60.0, distance_m(start, scene) / real_s) if real_s else None
        for step in range(1, steps + 1):
            share = step / steps
            await self._pace.until(leg.starts_at + (leg.ends_at - leg.starts_at) * share)
            here = _between(start, scene, share)
            if self._places.county.holds(here):
                await self._tell(leg.unit, here, speed_mps if step < steps else 0.0)

    async def _tell(self, unit: str, here: Place, speed_mps: float | None) -> None:
        body = {"lon": here.lon_deg, "lat": here.lat_deg, "speed_mps": speed_mps}
        reply = await self._api.post(f"units/{unit}/position", body)
        self._last[unit] = here
        self._tally.positions += reply.well
        if not reply.well:
            self._tally.positions_refused[reply.code] += 1


def homes_of(
    calls: Iterable[LoggedCall], places: PlaceMapping
) -> tuple[Mapping[str, LoggedUnit], dict[str, Place]]:
    """Return the units of `calls`, and for each a home in the county: the middle of the scenes it goes to."""
    units: dict[str, LoggedUnit] = {}
    scenes: dict[str, list[Place]] = defaultdict(list)
    for call in calls:
        for unit in call.units:
            units[unit.id] = unit
            scenes[unit.id].append(places.place(call.place))
    homes = {}
    for unit_id, seen in scenes.items():
        middle = Place(median(p.lon_deg for p in seen), median(p.lat_deg for p in seen))
        homes[unit_id] = middle if places.county.holds(middle) else places.fold(middle)
    return units, homes


def _between(start: Place, end: Place, share: float) -> Place:
    return Place(
        round(start.lon_deg + share * (end.lon_deg - start.lon_deg), 7),
        round(start.lat_deg + share * (end.lat_deg - start.lat_deg), 7),
    )
