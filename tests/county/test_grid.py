"""The unit grid: every point in one cell of its town, cells of the size their zone asks for, codes that stay."""

from collections.abc import Sequence
from time import process_time

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from county.grid.cells import Ground, grid_cells
from county.grid.tables import norms, schemes
from county.importing.report import ImportReport
from county.locate import Locator
from county.model import County
from county.store import read_layer
from vocabulary.place import Place

MADE_OF = ("roads", "waterways", "railways", "landcover", "buildings", "places")
CODE = "990777"


def ground_of(county: County) -> Ground:
    layers = {layer: read_layer(county, layer) for layer in MADE_OF}
    towns = read_layer(county, "towns")
    return Ground(code=county.code, boundary=county.boundary_wgs84, towns=towns, layers=layers)


def frame(shapes: Sequence[BaseGeometry], **columns: Sequence[object]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def small_ground(
    towns: Sequence[BaseGeometry] | None = None, layers: dict[str, gpd.GeoDataFrame] | None = None
) -> Ground:
    """A county 5 km wide of two towns (or those given), with a street along its middle."""
    halves = [box(120.0, 30.0, 120.025, 30.04), box(120.025, 30.0, 120.05, 30.04)]
    lands = halves if towns is None else towns
    return Ground(
        code=CODE,
        boundary=box(120.0, 30.0, 120.05, 30.04),
        towns=frame(
            lands,
            town_id=[f"{CODE}{100 + order}" for order in range(len(lands))],
            name=[f"{order}镇" for order in range(len(lands))],
            name_en=[f"Town {order}" for order in range(len(lands))],
        ),
        layers={
            "roads": frame(
                [LineString([(119.99, 30.02), (120.06, 30.021)])], kind=["primary"]
            ).rename(columns={"kind": "class"}),
            "landcover": frame([Point(120.012, 30.01).buffer(0.004)], kind=["residential"]),
            "places": frame(
                [Point(120.012, 30.01), Point(120.04, 30.03)],
                kind=["town", "village"], name=["甲", "乙"], name_en=["A", ""], rank=[1, 3], population=[9000, 300],
            ),
            **(layers or {}),
        },
    )  # fmt: skip


@pytest.fixture(scope="module")
def cells(sample: County) -> gpd.GeoDataFrame:
    return read_layer(sample, "grid_cells")


def sizes_hold(cells: gpd.GeoDataFrame) -> None:
    """Nothing is larger than its zone allows, and hardly anything smaller."""
    for zone, norm in norms().items():
        areas = cells["area_m2"][cells["zone"] == zone]
        assert areas.max() <= norm.most_m2
        assert (areas < norm.least_m2).mean() < 0.1
        assert norm.norm_m2 / 2 < areas.median() < norm.norm_m2 * 2


def tiles_towns(cells: gpd.GeoDataFrame, towns: gpd.GeoDataFrame) -> None:
    """The cells of a town cover it and nothing else, and no two overlap."""
    assert shapely.coverage_is_valid(cells.geometry.to_numpy())
    for town_id, land in zip(towns["town_id"], towns.geometry, strict=True):
        covered = shapely.union_all(cells.geometry[cells["town_code"] == town_id].to_numpy())
        assert covered.symmetric_difference(land).area < 1e-6 * land.area


def test_cells_have_the_sizes_of_their_zones(cells: gpd.GeoDataFrame) -> None:
    sizes_hold(cells)
    seat = cells[cells["zone"] == "seat"]
    assert len(seat) > 100


def test_the_cells_of_a_town_cover_it_and_nothing_else(
    cells: gpd.GeoDataFrame, sample: County
) -> None:
    tiles_towns(cells, read_layer(sample, "towns"))


def test_codes_are_unique_and_built_by_their_schemes(
    cells: gpd.GeoDataFrame, sample: County
) -> None:
    for column, scheme in zip(("code", "code_16"), schemes(), strict=True):
        assert cells[column].is_unique
        assert set(cells[column].str.len()) == {scheme.digits}
        assert cells[column].str.startswith(sample.code).all()
    assert (cells["code"].str[6:9] == cells["town_code"].str[-3:]).all()


@settings(max_examples=200, deadline=None)
@given(share=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_every_point_of_the_county_has_one_cell_and_it_is_its_towns(
    sample_locator: Locator, share: tuple[float, float]
) -> None:
    west, south, east, north = sample_locator.county.box.as_tuple()
    place = Place(west + share[0] * (east - west), south + share[1] * (north - south))
    if sample_locator.contains(place):
        told = sample_locator.locate(place)
        assert told.town is not None
        assert told.cell is not None
        assert told.cell.town == told.town.id
        assert sample_locator.locate(place) == told


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_point_on_a_cells_border_has_one_cell_too(
    sample_locator: Locator, cells: gpd.GeoDataFrame, data: st.DataObject
) -> None:
    edge = cells.geometry.iloc[data.draw(st.integers(0, len(cells) - 1))].exterior
    corner = edge.coords[data.draw(st.integers(0, len(edge.coords) - 1))]
    place = Place(corner[0], corner[1])
    if sample_locator.contains(place):
        told = sample_locator.locate(place)
        assert told.cell is not None
        assert told.town is not None
        assert told.cell.town == told.town.id


def test_the_same_map_makes_the_same_cells_in_whatever_order_it_comes(sample: County) -> None:
    ground = ground_of(sample)
    layers = {name: layer.sample(frac=1, random_state=7) for name, layer in ground.layers.items()}
    once = grid_cells(ground)
    again = grid_cells(
        Ground(code=ground.code, boundary=ground.boundary, towns=ground.towns, layers=layers)
    )
    assert once["code"].tolist() == again["code"].tolist()
    assert once["name"].tolist() == again["name"].tolist()
    assert shapely.equals_exact(
        once.geometry.normalize(), again.geometry.normalize(), tolerance=1e-9
    ).all()


def test_a_county_is_divided_in_seconds(sample: County) -> None:
    ground = ground_of(sample)
    worked = process_time()
    grid_cells(ground)
    assert process_time() - worked < 10


def test_a_gap_between_towns_belongs_to_the_nearest_and_an_overlap_to_the_first() -> None:
    made = grid_cells(
        small_ground([box(120.0, 30.0, 120.024, 30.04), box(120.023, 30.0, 120.045, 30.04)])
    )
    assert shapely.area(made.geometry.to_numpy()).sum() == pytest.approx(0.05 * 0.04, rel=1e-9)
    for lon, town in ((120.0235, 100), (120.049, 101)):
        held = made[made.intersects(Point(lon, 30.011))]
        assert set(held["town_code"]) == {f"{CODE}{town}"}


def test_a_county_without_towns_has_cells_all_the_same() -> None:
    made = grid_cells(small_ground([]))
    assert shapely.area(made.geometry.to_numpy()).sum() == pytest.approx(0.05 * 0.04, rel=1e-9)
    assert set(made["town_code"]) == {""}
    assert made["code"].is_unique


def test_cells_are_called_after_the_nearest_settlement_of_their_town() -> None:
    made = grid_cells(small_ground())
    assert set(made["community"][made["town_code"] == f"{CODE}100"]) == {"甲"}
    assert made["name"].str.fullmatch(r"[甲乙]第\d+网格").all()
    assert set(made["name_en"].str.split(" cell").str[0]) == {"A", "乙"}
    first = made["code"][made["community"] == "乙"].min()
    assert first == f"{CODE}10120001"  # town 101, its first villagers' committee, its first cell


def test_a_countys_own_cells_are_kept_and_the_rest_is_made() -> None:
    own = frame(
        [box(120.003, 30.002, 120.006, 30.005), box(120.024, 30.03, 120.0285, 30.032)],
        code=[f"{CODE}10000103", "南网格"], name=["一号网格", "跨镇网格"],
    )  # fmt: skip
    ground = small_ground(layers={"grid_cells": own})
    made = grid_cells(ground)
    kept = made[made["imported"]]
    assert kept["code"].tolist() == own["code"].tolist()
    assert kept["name"].tolist() == own["name"].tolist()
    assert made["code"].is_unique
    assert kept.geometry.iloc[0].symmetric_difference(own.geometry.iloc[0]).area < 1e-12
    # A cell across the line between two towns keeps its larger side; the other is made part of its own town's.
    assert kept["town_code"].iloc[1] == f"{CODE}101"
    assert kept.geometry.iloc[1].bounds[0] == pytest.approx(120.025)
    tiles_towns(made, ground.towns)
    # The community that the county numbers itself is not given out again.
    assert not made["code"][~made["imported"]].str.startswith(f"{CODE}100001").any()


def test_more_cells_than_two_digits_count_go_on_in_a_further_community() -> None:
    seat = frame([box(120.0, 30.0, 120.024, 30.04)], kind=["residential"])
    made = grid_cells(small_ground(layers={"landcover": seat}))
    town = made[made["town_code"] == f"{CODE}100"]
    assert len(town) > 99
    assert set(town["code"].str[9:12]) >= {"001", "600"}
    assert set(town["code_16"].str[9:12]) == {"001"}
    assert town["name"].is_unique


@pytest.mark.realdata
def test_andorra_is_divided_whole(andorra: tuple[County, ImportReport]) -> None:
    found = read_layer(andorra[0], "grid_cells")
    sizes_hold(found)
    assert found["code"].is_unique
    assert shapely.coverage_is_valid(found.geometry.to_numpy())
    _located_by(andorra[0], 2_000)


@pytest.mark.realdata
def test_liechtenstein_is_divided_whole(liechtenstein: tuple[County, ImportReport]) -> None:
    found = read_layer(liechtenstein[0], "grid_cells")
    sizes_hold(found)
    assert found["code"].is_unique
    _located_by(liechtenstein[0], 2_000)


def _located_by(county: County, count: int) -> None:
    locator = Locator(county)
    box_deg = county.box.as_tuple()
    spots = np.random.default_rng(5).uniform(box_deg[:2], box_deg[2:], (count, 2))
    inside = locator.contains_many(spots[:, 0], spots[:, 1])
    for told in locator.locate_many(*spots[inside].T):
        assert told.town is not None
        assert told.cell is not None
        assert told.cell.town == told.town.id
