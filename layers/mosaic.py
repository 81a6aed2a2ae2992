"""One picture of a rectangle of the map, for paper: tiles laid side by side and cut to size."""

import asyncio
import io
import math
from dataclasses import dataclass
from typing import Final

from PIL import Image

from county.model import Box
from layers.tiles import TileService

TILE_PX: Final = 512
MOST_TILES: Final = 24
DEEPEST: Final = 15


@dataclass(frozen=True, slots=True)
class Extent:
    """A rectangle of the map at a zoom, in pixels of the whole world at that zoom."""

    zoom: int
    left: float
    top: float
    width: float
    height: float

    def point(self, lon_deg: float, lat_deg: float) -> tuple[float, float]:
        """Return where a place lies in the picture, in pixels from its upper left corner."""
        x, y = _world(lon_deg, lat_deg, self.zoom)
        return x - self.left, y - self.top


def _world(lon_deg: float, lat_deg: float, zoom: int) -> tuple[float, float]:
    size = TILE_PX * 2**zoom
    sine = math.sin(math.radians(lat_deg))
    return (lon_deg + 180) / 360 * size, (
        0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    ) * size


def extent_of(box: Box) -> Extent:
    """Return the extent of a rectangle at the deepest zoom that takes few enough tiles."""
    for zoom in range(DEEPEST, 0, -1):
        left, top = _world(box.west_deg, box.north_deg, zoom)
        right, bottom = _world(box.east_deg, box.south_deg, zoom)
        tiles = (right // TILE_PX - left // TILE_PX + 1) * (bottom // TILE_PX - top // TILE_PX + 1)
        if tiles <= MOST_TILES:
            return Extent(zoom, left, top, right - left, bottom - top)
    return Extent(1, 0, 0, TILE_PX, TILE_PX)


async def mosaic(tiles: TileService, extent: Extent, theme: str = "light") -> bytes:
    """Return the extent as a JPEG."""
    xs = range(int(extent.left // TILE_PX), int((extent.left + extent.width) // TILE_PX) + 1)
    ys = range(int(extent.top // TILE_PX), int((extent.top + extent.height) // TILE_PX) + 1)
    found = {(x, y): await tiles.tile(theme, extent.zoom, x, y) for y in ys for x in xs}
    return await asyncio.to_thread(_laid, found, extent)


def _laid(found: dict[tuple[int, int], bytes], extent: Extent) -> bytes:
    picture = Image.new("RGB", (round(extent.width), round(extent.height)), "white")
    for (x, y), data in found.items():
        with Image.open(io.BytesIO(data)) as tile:
            place = (round(x * TILE_PX - extent.left), round(y * TILE_PX - extent.top))
            picture.paste(tile.convert("RGB"), place)
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=85)
    return kept.getvalue()
