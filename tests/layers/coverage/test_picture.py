"""From classes to tiles: what stands at a place is what is painted there, at every zoom, as a PNG that others read."""

import io
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyproj import Transformer
from rasterio.crs import CRS

from layers.coverage import picture
from layers.coverage.atlas import palette
from layers.coverage.grid import cells_of, degrees_of
from tests.layers.coverage import made_up

ON = made_up.grid(60)
RNG = np.random.default_rng(4)
BLOCKS = RNG.integers(1, 6, (8, 10)).astype(np.uint8)
CODES = np.kron(BLOCKS, np.ones((8, 8), dtype=np.uint8))[: ON.shape[0], : ON.shape[1]]
LAID = picture.lay_out(CODES, ON.transform, CRS.from_string(ON.crs))
TO_MERCATOR = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)


def pixel(lon: float, lat: float, z: int) -> int:
    """Return the code painted at a place at a zoom."""
    x, y = TO_MERCATOR.transform(lon, lat)
    span = 2 * picture.HALF_M / 2**z
    across, down = (x + picture.HALF_M) / span, (picture.HALF_M - y) / span
    tile = LAID.tile(z, int(across), int(down))
    size = picture.TILE_PX
    return int(tile[int(math.modf(down)[0] * size), int(math.modf(across)[0] * size)])


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 57), st.integers(2, 77), st.sampled_from([12, 14, 16, 18]))
def test_what_is_painted_at_a_cell_is_the_cell_or_at_an_edge_its_neighbour(
    row: int, column: int, z: int
) -> None:
    lon, lat = degrees_of(ON, np.array([row]), np.array([column]))
    near = set(np.unique(CODES[row - 1 : row + 2, column - 1 : column + 2]).tolist())
    assert pixel(float(lon[0]), float(lat[0]), z) in near
    rows, columns = cells_of(ON, lon, lat)
    assert (rows[0], columns[0]) == (row, column)


def test_a_tile_off_the_county_is_clear_and_all_are_palette_pngs() -> None:
    assert not LAID.tile(10, 0, 0).any()
    colours = palette("rsrp")
    content = picture.png(LAID.tile(12, 3300, 1700), colours)
    image = Image.open(io.BytesIO(content))
    assert (image.size, image.mode) == ((512, 512), "P")
    assert image.convert("RGBA").getpixel((0, 0)) == (0, 0, 0, 0)
    whole = Image.open(io.BytesIO(picture.png(LAID.codes, colours))).convert("RGBA")
    seen = np.asarray(whole)[LAID.codes == 1]
    assert {tuple(one) for one in seen.tolist()} == {colours.colours[1]}


@pytest.mark.parametrize("quantity", ["rsrp", "sinr", "server"])
def test_every_class_has_a_colour_of_its_own(quantity: str) -> None:
    colours = palette(quantity).colours
    assert colours[0][3] == 0
    assert len(set(colours)) == len(colours)
