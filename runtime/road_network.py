"""The county's road graph behind the start, and the closures of the moment laid over it: the graph itself is made once."""

import asyncio
import gc
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import structlog

from county.closing.model import RoadClosure
from county.closures import Closure, Closures, InForce
from county.model import County
from runtime.rooms import Rooms
from storage.closures import open_closures
from vocabulary.errors import Unavailable

if TYPE_CHECKING:
    from county.travel import Travel

log = structlog.get_logger()

REACH_M: Final = 100.0  # a click farther than this from every road means none


class RoadNetwork:
    """Answers with the roads as they are now: one `Travel` per version of the county, closures read when asked."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._travel: Travel | None = None
        self._version = ""
        self._known: dict[tuple[str, int], Closure] = {}

    async def open(self) -> None:
        """Make the graph in a thread where there is none of this county's version; asked again, it does nothing."""
        county = self._rooms.county
        if self._version == county.version:
            return
        self._travel = await asyncio.to_thread(_made, county)
        self._version = county.version
        gc.freeze()  # like what the start made, it stays: the collector need not walk it
        graph = self._travel.graph
        log.info(
            "roads_opened",
            edges=len(graph.edges),
            unused_restrictions=graph.unused_restrictions,
            county_version=county.version,
        )

    @property
    def travel(self) -> "Travel":
        """Return what answers for the roads; Unavailable until they have been read."""
        if self._travel is None:
            raise Unavailable("roads.not_yet", retry_after=5)
        return self._travel

    @property
    def travel_or_none(self) -> "Travel | None":
        """Return what answers for the roads, None until they have been read."""
        return self._travel

    async def in_force(self) -> InForce:
        """Return the closures that hold now; the journal's word, so that every process lays the same over its graph."""
        found = await self._rooms.journal.read(open_closures)
        return self.laid(found).in_force(self._rooms.clock.now())

    def laid(self, found: list[RoadClosure]) -> Closures:
        """Return closures as the graph takes them; one that did not change is the very same value as before."""
        known = self._known
        self._known = {
            (one.id, one.version): known.get((one.id, one.version)) or one.on_roads()
            for one in found
        }
        return Closures(tuple(self._known.values()))

    def name_at(self, lon_deg: float, lat_deg: float) -> str:
        """Return what the road at a position is called; empty where it has no name or is not known yet."""
        if self._travel is None:
            return ""
        stretch = stretch_at(self._travel, lon_deg, lat_deg)
        return str(stretch["road"] or stretch["ref"]) if stretch else ""


def _made(county: County) -> "Travel":
    # A second to load, at the very first start some more for the compiler; the start does not wait.
    from county.roads.build import road_graph
    from county.travel import Travel

    return Travel(road_graph(county)).warm_up()


def stretch_at(travel: "Travel", lon_deg: float, lat_deg: float) -> dict[str, Any] | None:
    """Return the road nearest to a position from one junction to the next, None where none is near."""
    found = travel.snap_lonlat(np.array([[lon_deg, lat_deg]]), REACH_M)
    piece = int(found.piece[0])
    if piece < 0:
        return None
    graph = travel.graph
    way = int(graph.pieces.way[piece])
    line = graph.pieces.lines_wgs84[piece]
    both = (graph.pieces.edges[piece] >= 0).all()
    return {
        "road": str(graph.ways.name[way]),
        "road_en": str(graph.ways.name_en[way]),
        "ref": str(graph.ways.ref[way]),
        "class": str(graph.ways.road_class[way]),
        "oneway": not bool(both),
        "length_m": round(float(graph.pieces.length_m[piece]), 1),
        "away_m": round(float(found.off_m[0]), 1),
        "line": {"type": "LineString", "coordinates": [list(xy) for xy in line.coords]},
    }
