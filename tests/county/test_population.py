"""Population: whatever frame it comes in, nobody is lost, nobody is counted twice, and polygons get their own."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Transformer

from county.cell_shares import share
from county.importing import population
from vocabulary.errors import Refused

UTM = "EPSG:32650"
WITHIN = shapely.box(117.0, 30.0, 117.3, 30.2)


def people(rows: int, columns: int, seed: int = 1) -> NDArray[np.float32]:
    chance = np.random.default_rng(seed)
    persons = chance.gamma(1, 5, (rows, columns)) * (chance.random((rows, columns)) < 0.4)
    return persons.astype(np.float32)


def tif(
    file: Path,
    persons: NDArray[np.float32],
    transform: Affine,
    crs: str,
    nodata: float | None = None,
) -> Path:
    profile = {"driver": "GTiff", "height": persons.shape[0], "width": persons.shape[1], "count": 1}
    with rasterio.open(
        file, "w", **profile, dtype="float32", crs=crs, transform=transform, nodata=nodata
    ) as target:
        target.write(persons, 1)
    return file


def in_utm(file: Path, persons: NDArray[np.float32], nodata: float | None = None) -> Path:
    # In the middle of WITHIN, so that none of it is cut.
    east, north = Transformer.from_crs("EPSG:4326", UTM, always_xy=True).transform(117.15, 30.1)
    rows, columns = persons.shape
    corner = Affine(100, 0, east - columns * 50, 0, -100, north + rows * 50)
    return tif(file, persons, corner, UTM, nodata)


def test_a_wgs84_raster_is_cut_and_not_resampled(tmp_path: Path) -> None:
    persons = people(500, 600)
    file = tif(tmp_path / "p.tif", persons, Affine(0.001, 0, 116.9, 0, -0.001, 30.4), "EPSG:4326")
    read = population.read([file], WITHIN)
    assert np.array_equal(read.persons[:200, :300], persons[200:400, 100:400])
    assert read.covered == pytest.approx(1, abs=0.01)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=8, deadline=None)
def test_projected_people_keep_their_number(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    persons = people(120, 150, seed)
    file = in_utm(tmp_path_factory.mktemp("p") / "p.tif", persons)
    read = population.read([file], WITHIN)
    assert read.total == pytest.approx(float(persons.sum()), rel=1e-4)
    assert read.persons.min() >= 0


def test_projected_people_stay_where_they_live(tmp_path: Path) -> None:
    persons = np.zeros((120, 150), dtype=np.float32)
    persons[30, 40] = 1000
    file = in_utm(tmp_path / "p.tif", persons)
    read = population.read([file], WITHIN)
    row, column = np.unravel_index(read.persons.argmax(), read.persons.shape)
    lon, lat = read.transform * (column + 0.5, row + 0.5)
    east, north = Transformer.from_crs("EPSG:4326", UTM, always_xy=True).transform(lon, lat)
    with rasterio.open(file) as source:
        at = source.index(east, north)
    assert abs(at[0] - 30) <= 1
    assert abs(at[1] - 40) <= 1


@pytest.mark.parametrize(
    ("hole", "declared"), [(-99999.0, -99999.0), (-200.0, None), (np.nan, None)]
)
def test_no_data_is_nobody_whether_declared_or_not(
    tmp_path: Path, hole: float, declared: float | None
) -> None:
    persons = people(120, 150)
    holed = persons.copy()
    holed[:60] = hole
    read = population.read([in_utm(tmp_path / "p.tif", holed, declared)], WITHIN)
    assert read.total == pytest.approx(float(persons[60:].sum()), rel=2e-3)


def test_tiles_that_overlap_count_nobody_twice(tmp_path: Path) -> None:
    persons = people(200, 300)
    west = tif(
        tmp_path / "w.tif", persons[:, :180], Affine(0.001, 0, 117, 0, -0.001, 30.2), "EPSG:4326"
    )
    east = tif(
        tmp_path / "e.tif", persons[:, 140:], Affine(0.001, 0, 117.14, 0, -0.001, 30.2), "EPSG:4326"
    )
    read = population.read([west, east], WITHIN)
    assert read.total == pytest.approx(float(persons.sum()), rel=1e-5)
    assert read.covered == pytest.approx(1, abs=0.02)


def test_a_half_covered_county_is_told(tmp_path: Path) -> None:
    persons = people(200, 150)
    file = tif(tmp_path / "w.tif", persons, Affine(0.001, 0, 117, 0, -0.001, 30.2), "EPSG:4326")
    assert population.read([file], WITHIN).covered == pytest.approx(0.5, abs=0.02)


def test_polygons_give_their_people_to_the_cells_they_cover() -> None:
    squares = [shapely.box(117.05 + i * 0.02, 30.05, 117.07 + i * 0.02, 30.07) for i in range(5)]
    frame = gpd.GeoDataFrame(
        {"Population": [10, 200, 0, 33.5, 7]}, geometry=squares, crs="EPSG:4326"
    )
    read = population.read([frame.to_crs(UTM)], WITHIN)
    assert read.total == pytest.approx(250.5, rel=1e-4)
    held = share(squares[1], read.transform, read.persons.shape)
    assert held is not None
    assert held.of(read.persons) == pytest.approx(200, rel=0.05)


def test_polygons_half_outside_leave_those_outside_out() -> None:
    across = shapely.box(116.9, 30.05, 117.1, 30.15)
    frame = gpd.GeoDataFrame({"population": [1000]}, geometry=[across], crs="EPSG:4326")
    assert population.read([frame], WITHIN).total == pytest.approx(500, rel=1e-3)


@given(
    angle=st.floats(0, 360), wide=st.floats(0.0005, 0.1), high=st.floats(0.0005, 0.1),
    lon=st.floats(117.05, 117.2), lat=st.floats(30.05, 30.15),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_the_shares_of_a_polygon_are_its_area(
    angle: float, wide: float, high: float, lon: float, lat: float
) -> None:
    box = shapely.affinity.rotate(shapely.box(lon, lat, lon + wide, lat + high), angle)
    held = share(box, Affine(0.001, 0, 116.8, 0, -0.001, 30.4), (600, 700))
    assert held is not None
    assert held.of_cell.sum() * 1e-6 == pytest.approx(box.area, rel=1e-2, abs=1e-9)


def test_a_raster_elsewhere_a_missing_column_and_a_mixture_are_refused(tmp_path: Path) -> None:
    file = tif(tmp_path / "p.tif", people(9, 9), Affine(0.001, 0, 10, 0, -0.001, 50), "EPSG:4326")
    frame = gpd.GeoDataFrame({"persons": [1]}, geometry=[WITHIN], crs="EPSG:4326")
    for sources, code in (
        ([file], "county.population_elsewhere"),
        ([frame], "county.population_no_column"),
        ([file, frame], "county.population_mixed"),
        ([tmp_path / "none.tif"], "county.file_missing"),
    ):
        with pytest.raises(Refused) as refused:
            population.read(sources, WITHIN)
        assert refused.value.code == code


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    file = tif(
        tmp_path / "p.tif", people(500, 600), Affine(0.001, 0, 116.9, 0, -0.001, 30.4), "EPSG:4326"
    )
    read = population.read([file], WITHIN)
    population.write(read, tmp_path)
    with rasterio.open(tmp_path / "population.tif") as written:
        assert written.crs.to_epsg() == 4326
        assert np.array_equal(written.read(1), read.persons)


@pytest.mark.realdata
def test_helsinki_keeps_every_one_of_its_people(real_data: Path) -> None:
    (file,) = (real_data / "osm/helsinki_population").glob("*.gpkg")
    frame = gpd.read_file(file)
    within = shapely.box(*frame.total_bounds)
    read = population.read([file], within)
    assert read.total == pytest.approx(float(frame["population"].sum()), rel=1e-4)
    crowded = frame.loc[frame["population"].idxmax()]
    held = share(crowded.geometry, read.transform, read.persons.shape)
    assert held is not None
    assert held.of(read.persons) == pytest.approx(crowded["population"], rel=0.1)
