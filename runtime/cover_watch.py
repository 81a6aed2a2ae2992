"""Cover, looked at once a minute: gaps noted in the store, so that their minutes are counted, and moves worth a thought."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlalchemy import Connection

from county.closures import OPEN, InForce
from county.demand import Demand, demand
from county.roads.metric import Floats
from dispatch.cover import (
    AreaCover,
    MoveUp,
    Post,
    Service,
    covered,
    middle_of,
    move_ups,
    services,
)
from dispatch.duty import status_at, whereabouts
from dispatch.model import Position, Unit, UnitStatus
from runtime.road_network import RoadNetwork
from runtime.rooms import Rooms
from security.principal import Principal
from storage.cover import gaps_between, minutes_of, note_gaps, note_look
from storage.transaction import Transaction
from storage.units import all_positions, all_units
from vocabulary.clock import to_text
from vocabulary.ids import UnitId
from vocabulary.place import Place, distance_m

if TYPE_CHECKING:
    from county.travel import Travel

Json = dict[str, Any]
FIGURES_SPAN: Final = timedelta(days=30)
GAPS_TO_FILL: Final = 3
NOT_LOOKED: Final[Json] = {
    "at": None,
    "counted": False,
    "block_m": 0,
    "services": [],
    "areas": [],
    "moves": [],
}
POST_WITHIN_M: Final = 6000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one look found; `missed` are the blocks nobody reaches in time, by service."""

    at: datetime
    counted: bool
    areas: tuple[AreaCover, ...]
    moves: tuple[MoveUp, ...]
    missed: dict[str, list[list[float]]]
    block_m: float
    free: dict[str, int]


