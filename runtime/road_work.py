"""Roads for the API and the map: closed and opened again, how long to where, and what is reached in how many minutes."""

import asyncio
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from county.closing import handlers
from county.closing.handlers import Changed
from county.closing.summary import closure_row
from county.closures import Ground, InForce
from county.messages import CloseRoad, ReopenRoad
from dispatch.model import Position, Unit
from exchange.ports import Once, TravelQuestion
from runtime.once import answer_once
from runtime.road_answers import ring_feature, timed_units
from runtime.road_network import RoadNetwork, stretch_at
from runtime.rooms import Rooms
from runtime.sight import need_sight
from security.principal import Principal
from storage.answers import Answer
from storage.cases import load_case
from storage.closures import ClosuresInTransaction, ended_closures, open_closures
from storage.journal import select_last_seq
from storage.transaction import Transaction
from storage.units import all_positions, all_units
from vocabulary.clock import to_text
from vocabulary.errors import Refused
from vocabulary.ids import new_id
from vocabulary.place import Place

Json = dict[str, Any]
CREATED, DONE = 201, 200
ENDED_SHOWN = 100


class RoadWork:
    """The part of the API's service about roads."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self.network = RoadNetwork(rooms)

    async def closures(self, _principal: Principal, *, ended: bool) -> Json:
        """Return the closures that stand, or the newest of those that are over, and the seq they are true for."""

        def work(connection: Connection) -> Json:
            found = ended_closures(connection, ENDED_SHOWN) if ended else open_closures(connection)
            rows = [closure_row(one) for one in found]
            return {"items": rows, "seq": select_last_seq(connection)}

        return await self._rooms.journal.read(work)

    async def close_road(self, principal: Principal, wish: CloseRoad, once: Once) -> Answer:
        """Close a road; ground that lies nowhere in the county is refused."""
        self._require_inside(wish.ground)
        if wish.ground.kind == "line" and not wish.road:
            middle = wish.ground.shape_wgs84.interpolate(0.5, normalized=True)
            road = await asyncio.to_thread(self.network.name_at, middle.x, middle.y)
            wish = replace(wish, road=road)

        def work(transaction: Transaction, /) -> Answer:
            closures = ClosuresInTransaction(transaction)
            changed = handlers.close_road(
                closures,
                wish,
                closure_id=new_id(),
                actor=principal.actor,
                at=self._rooms.clock.now(),
            )
            return _answer(CREATED, changed)

        return await self._closing(principal, once, work)

    async def reopen_road(self, principal: Principal, wish: ReopenRoad, once: Once) -> Answer:
        """End a closure before its time."""

        def work(transaction: Transaction, /) -> Answer:
            closures = ClosuresInTransaction(transaction)
            return _answer(DONE, handlers.reopen_road(closures, wish, actor=principal.actor))

        return await self._closing(principal, once, work)

    async def _closing(self, principal: Principal, once: Once, work: Any) -> Answer:
        return await answer_once(self._rooms, principal, once, "roads.close", work, _closure_of)

    async def end_due_closures(self) -> None:
        """End what is due by the clock; what fell due while nobody ran, too."""
        now = self._rooms.clock.now()
        standing = await self._rooms.journal.read(open_closures)
        if any(closure.until_at <= now for closure in standing):
            await self._rooms.journal.write(
                lambda transaction: handlers.end_due(ClosuresInTransaction(transaction), now)
            )

    async def nearest_road(self, _principal: Principal, place: Place) -> Json:
        """Return the stretch of road at a place, from junction to junction."""
        found = await asyncio.to_thread(
            stretch_at, self.network.travel, place.lon_deg, place.lat_deg
        )
        if found is None:
            raise Refused("roads.none_here", lon=place.lon_deg, lat=place.lat_deg)
        return found

    async def travel(self, principal: Principal, asked: TravelQuestion) -> Json:
        """Return how long each unit needs to a case or a place, soonest first, and the ways of those asked for."""
        roads, goal = self.network.travel, await self._goal(principal, asked)

        def work(connection: Connection) -> tuple[list[Unit], list[Position]]:
            return all_units(connection), all_positions(connection)

        units, positions = await self._rooms.journal.read(work)
        force = await self.network.in_force()
        now = self._rooms.clock.now()
        rows = await asyncio.to_thread(
            timed_units, roads, goal, units, positions, force, asked.paths
        )
        return {**self._as_of(goal, force), "at": to_text(now), "units": rows}

    async def isochrones(self, principal: Principal, asked: TravelQuestion) -> Json:
        """Return the ground from which a place is reached within so many minutes (or reached from it), as GeoJSON."""
        roads, goal = self.network.travel, await self._goal(principal, asked)
        force = await self.network.in_force()
        limits = sorted({60.0 * minutes for minutes in asked.minutes})

        def work() -> list[Json]:
            rings = roads.isochrones(goal, limits, force, toward=asked.toward)
            return [ring_feature(ring, toward=asked.toward) for ring in reversed(rings)]

        features = await asyncio.to_thread(work)
        return {"type": "FeatureCollection", "features": features, **self._as_of(goal, force)}

    async def _goal(self, principal: Principal, asked: TravelQuestion) -> Place:
        case_id = asked.case_id
        if case_id is None:
            if asked.place is None:
                raise Refused("roads.where_to")
            self._rooms.locator.require_inside(asked.place)
            return asked.place
        principal.need("case.read")
        case = await self._rooms.journal.read(lambda connection: load_case(connection, case_id))
        return need_sight(principal, case, case_id).place

    def _as_of(self, goal: Place, force: InForce) -> Json:
        to = {"lon": goal.lon_deg, "lat": goal.lat_deg}
        return {"to": to, "closures": len(force.closures)}

    def _require_inside(self, ground: Ground) -> None:
        if not self._rooms.county.boundary_wgs84.intersects(ground.shape_wgs84):
            self._rooms.locator.require_inside(Place(*ground.points[0]))


def _answer(status: int, changed: Changed) -> Answer:
    return Answer(status, {"closure": closure_row(changed.closure), "seq": changed.seq})


def _closure_of(body: Json) -> str:
    return f"closure:{body['closure']['id']}"
