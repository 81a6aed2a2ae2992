"""What the API asks of the console about coverage: sites, outages, figures, weak areas, key places, networks."""

from dataclasses import dataclass
from typing import Any, Protocol

from exchange.ports import Answer, Once
from exchange.sheet import Sheet
from exchange.site_table import Told
from layers.coverage.atlas import Layer
from layers.coverage.imagined import Choice
from layers.coverage.messages import BeginOutage, EndOutage
from layers.coverage.model import Which
from security.principal import Principal
from vocabulary.place import Place

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Download:
    """A file that is handed out."""

    name: str
    media_type: str
    content: bytes


class CoverageService(Protocol):
    """The console's coverage as the API sees it."""

    async def standing(self, principal: Principal) -> Json:
        """Return what is known, and how far the prediction is."""
        ...

    async def sites(self, principal: Principal) -> Json:
        """Return every site in a few words, with its outage."""
        ...

    async def site(self, principal: Principal, site_id: str) -> Json:
        """Return one site with its cells and what was assumed of them."""
        ...

    async def import_sites(
        self, principal: Principal, sheet: Sheet, told: Told, *, dry_run: bool
    ) -> Json:
        """Take a table of cells; return the report."""
        ...

    async def outages(self, principal: Principal, *, ended: bool) -> Json:
        """Return the outages that stand, or the newest that are over."""
        ...

    async def begin_outage(self, principal: Principal, wish: BeginOutage, once: Once) -> Answer:
        """Take a site out of service."""
        ...

    async def end_outage(self, principal: Principal, wish: EndOutage, once: Once) -> Answer:
        """Put a site back into service."""
        ...

    async def at(self, principal: Principal, place: Place) -> Json:
        """Return what is heard at a place."""
        ...

    async def signal(self, principal: Principal) -> Json:
        """Return how each cell is covered."""
        ...

    async def figures(self, principal: Principal, which: Which) -> Json:
        """Return shares of people, area and roads, of the county and of each town."""
        ...

    async def weak_areas(self, principal: Principal, which: Which, town: str | None) -> Json:
        """Return weak areas as GeoJSON."""
        ...

    async def places(self, principal: Principal, group: str | None) -> Json:
        """Return key places with their verdicts."""
        ...

    async def trend(self, principal: Principal, which: Which) -> Json:
        """Return what coverage came to after each change."""
        ...

    async def export(self, principal: Principal, which: Which, form: str) -> Download:
        """Return figures and weak areas as a file: geojson, tif or xlsx."""
        ...

    async def what_if(self, principal: Principal, site: Choice, which: Which) -> Json:
        """Return what a site would change, with a picture of where."""
        ...

    async def network(self, principal: Principal, layer: str) -> Json:
        """Return a layer of the fixed network as GeoJSON, with its figures."""
        ...

    async def import_network(
        self, principal: Principal, layer: str, sheet: Sheet, *, dry_run: bool
    ) -> Json:
        """Take a layer of the fixed network in place of the former one; return the report."""
        ...

    async def tile(self, layer: Layer, z: int, x: int, y: int) -> bytes:
        """Return a tile of a layer."""
        ...
