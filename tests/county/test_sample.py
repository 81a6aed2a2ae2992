"""The sample county: whole, plausible, the same every time, and never in the way of a real one."""

import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from county.importing.shapes import area_km2
from county.locate import Locator
from county.model import County
from county.population import FILE as POPULATION
from county.roads.build import road_graph
from county.roads.graph import RoadGraph
from county.sample.make import ensure_sample
from county.sample.plan import Plan, drawn
from county.sample.size import SMALL
from county.store import county_folder, load, read_layer

pytestmark = pytest.mark.slow

METRE_DEG = 1 / 111_320
LAYERS = ("landcover", "water", "waterways", "roads", "railways", "buildings", "places", "pois")
EVERY_TOWN = {"clinic", "police", "school"}


@pytest.fixture(scope="module")
def graph(sample: County) -> RoadGraph:
    return road_graph(sample)


@pytest.fixture(scope="module")
def water(sample: County) -> Any:
    whole = shapely.union_all(read_layer(sample, "water").geometry.to_numpy())
    shapely.prepare(whole)
    return whole


def test_it_says_that_it_is_made_up_and_takes_no_real_countys_code(sample: County) -> None:
    assert re.fullmatch(r"99\d{4}", sample.code)
    assert (sample.name_zh, sample.name_en) == ("青岚县", "Qinglan County")
    assert "虚构" in sample.attribution
    assert "made-up" in sample.attribution
    assert len(sample.towns) == SMALL.towns
    assert all(re.search(r"(镇|乡|街道)$", town.name_zh) for town in sample.towns)


def test_nothing_of_its_files_is_refused_by_the_import(sample: County) -> None:
    report = json.loads((sample.folder / "report.json").read_text("utf-8"))
    assert {layer["layer"] for layer in report["layers"]} >= {*LAYERS, "towns", "sites", "devices"}
    assert [layer for layer in report["layers"] if layer["refused"]] == []
    assert sample.has_terrain


def test_its_towns_cover_the_county_without_gap_or_overlap(sample: County) -> None:
    lands = [town.boundary_wgs84 for town in sample.towns]
    together = shapely.union_all(lands)
    assert area_km2(shapely.difference(sample.boundary_wgs84, together)) < 0.1
    assert abs(sum(area_km2(land) for land in lands) - area_km2(together)) < 0.1
    assert area_km2(sample.boundary_wgs84) == pytest.approx(SMALL.area_km2, rel=0.04)


def test_as_many_live_there_as_it_says_and_where_the_houses_are(sample: County) -> None:
    with rasterio.open(sample.folder / POPULATION) as raster:
        persons, where = raster.read(1), raster.transform
    assert persons.sum() == pytest.approx(SMALL.people, rel=1e-3)
    houses = shapely.get_coordinates(
        shapely.centroid(read_layer(sample, "buildings").geometry.to_numpy())
    )
    columns, rows = np.array(~where * (houses[:, 0], houses[:, 1])).astype(int)
    assert persons[rows, columns].sum() > 0
    lived_in = np.zeros(persons.shape, dtype=bool)
    for row in (-1, 0, 1):
        for column in (-1, 0, 1):
            lived_in[rows + row, columns + column] = True
    assert persons[~lived_in].sum() == 0


def test_settlements_have_names_of_their_own_and_people(sample: County) -> None:
    places = read_layer(sample, "places")
    assert (places["population"] > 0).all()
    assert not places["name"].duplicated().any()
    assert places["name"].str.fullmatch(r"[\u4e00-\u9fff]{2,8}").all()
    settled = places[places["kind"] != "suburb"]
    assert settled["population"].sum() == pytest.approx(SMALL.people, rel=0.01)


def test_every_way_leads_to_every_other_but_for_dead_ends_by_intent(graph: RoadGraph) -> None:
    driven = np.where(graph.main, 1.0, 0.0)
    assert driven.mean() > 0.995
    ends = np.bincount(np.concatenate([graph.pieces.start_node, graph.pieces.end_node]))
    loose = np.flatnonzero(ends == 1)
    hanging = np.isin(graph.pieces.start_node, loose) | np.isin(graph.pieces.end_node, loose)
    classes = graph.ways.road_class[graph.pieces.way[hanging]]
    assert (classes == "residential").mean() > 0.9  # village lanes; the others leave the map


def test_the_motorway_is_driven_by_way_of_ramps(graph: RoadGraph) -> None:
    fast = graph.ways.road_class[graph.pieces.way] == "motorway"
    assert fast.sum() > 8
    assert graph.main[fast].all()
    one_way = (graph.pieces.edges[fast] < 0).any(axis=1)
    assert one_way.all()


def test_forbidden_turns_are_at_junctions_the_router_knows(
    sample: County, graph: RoadGraph
) -> None:
    assert len(read_layer(sample, "turn_restrictions")) > 3
    assert graph.unused_restrictions == 0


def test_every_settlement_is_reached_by_road(sample: County, graph: RoadGraph) -> None:
    places = read_layer(sample, "places")
    lines = graph.pieces.lines_wgs84[graph.main]
    nearest = shapely.STRtree(lines).query_nearest(
        places.geometry.to_numpy(), return_distance=True, all_matches=False
    )[1]
    reach = np.where(places["kind"].isin(["city", "town", "suburb"]), 350.0, 30.0)
    assert (nearest < reach * METRE_DEG).all(), places["name"][nearest >= reach * METRE_DEG]


