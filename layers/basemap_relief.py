"""The relief painted once in a theme's colours, so that a tile need not colour it again."""

from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.warp import Resampling

from layers.basemap_theme import Theme

Stops = tuple[tuple[int, str], ...]
CHANNELS = (
    1,
    3,
    5,
    7,
)  # where the two hex digits of red, green, blue and alpha begin in "#rrggbbaa"


def paint(hillshade: Path, theme: Theme, to: Path) -> None:
    """Write `to`, an RGBA picture of the relief: light and shadow over the tint of height."""
    with rasterio.open(hillshade) as source:
        shade, height = source.read()
        profile = {
            **source.profile,
            "count": 4,
            "interleave": "pixel",
            "photometric": "RGB",
            "alpha": "YES",
            "zlevel": 1,
        }
    picture = over(table(theme.shade)[shade], table(theme.tint)[height])
    unfinished = to.with_suffix(".new.tif")
    with rasterio.open(unfinished, "w", **profile) as target:
        target.write(np.moveaxis(picture, 2, 0))
    with rasterio.open(unfinished, "r+") as target:
        target.build_overviews([2, 4, 8, 16], Resampling.average)
    unfinished.replace(to)


def table(stops: Stops) -> NDArray[np.float32]:
    """Return the colour of each value 0..255 as red, green, blue, alpha from 0 to 1, straight between the stops."""
    values = [value for value, _ in stops]
    channels = [[int(colour[at : at + 2], 16) / 255 for _, colour in stops] for at in CHANNELS]
    return np.stack(
        [np.interp(np.arange(256), values, channel) for channel in channels], axis=1
    ).astype(np.float32)


def over(front: NDArray[np.float32], back: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return `front` laid over `back` (straight alpha) with its colours multiplied by alpha, as Mapnik wants them."""
    shown = back[..., 3:] * (1 - front[..., 3:])
    alpha = front[..., 3:] + shown
    colour = front[..., :3] * front[..., 3:] + back[..., :3] * shown
    return np.round(np.concatenate([colour, alpha], axis=-1) * 255).astype(np.uint8)
