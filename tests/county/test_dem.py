"""Terrain: tiles cut out of one land and put together again are that land, wherever they were cut and however they came."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Transformer

from county.importing import dem
from vocabulary.errors import Refused

Grid = NDArray[np.float32]
CELL = 1 / 1200
OVER = shapely.box(117.02, 30.02, 117.18, 30.14)


def land(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Grid:
    """Hills of a few kilometres, up to 900 m; no slope is steeper than about one in two."""
    x, y = (lon - 117) * 96_000, (lat - 30) * 111_320
    waves = np.sin(x / 1500) * np.cos(y / 1100) * 180 + np.sin(x / 4000 + y / 3000) * 200
    metres: Grid = (500 + waves).astype(np.float32)
    return metres


def cut(
    west: float, north: float, columns: int, rows: int, cell: float = CELL, crs: str = "EPSG:4326"
) -> tuple[Grid, Affine]:
    where = Affine(cell, 0, west, 0, -cell, north)
    x, y = np.meshgrid(
        west + (np.arange(columns) + 0.5) * cell, north - (np.arange(rows) + 0.5) * cell
    )
    lon, lat = (
        (x, y)
        if crs == "EPSG:4326"
        else Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(x, y)
    )
    return land(lon, lat), where


def tif(
    file: Path, piece: tuple[Grid, Affine], crs: str = "EPSG:4326", nodata: float | None = -32768,
    unit: str | None = None,
) -> Path:  # fmt: skip
    metres, where = piece
    with rasterio.open(
        file, "w", driver="GTiff", height=metres.shape[0], width=metres.shape[1], count=1,
        dtype="float32", crs=crs, transform=where, nodata=nodata,
    ) as target:  # fmt: skip
        target.write(metres, 1)
        if unit:
            target.units = (unit,)
    return file


def error(heights: dem.Heights) -> Grid:
    rows, columns = heights.metres.shape
    column, row = np.meshgrid(np.arange(columns) + 0.5, np.arange(rows) + 0.5)
    where = heights.transform
    wrong: Grid = np.abs(heights.metres - land(where.c + column * where.a, where.f + row * where.e))
    return wrong


def test_a_single_tile_comes_as_it_is(tmp_path: Path) -> None:
    heights = dem.read([tif(tmp_path / "a.tif", cut(117, 30.2, 300, 240))], OVER)
    assert error(heights).max() < 0.05
    assert (heights.voids, heights.covered, heights.seam_m) == (0, 1.0, 0.0)


@given(columns=st.integers(60, 180), overlap=st.integers(0, 30), shift=st.floats(0, 1))
@settings(max_examples=12, deadline=None)
def test_two_tiles_cut_anywhere_are_one_land_again(
    tmp_path_factory: pytest.TempPathFactory, columns: int, overlap: int, shift: float
) -> None:
    folder = tmp_path_factory.mktemp("dem")
    west = tif(folder / "w.tif", cut(117, 30.2, columns, 240))
    start = 117 + (columns - overlap - shift) * CELL
    east = tif(folder / "e.tif", cut(start, 30.2 + shift * CELL, 300 - columns + overlap, 240))
    heights = dem.read([west, east], OVER)
    assert heights.covered == 1.0
    # Half a cell's slope is what bilinear interpolation may miss on these hills; a step would be tens of metres.
    assert error(heights).max() < 3


def west_and(make: Callable[[Path], list[Path]], folder: Path) -> list[Path]:
    return [tif(folder / "w.tif", cut(117, 30.2, 120, 240)), *make(folder)]


def test_a_coarse_tile_beside_a_fine_one_leaves_no_step(tmp_path: Path) -> None:
    files = west_and(lambda f: [tif(f / "e.tif", cut(117.0975, 30.2, 70, 90, CELL * 3))], tmp_path)
    heights = dem.read(files, OVER)
    assert error(heights).max() < 25  # what a cell of 280 m cannot show of such hills
    steps = np.abs(np.diff(heights.metres, axis=1))
    beside = int((117.1 - heights.transform.c) / heights.transform.a)
    assert steps[:, beside - 6 : beside + 6].max() <= steps.max()
    assert error(heights)[:, : beside - 12].max() < 0.05


def test_a_projected_tile_joins_one_in_degrees(tmp_path: Path) -> None:
    utm = "EPSG:32650"
    east, north = Transformer.from_crs("EPSG:4326", utm, always_xy=True).transform(117.09, 30.16)
    files = west_and(
        lambda f: [tif(f / "e.tif", cut(round(east), round(north), 150, 220, 80.0, utm), utm)],
        tmp_path,
    )
    heights = dem.read(files, OVER)
    assert heights.covered > 0.99
    assert error(heights).max() < 5


def test_voids_at_the_seam_are_filled_from_the_other_tile(tmp_path: Path) -> None:
    west, where = cut(117, 30.2, 140, 240)
    west[60:120, 118:] = -32768
    files = [
        tif(tmp_path / "w.tif", (west, where)),
        tif(tmp_path / "e.tif", cut(117 + 110 * CELL, 30.2, 190, 240)),
    ]
    heights = dem.read(files, OVER)
    assert heights.voids == 0
    assert error(heights).max() < 1


def test_voids_that_nobody_knows_are_counted_and_filled_from_around(tmp_path: Path) -> None:
    metres, where = cut(117, 30.2, 300, 240)
    metres[100:106, 100:108] = -32768
    heights = dem.read([tif(tmp_path / "a.tif", (metres, where))], OVER)
    assert heights.voids == 48
    assert error(heights).max() < 60
    assert heights.covered == 1.0


@pytest.mark.parametrize("hole", [0.0, -9999.0, -99999.0, 32767.0, np.nan])
def test_an_undeclared_no_data_is_a_void(tmp_path: Path, hole: float) -> None:
    metres, where = cut(117, 30.2, 300, 240)
    metres[100:106, 100:108] = hole
    heights = dem.read([tif(tmp_path / "a.tif", (metres, where), nodata=None)], OVER)
    assert heights.voids == 48
    assert heights.metres.min() > 80


def test_the_sea_is_no_void(tmp_path: Path) -> None:
    metres, where = cut(117, 30.2, 300, 240)
    flat = np.maximum(metres - 600, 0).astype(np.float32)
    heights = dem.read([tif(tmp_path / "a.tif", (flat, where))], OVER)
    assert heights.voids == 0
    assert (heights.metres == 0).mean() > 0.2


@pytest.mark.parametrize(("unit", "factor"), [("ft", 0.3048), ("m", 1.0), ("cm", 0.01)])
def test_a_declared_unit_becomes_metres(tmp_path: Path, unit: str, factor: float) -> None:
    metres, where = cut(117, 30.2, 300, 240)
    file = tif(tmp_path / "a.tif", ((metres / factor).astype(np.float32), where), unit=unit)
    assert error(dem.read([file], OVER)).max() < 0.1


def test_feet_that_nobody_declared_are_found_where_tiles_overlap(tmp_path: Path) -> None:
    metres, where = cut(117.08, 30.2, 200, 240)
    files = west_and(
        lambda f: [tif(f / "feet.tif", ((metres / 0.3048).astype(np.float32), where))], tmp_path
    )
    with pytest.raises(Refused) as refused:
        dem.read(files, OVER)
    assert refused.value.code == "county.dem_feet"
    assert "feet.tif" in refused.value.text("en")


def test_centimetres_and_unknown_units_are_refused(tmp_path: Path) -> None:
    metres, where = cut(117, 30.2, 300, 240)
    high = tif(tmp_path / "cm.tif", (metres * 100, where))
    odd = tif(tmp_path / "odd.tif", (metres, where), unit="fathom")
    for file, code in ((high, "county.dem_too_high"), (odd, "county.dem_unit")):
        with pytest.raises(Refused) as refused:
            dem.read([file], OVER)
        assert refused.value.code == code


def test_tiles_of_different_vertical_datum_are_told(tmp_path: Path) -> None:
    metres, where = cut(117.06, 30.2, 200, 240)
    files = west_and(lambda f: [tif(f / "e.tif", (metres + 12, where))], tmp_path)
    heights = dem.read(files, OVER)
    assert heights.seam_m == pytest.approx(12, abs=0.1)
    assert np.abs(np.diff(heights.metres, axis=1)).max() < 60  # a slope, no cliff


def test_half_a_county_is_told_and_the_rest_filled(tmp_path: Path) -> None:
    heights = dem.read([tif(tmp_path / "w.tif", cut(117, 30.2, 120, 240))], OVER)
    assert heights.covered == pytest.approx(0.5, abs=0.02)
    assert np.isfinite(heights.metres).all()
    assert 80 < heights.metres.min() < heights.metres.max() < 920


def test_several_hgt_in_one_zip_are_all_read(tmp_path: Path) -> None:
    file = tmp_path / "srtm.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for lon in (116, 117):
            # SRTM: 1201 samples on whole cells, the edge ones shared with the neighbour.
            metres, _ = cut(lon - CELL / 2, 31 + CELL / 2, 1201, 1201)
            archive.writestr(f"N30E{lon}.hgt", np.round(metres).astype(">i2").tobytes())
    heights = dem.read([file], shapely.box(116.95, 30.5, 117.05, 30.6))
    assert heights.covered == 1.0
    assert error(heights).max() < 0.51