def test_no_house_stands_in_the_water_and_no_street_lies_in_it(sample: County, water: Any) -> None:
    houses = read_layer(sample, "buildings").geometry.to_numpy()
    assert len(houses) > 3_000
    assert not shapely.intersects(water, houses).any()
    roads = read_layer(sample, "roads")
    level = roads[~roads["bridge"].astype(bool) & ~roads["tunnel"].astype(bool)]
    wet = shapely.length(shapely.intersection(water, level.geometry.to_numpy()))
    assert wet.max() < 1.0 * METRE_DEG
    assert roads["bridge"].sum() > 20


def test_no_house_stands_on_a_road_or_in_another(sample: County) -> None:
    houses = read_layer(sample, "buildings").geometry.to_numpy()
    tree = shapely.STRtree(houses)
    assert tree.query(houses, predicate="overlaps").shape[1] == 0
    roads = read_layer(sample, "roads").geometry.to_numpy()
    assert tree.query(roads, predicate="intersects").shape[1] == 0


def test_rivers_wind_and_run_downhill(sample: County) -> None:
    rivers = read_layer(sample, "waterways").to_crs(32650)
    longer = [
        line for line in rivers.geometry if line.geom_type == "LineString" and line.length > 3_000
    ]
    assert len(longer) > 5
    crow = [shapely.Point(one.coords[0]).distance(shapely.Point(one.coords[-1])) for one in longer]
    winding = np.array([one.length for one in longer]) / np.array(crow)
    assert winding.min() > 1.01
    assert np.median(winding) > 1.08
    back = gpd.GeoSeries(longer, crs=32650).to_crs(4326)
    with rasterio.open(sample.terrain) as terrain:
        heights = np.array(
            [[v[0] for v in terrain.sample([one.coords[0], one.coords[-1]])] for one in back]
        )
    assert (heights[:, 0] > heights[:, 1] - 3.0).mean() > 0.9


def test_every_town_has_a_clinic_a_police_station_and_a_school(sample: County) -> None:
    marks = read_layer(sample, "pois")
    for town in sample.towns:
        inside = marks[shapely.within(marks.geometry.to_numpy(), town.boundary_wgs84)]
        assert set(inside["kind"]) >= EVERY_TOWN, town.name_zh
    assert set(marks["kind"]) >= {
        "hospital", "fire_station", "fuel", "bus_station", "rail_station", "mall", "market", "kindergarten", "community",
        "townhall", "government", "peak",
    }  # fmt: skip


def test_its_streets_have_the_names_that_examples_name(sample: County) -> None:
    roads = read_layer(sample, "roads")
    assert {"人民路", "环城东路", "中山路"} <= set(roads["name"])
    classes = {"motorway", "trunk", "primary", "secondary", "tertiary", "residential"}
    assert classes <= set(roads["class"])
    assert (roads["oneway"] != 0).any()
    assert any(re.match(r"[GSX]\d{2,3}", ref) for ref in roads["ref"])


def test_every_geometry_of_it_is_valid_and_near_the_county(sample: County) -> None:
    west, south, east, north = sample.box.as_tuple()
    near = shapely.box(west - 0.05, south - 0.05, east + 0.05, north + 0.05)
    for layer in LAYERS:
        shapes = read_layer(sample, layer).geometry.to_numpy()
        assert len(shapes), layer
        assert shapely.is_valid(shapes).all(), layer
        assert shapely.within(shapes, near).all(), layer


def test_the_same_seed_gives_the_same_county_and_another_seed_another() -> None:
    one, other, third = drawn(7, SMALL), drawn(7, SMALL), drawn(8, SMALL)
    assert _same(one, other)
    assert not _same(one, third)
    assert [mark.name for mark in one.marks] == [mark.name for mark in other.marks]
    assert np.array_equal(one.living, other.living)


def _same(one: Plan, other: Plan) -> bool:
    roads = [road.line for road in one.traffic.roads]
    others = [road.line for road in other.traffic.roads]
    if len(roads) != len(others) or len(one.houses) != len(other.houses):
        return False
    lines = all(np.array_equal(a, b) for a, b in zip(roads, others, strict=True))
    same_houses = bool(shapely.equals_exact(one.houses.shapes, other.houses.shapes, 0.0).all())
    heights = np.array_equal(one.land.ground.metres, other.land.ground.metres)
    return lines and same_houses and heights


def test_a_county_that_is_there_is_left_alone(sample_home: Path) -> None:
    before = load(sample_home).version
    assert ensure_sample(sample_home).version == before
    assert not list(county_folder(sample_home).parent.glob(".sample-*"))


def test_its_seat_is_located_in_words(sample_locator: Locator) -> None:
    seat = read_layer(sample_locator.county, "places").set_index("kind").loc["city"].geometry
    told = sample_locator.locate_many(np.array([seat.x]), np.array([seat.y]))[0]
    assert told.text().startswith("青云街道 ")
    assert re.search(r" 近 .+ \d+ m$", told.text())
    assert " near " in told.text("en")
