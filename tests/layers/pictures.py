"""Reading a painted tile: WebP to an array of red, green, blue."""

import math
import warnings

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile


def pixels(tile: bytes) -> NDArray[np.uint8]:
    """Return the picture as rows x columns x 3."""
    with warnings.catch_warnings(), MemoryFile(tile) as file:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a tile does not say where it is
        with file.open() as picture:
            bands: NDArray[np.uint8] = picture.read()
            table = picture.colormap(1) if picture.count == 1 else {}
    if not table:
        return np.moveaxis(bands[:3], 0, 2)
    colours: NDArray[np.uint8] = np.array(
        [table.get(value, (0, 0, 0))[:3] for value in range(256)], dtype=np.uint8
    )[bands[0]]
    return colours


def tile_at(lon_deg: float, lat_deg: float, z: int) -> tuple[int, int, int]:
    """Return the tile of the 512 px grid that holds a position."""
    across = 2**z
    south = math.asinh(math.tan(math.radians(lat_deg))) / math.pi
    return z, int((lon_deg + 180) / 360 * across), int((1 - south) / 2 * across)
