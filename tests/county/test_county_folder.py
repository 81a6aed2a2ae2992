"""The whole folder of a county at once: map, terrain, people, codes, tables and plans, as the offices name them."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_bounds

from county.importing.report import ImportReport
from county.importing.run import import_county
from county.model import County
from county.population import people_in
from county.store import load, read_layer
from tests.county import brought

pytestmark = pytest.mark.slow

SITES = """site_id,name,operator,lon,lat,sector,technology,band,arfcn,pci,azimuth_deg,height_m
S1,城关一,CMCC,117.65,29.55,1,LTE,8,3590,12,120,30
S1,城关一,CMCC,117.65,29.55,2,LTE,8,3590,13,240,30
"""


def raster(file: Path, values: np.ndarray, west: float, east: float) -> None:
    rows, columns = values.shape
    south, north = brought.SOUTH - 0.05, brought.SOUTH + brought.SIDE + 0.05
    profile = {
        "driver": "GTiff", "height": rows, "width": columns, "count": 1, "dtype": "float32", "crs": "EPSG:4326",
        "transform": from_bounds(west, south, east, north, columns, rows),
    }  # fmt: skip
    with rasterio.open(file, "w", **profile) as target:
        target.write(values.astype(np.float32), 1)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[County, ImportReport]:
    folder = tmp_path_factory.mktemp("qinglan")
    west, middle, east = brought.WEST - 0.05, brought.MIDDLE[0], brought.WEST + brought.SIDE + 0.05
    half = np.add.outer(np.arange(80.0), np.arange(40.0))
    raster(folder / "dem_west.tif", 100 + half, west, middle)
    raster(folder / "dem_east.tif", 140 + half, middle, east)
    raster(folder / "population.tif", np.full((44, 44), 10.0), west, east)
    lines = brought.roads()
    cells = brought.frame(
        {"code": ["99099910001"], "name": ["甲网格"]}, [shapely.box(117.62, 29.52, 117.63, 29.53)]
    )
    turns = brought.frame(
        {"from_way": ["1"], "to_way": ["31"], "kind": ["no_left_turn"]},
        [shapely.Point(117.602, 29.502)],
    )
    brought.geopackage(
        folder / "map.gpkg", boundary=brought.boundary(), towns=brought.towns(), roads=lines, pois=brought.pois(),
        grid_cells=cells, turn_restrictions=turns,
    )  # fmt: skip
    brought.table(
        folder / "codes.csv",
        "code,name\n"
        + "".join(f"{c},{n}\n" for c, n in zip(brought.CODES, brought.NAMES, strict=True)),
    )
    brought.table(folder / "sites.csv", SITES)
    brought.table(folder / "README.md", "what our offices gave")
    home = tmp_path_factory.mktemp("home")
    report = import_county([folder], home, datum="wgs84")
    return load(home), report


def test_two_terrain_tiles_become_one_relief(whole: tuple[County, ImportReport]) -> None:
    county, _ = whole
    assert county.has_terrain
    with rasterio.open(county.terrain) as terrain:
        low, high = (float(v[0]) for v in terrain.sample([(117.61, 29.61), (117.71, 29.51)]))
    assert 100 < low < high < 260


def test_its_people_are_counted_where_they_live(whole: tuple[County, ImportReport]) -> None:
    county, report = whole
    cell = (brought.SIDE + 0.1) / 44
    expected = 10 * (brought.SIDE / cell) ** 2
    assert people_in(county, [county.boundary_wgs84])[0] == pytest.approx(expected, rel=0.01)
    assert "county.note_people" in [note.code for note in report.notes]


def test_its_own_cells_and_turns_are_kept(whole: tuple[County, ImportReport]) -> None:
    county, report = whole
    assert "99099910001" in set(read_layer(county, "grid_cells")["code"])
    turns = read_layer(county, "turn_restrictions")
    assert turns[["from_way", "to_way", "kind"]].to_numpy().tolist() == [
        ["1", "31", "no_left_turn"]
    ]
    assert report.layer("grid_cells").accepted == 1


def test_its_tables_lie_beside_its_map(whole: tuple[County, ImportReport]) -> None:
    county, report = whole
    assert [row["sector"] for row in county.table("sites")] == ["1", "2"]
    assert report.faults == 0
    assert report.layer("sites").sources == ["sites.csv (wgs84)"]


def test_people_counted_by_polygon_serve_as_well(tmp_path: Path) -> None:
    people = (
        brought.towns().rename(columns={"name": "乡镇"}).assign(常住人口=[1000, 2000, 3000, 4000])
    )
    file = brought.geopackage(tmp_path / "map.gpkg", boundary=brought.boundary(), 人口=people)
    import_county([file], tmp_path)
    county = load(tmp_path)
    assert people_in(county, list(brought.town_shapes())) == pytest.approx(
        [1000, 2000, 3000, 4000], rel=0.03
    )


def test_a_zip_packed_on_chinese_windows_is_read(tmp_path: Path) -> None:
    """Its member names are GBK without a word of it."""
    packed = brought.shapefile(tmp_path / "XXXX.zip", brought.towns(), "gbk", told=False)
    gbk = packed.read_bytes().replace(b"XXXX", "乡镇".encode("gbk"))
    file = tmp_path / "给你的.zip"
    file.write_bytes(gbk)
    assert zipfile.ZipFile(file).testzip() is None
    report = import_county([file], tmp_path, name="试县")
    assert report.layer("towns").accepted == 4
    assert report.layer("towns").sources == ["给你的.zip:乡镇 (wgs84)"]


def test_a_shapefile_that_is_not_packed_is_read_with_its_parts(tmp_path: Path) -> None:
    brought.shapefile(tmp_path / "towns.zip", brought.towns(), "utf-8")
    folder = tmp_path / "towns_parts"
    assert import_county([folder], tmp_path, name="试县").layer("towns").accepted == 4


def test_what_an_import_made_can_be_brought_in_again(
    whole: tuple[County, ImportReport], tmp_path: Path
) -> None:
    county, _ = whole
    import_county([county.geopackage], tmp_path)
    again = load(tmp_path)
    assert (again.name_zh, again.code) == (county.name_zh, county.code)
    columns = {
        "towns": ["town_id", "name", "name_en"], "roads": ["way_id", "class", "name", "oneway", "bridge"],
        "pois": ["kind", "name"], "turn_restrictions": ["from_way", "to_way", "kind"], "grid_cells": ["code", "name"],
    }  # fmt: skip
    for layer, compared in columns.items():
        one, other = (
            sorted(map(tuple, read_layer(each, layer)[compared].to_numpy().tolist()))
            for each in (county, again)
        )
        assert one == other, layer