class CoverWatch:
    """The part of the API's service about cover."""

    def __init__(self, rooms: Rooms, network: RoadNetwork) -> None:
        self._cover_rooms = rooms
        self._cover_roads = network
        self._cover_seen: Seen | None = None
        self._cover_ground: tuple[str, Demand] | None = None
        self._cover_usual: tuple[Any, dict[str, Floats]] | None = None

    async def watch_cover(self) -> None:
        """Look once; nothing where the roads are not read yet."""
        travel = self._cover_roads.travel_or_none
        if travel is None:
            return
        rooms = self._cover_rooms
        now = rooms.clock.now()

        def read(connection: Connection) -> tuple[list[Unit], list[Position]]:
            return all_units(connection), all_positions(connection)

        units, positions = await rooms.journal.read(read)
        force = await self._cover_roads.in_force()
        seen = await asyncio.to_thread(self._look_at_cover, travel, units, positions, force, now)
        towns = rooms.county.towns
        gaps = {(a.service, towns[a.town].id): a.out_of_reach for a in seen.areas if a.gap}

        def note(transaction: Transaction, /) -> None:
            note_look(transaction.connection, now)
            note_gaps(transaction.connection, gaps, now)

        await rooms.journal.write(note)
        self._cover_seen = seen

    def _look_at_cover(
        self,
        travel: "Travel",
        units: list[Unit],
        positions: list[Position],
        force: InForce,
        now: datetime,
    ) -> Seen:
        people = self._cover_people()
        seen = {one.unit_id: one for one in positions}
        zone = self._cover_rooms.tables.calendar.zone
        there = [
            (unit, place)
            for unit in units
            if status_at(unit, now, zone) is UnitStatus.AVAILABLE
            if (place := whereabouts(unit, seen.get(unit.id), now)) is not None
        ]
        usual = self._usual_cover(travel, people, units)
        found = Seen(at=now, counted=people.counted, areas=(), moves=(), missed={}, block_m=people.block_m, free={})  # fmt: skip
        for service in services():
            mine = [(unit, place) for unit, place in there if unit.kind is service.kind]
            look = _Look(travel, people, service, mine, force)
            seconds = look.soonest()
            areas = covered(people, service, seconds, usual[service.id])
            gaps = [one for one in areas if one.gap and not one.usual]
            moves = look.moves(gaps, [u.home for u in units if u.kind is service.kind and u.home])
            missed = people.lonlat[seconds > service.targets(people)]
            found = replace(
                found,
                areas=(*found.areas, *areas),
                moves=(*found.moves, *moves),
                missed={**found.missed, service.id: np.round(missed, 5).tolist()},
                free={**found.free, service.id: len(mine)},
            )
        return found

    def _cover_people(self) -> Demand:
        county = self._cover_rooms.county
        if self._cover_ground is None or self._cover_ground[0] != county.version:
            self._cover_ground = (county.version, demand(county))
        return self._cover_ground[1]

    def _usual_cover(
        self, travel: "Travel", people: Demand, units: list[Unit]
    ) -> dict[str, Floats]:
        """Return the times with everybody at home and every road open; made anew only when a home changes."""
        homes = tuple((unit.id, unit.kind, unit.home) for unit in units if unit.home)
        key = (self._cover_rooms.county.version, homes)
        if self._cover_usual is None or self._cover_usual[0] != key:
            found = {}
            for service in services():
                mine = [(u, u.home) for u in units if u.kind is service.kind and u.home]
                found[service.id] = _Look(travel, people, service, mine, OPEN).soonest()
            self._cover_usual = (key, found)
        return self._cover_usual[1]

    async def cover(self, principal: Principal) -> Json:
        """Return the last look, and since when each gap stands; before the first (the roads are being read) `at` is null."""
        seen = self._cover_seen
        if seen is None:
            return NOT_LOOKED
        rooms = self._cover_rooms
        standing = await rooms.journal.read(lambda c: gaps_between(c, seen.at, seen.at))
        since = {(one.service, one.area): one.since_at for one in standing if not one.ended_at}
        english = principal.language == "en"
        units = {unit.id: unit for unit in await rooms.journal.read(all_units)}
        return {
            "at": to_text(seen.at),
            "counted": seen.counted,
            "block_m": round(seen.block_m),
            "services": [
                {"id": s.id, "name": s.en if english else s.zh, "free": seen.free[s.id], "missed": seen.missed[s.id]}
                for s in services()
            ],
            "areas": [self._cover_area(one, since, english) for one in _worst_first(seen.areas)],
            "moves": [self._cover_move(one, units, english) for one in seen.moves],
        }  # fmt: skip

    def _cover_area(
        self, one: AreaCover, since: dict[tuple[str, str], datetime], english: bool
    ) -> Json:
        town = self._cover_rooms.county.towns[one.town]
        began = since.get((one.service, town.id))
        return {
            "service": one.service,
            "town": town.id,
            "name": town.name_en if english and town.name_en else town.name_zh,
            "people": one.people,
            "reached": one.reached,
            "gap": one.gap,
            "usual": one.usual,
            "since": to_text(began) if began and one.gap else None,
        }

    def _cover_move(self, one: MoveUp, units: dict[UnitId, Unit], english: bool) -> Json:
        town, unit = self._cover_rooms.county.towns[one.town], units.get(one.unit_id)
        named = (unit.name_en if english else "") or (unit.name if unit else "") if unit else ""
        return {
            "service": one.service,
            "town": town.id,
            "town_name": town.name_en if english and town.name_en else town.name_zh,
            "unit": one.unit_id,
            "name": named or one.unit_id,
            "lon": round(one.post[0], 6),
            "lat": round(one.post[1], 6),
            "people": one.people,
            "seconds": round(one.seconds),
        }

    async def cover_figures(
        self, _principal: Principal, since: datetime | None, until: datetime | None
    ) -> Json:
        """Return the minutes without cover (C11) by service and area, as they were seen."""
        rooms = self._cover_rooms
        last = until or rooms.clock.now()
        first = since or last - FIGURES_SPAN
        gaps = await rooms.journal.read(lambda c: gaps_between(c, first, last))
        minutes: dict[tuple[str, str], float] = defaultdict(float)
        for gap in gaps:
            minutes[gap.service, gap.area] += minutes_of(gap, first, last)
        names = {town.id: town for town in rooms.county.towns}
        rows = [
            {"service": service, "area": area, "name_zh": names[area].name_zh if area in names else area,
             "name_en": names[area].name_en if area in names else "", "minutes": round(n, 1)}
            for (service, area), n in sorted(minutes.items(), key=lambda item: -item[1])
        ]  # fmt: skip
        return {
            "since": to_text(first),
            "until": to_text(last),
            "gaps": len(gaps),
            "minutes": round(sum(minutes.values()), 1),
            "areas": rows,
        }


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """One service at one moment: its free units and where they are."""

    travel: "Travel"
    people: Demand
    service: Service
    units: Sequence[tuple[Unit, Place]]
    force: InForce

    def soonest(self) -> Floats:
        """Return how soon the soonest is at every block; infinity where nobody comes."""
        return self._from([place for _, place in self.units])

    def _from(self, places: Sequence[Place]) -> Floats:
        from county.soonest import soonest  # with scipy, which the start does not wait for

        if not places:
            return np.full(len(self.people.people), np.inf)
        there = self.travel.snap_lonlat(self.people.lonlat)
        return soonest(self.travel, self.travel.snap(places), there, self.force)

    def moves(self, gaps: list[AreaCover], homes: list[Place]) -> list[MoveUp]:
        """Return who might stand by for the largest of the gaps."""
        if not gaps or not self.units:
            return []
        worst = sorted(gaps, key=lambda one: -one.out_of_reach)[:GAPS_TO_FILL]
        each = np.stack([self._from([place]) for _, place in self.units])
        posts = [self._post(one.town, homes) for one in worst]
        ids = [unit.id for unit, _ in self.units]
        return move_ups(self.people, self.service, ids, each, posts)

    def _post(self, town: int, homes: list[Place]) -> Post:
        """Return a town's post: the station there or nearest to it, else where its people are."""
        middle = Place(*middle_of(self.people, town))
        at = min(homes, key=lambda home: distance_m(home, middle), default=middle)
        if distance_m(at, middle) > POST_WITHIN_M:
            at = middle
        there = self.travel.snap([place for _, place in self.units])
        away = self.travel.toward(at, there, self.force).seconds
        spot = (at.lon_deg, at.lat_deg)
        return Post(town, spot, self._from([at]), np.where(np.isnan(away), np.inf, away))


def _worst_first(areas: Sequence[AreaCover]) -> list[AreaCover]:
    return sorted(areas, key=lambda one: (not one.gap, one.usual, -one.out_of_reach))
