"""The grid of 512 px tiles: tile z/x/y of it shows what display zoom z+1 shows (Leaflet: tileSize 512, zoomOffset -1)."""

from dataclasses import dataclass
from typing import Final

from county.model import County
from layers import basemap
from vocabulary.errors import Refused

FIRST_Z, LAST_Z = 5, 17  # display zooms 6 to 18
SCALES: Final = (1, 2)
# Of the styles: raise it when they change, and every kept tile is painted anew.
EDITION: Final = "4"
LEAFLET_OPTIONS: Final = {
    "tileSize": 512, "zoomOffset": -1, "minZoom": FIRST_Z + 1, "maxZoom": LAST_Z + 1,
}  # fmt: skip
Key = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Order:
    """A tile that can be."""

    theme: str
    z: int
    x: int
    y: int
    scale: int

    @property
    def key(self) -> Key:
        """Return where it lies on the grid."""
        return self.z, self.x, self.y


def checked(theme: str, z: int, x: int, y: int, scale: int = 1) -> Order:
    """Return the order if such a tile can be; Refused (404) says what can."""
    basemap.theme(theme)
    edge = 2**z - 1 if FIRST_Z <= z <= LAST_Z else 2**LAST_Z - 1
    if not (FIRST_Z <= z <= LAST_Z and 0 <= x <= edge and 0 <= y <= edge and scale in SCALES):
        raise Refused("tiles.no_tile", z=z, x=x, y=y, first=FIRST_Z, last=LAST_Z, edge=edge)
    return Order(theme, z, x, y, scale)


def facts_of(county: County, theme: str) -> dict[str, str]:
    """Return what a file of tiles says about itself; by county_version and edition it is known whether it still holds."""
    return {
        "name": f"{county.name_zh} {theme}", "format": "webp", "type": "baselayer", "attribution": county.attribution,
        "bounds": ",".join(f"{edge:.5f}" for edge in county.box.as_tuple()), "theme": theme, "tile_px": "512",
        "county_code": county.code, "county_version": county.version, "edition": EDITION,
    }  # fmt: skip


def tile_version(county: County) -> str:
    """Return what changes when tiles look different: another county, or other styles."""
    return f"{county.version}-{EDITION}"


def tile_address(county: County) -> str:
    """Return where the county's tiles are; its version is in it, so that no browser shows a former county's."""
    return f"/tiles/{{theme}}/{{z}}/{{x}}/{{y}}?v={tile_version(county)}"
