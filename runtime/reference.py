"""Tables, the county and the console's own health, as the API tells them."""

from typing import Any

from exchange.ports import Check, Health
from layers.tile_grid import tile_address, tile_version
from layers.tiles import TileService
from live.hub import Hub
from runtime.rooms import Rooms
from storage.journal import select_last_seq
from storage.notifications import count_notifications
from vocabulary.errors import Unavailable

Json = dict[str, Any]
TOWN_DETAIL_DEG = 0.0003


class Reference:
    """The part of the API's service that tells what stands still."""

    def __init__(self, rooms: Rooms, hub: Hub, tiles: TileService) -> None:
        self._rooms = rooms
        self._hub = hub
        self._tiles = tiles

    def categories(self) -> list[Json]:
        """Return the category table, one row per code in force today."""
        tables = self._rooms.tables
        today = self._rooms.clock.now().astimezone(tables.calendar.zone).date()
        return [
            {
                "code": category.code,
                "full_code": category.full_code,
                "domain": category.code[:1],
                "group_zh": tables.group(category.code).zh,
                "group_en": tables.group(category.code).en,
                "name_zh": category.name_zh,
                "name_en": category.name_en,
                "default_priority": category.default_priority.value,
                "lane": category.lane.value,
                "lead_dept": category.lead_dept,
                "limit_value": category.limit.value,
                "limit_kind": category.limit.kind.value,
            }
            for category in tables.categories.current(today)
        ]

    async def departments(self) -> list[Json]:
        """Return the departments."""
        rows = self._rooms.tables.departments.values()
        return [{"id": row.id, "name_zh": row.zh, "name_en": row.en} for row in rows]

    async def county(self) -> Json:
        """Return the county's facts and its boundary as a GeoJSON geometry."""
        county = self._rooms.county
        return {
            "code": county.code,
            "name": county.name_zh,
            "name_zh": county.name_zh,
            "name_en": county.name_en,
            "bbox": list(county.box.as_tuple()),
            "center": [county.center.lon_deg, county.center.lat_deg],
            "towns": [
                {"id": t.id, "name_zh": t.name_zh, "name_en": t.name_en} for t in county.towns
            ],
            "tiles": tile_address(county),
            "version": tile_version(county),
            "attribution": self._tiles.attribution,
            "boundary": county.boundary_wgs84.simplify(0.0005).__geo_interface__,
        }

    def towns(self) -> Json:
        """Return the towns' outlines as GeoJSON."""
        return {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"id": t.id, "name_zh": t.name_zh, "name_en": t.name_en},
                    "geometry": t.boundary_wgs84.simplify(TOWN_DETAIL_DEG).__geo_interface__,
                }
                for t in self._rooms.county.towns
            ],
        }

    async def health(self) -> Health:
        """Return the named checks: only the store decides whether work can be done; the rest says how well."""
        bus = self._hub.bus
        bus_up = bus is not None and bus.up
        return Health(
            checks={
                "store": await self._store(),
                "bus": Check(ok=True, detail="up" if bus_up else "down, working from the journal"),
                "notify": await self._notify(),
                "tiles": Check(ok=True, detail=self._tiles.standing),
                "county": Check(ok=True, detail=self._rooms.county.name_en),
            }
        )

    async def _notify(self) -> Check:
        """Say how many notifications wait or were given up; a gateway that fails does not stop the console's work."""
        try:
            counts = await self._rooms.journal.read(count_notifications)
        except Unavailable:
            return Check(ok=True, detail="unknown: the store does not answer")
        waiting, dead = counts.get("waiting", 0), counts.get("dead", 0)
        return Check(ok=True, detail=f"{waiting} waiting, {dead} given up")

    async def _store(self) -> Check:
        try:
            seq = await self._rooms.journal.read(select_last_seq)
        except Unavailable as problem:
            return Check(ok=False, detail=problem.code)
        return Check(ok=True, detail=f"seq {seq}")
