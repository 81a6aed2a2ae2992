"""The county's names, made searchable behind the start: until they are, whoever asks is told to wait."""

import asyncio
import gc
from typing import TYPE_CHECKING, Any

import structlog

from county.model import County
from runtime.living_county import LivingCounty
from security.principal import Principal
from vocabulary.errors import Unavailable
from vocabulary.place import Place

if TYPE_CHECKING:
    from county.gazetteer.model import Found
    from county.gazetteer.search import Gazetteer

log = structlog.get_logger()


class PlaceSearch:
    """The part of the API's service that finds places: one gazetteer for each version of the county."""

    def __init__(self, ground: LivingCounty) -> None:
        self._ground = ground
        self._gazetteer: Gazetteer | None = None
        self._version = ""

    async def open_search(self) -> None:
        """Make the gazetteer in a thread where there is none of this county's version; asked again, it does nothing."""
        county = self._ground.county
        if self._version == county.version:
            return
        self._gazetteer = await asyncio.to_thread(_made, county)
        self._version = county.version
        # Like what the start made, it stays: the collector need not walk it.
        gc.freeze()
        log.info("gazetteer_opened", names=len(self._gazetteer), county_version=self._version)

    async def search(
        self, principal: Principal, text: str, near: Place | None, limit: int
    ) -> list[dict[str, Any]]:
        """Return what is called so; Unavailable until the names have been read."""
        return [place_row(one) for one in await self.found(text, near, limit)]

    async def found(self, text: str, near: Place | None, limit: int) -> "list[Found]":
        """Return what is called so, for the console's own use."""
        if self._gazetteer is None:
            raise Unavailable("search.not_yet", retry_after=5)
        return await asyncio.to_thread(self._gazetteer.search, text, near, limit)


def _made(county: County) -> "Gazetteer":
    from county.gazetteer.search import Gazetteer  # a second to load, and the start does not wait

    return Gazetteer.of(county)


def place_row(found: "Found") -> dict[str, Any]:
    """Return one answer as the API tells it."""
    away = found.distance_m
    return {
        "name": found.name,
        "name_en": found.name_en,
        "kind": found.kind,
        "town": found.town,
        "town_en": found.town_en,
        "lon": found.lon,
        "lat": found.lat,
        "score": found.score,
        "why": found.why,
        "distance_m": None if away is None else round(away, 1),
    }
