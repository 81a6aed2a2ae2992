"""What the views ask for, answered from the gate's context and the county."""

from incidents.rulebook import Tables
from layers.tile_grid import tile_address, tile_version
from layers.tiles import TileService
from runtime.living_county import LivingCounty
from runtime.living_tables import LivingTables
from security.principal import current_or_none
from views.port import CountyFacts, Viewer

OVERVIEW_ZOOM = 11


class ConsoleDesk:
    """`views.port.Desk`."""

    def __init__(self, ground: LivingCounty, tables: LivingTables, tiles: TileService) -> None:
        """Take where the county in use and the tables in force are to be had, and who draws the map."""
        self._ground, self._tables, self._tiles = ground, tables, tiles

    def viewer(self) -> Viewer | None:
        """Return who is asking, None where nobody has signed in."""
        principal = current_or_none()
        if principal is None:
            return None
        actor = principal.actor
        return Viewer(
            name=actor.name,
            roles=actor.roles,
            permissions=principal.permissions,
            language=principal.language,
            department=actor.department,
        )

    def tables(self) -> Tables:
        """Return the tables that name categories' conditions and coded words."""
        return self._tables.now

    def county(self) -> CountyFacts:
        """Return the facts of the county in use."""
        county = self._ground.county
        return CountyFacts(
            name_zh=county.name_zh,
            name_en=county.name_en,
            lon=county.center.lon_deg,
            lat=county.center.lat_deg,
            zoom=OVERVIEW_ZOOM,
            bbox=county.box.as_tuple(),
            tile_url=tile_address(county),
            version=tile_version(county),
            attribution=self._tiles.attribution,
        )
