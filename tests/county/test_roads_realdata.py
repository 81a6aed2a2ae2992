"""On two real counties: their roads hang together, routes hold up, and what the map forbids is not driven."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from county.importing.run import import_county
from county.roads.build import road_graph
from county.roads.route import drawn_length_m
from county.store import load
from county.travel import Reach, Travel
from vocabulary.place import Place, distance_m

pytestmark = pytest.mark.realdata

VADUZ, BALZERS, SCHAAN = Place(9.5209, 47.1410), Place(9.5025, 47.0660), Place(9.5096, 47.1650)


@pytest.fixture(scope="module", params=["liechtenstein", "andorra"])
def roads(
    request: pytest.FixtureRequest, real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Travel:
    home = tmp_path_factory.mktemp(request.param)
    import_county([real_data / "osm" / f"{request.param}.osm.pbf"], home)
    return Travel(road_graph(load(home)))


def some_places(roads: Travel, count: int) -> list[Place]:
    nodes = roads.graph.nodes_wgs84
    chosen = nodes[np.random.default_rng(3).integers(0, len(nodes), count)]
    return [Place(lon, lat) for lon, lat in chosen.tolist()]


def test_nearly_all_roads_hang_together(roads: Travel) -> None:
    length, main = roads.graph.pieces.length_m, roads.graph.main
    assert length[main].sum() / length.sum() > 0.93
    assert np.isfinite(roads.graph.edges.seconds).all()
    assert (roads.graph.edges.seconds > 0).all()


def test_nearly_every_junction_is_reached_and_the_rest_is_said(roads: Travel) -> None:
    places = some_places(roads, 300)
    times = roads.toward(places[0], places)
    assert (times.reach == Reach.REACHED).mean() > 0.95
    assert np.isnan(times.seconds[times.reach != Reach.REACHED]).all()


def test_routes_take_the_reported_time_and_never_the_wrong_way(roads: Travel) -> None:
    places = some_places(roads, 40)
    edges = roads.graph.edges
    for one, other in pairwise(places):
        reported = roads.outward(one, [other]).of(0)
        if reported is None:
            continue
        route = roads.route(one, other)
        assert route.seconds == pytest.approx(reported, abs=1e-3)
        assert drawn_length_m(route.line_wgs84) == pytest.approx(route.length_m, rel=1e-3, abs=0.5)
        # place.distance_m is of the sphere, half a percent off
        assert route.length_m + sum(route.off_road_m) >= 0.99 * distance_m(one, other)
        assert all(edges.head[a.edge] == edges.tail[b.edge] for a, b in pairwise(route.legs))


def test_a_drive_people_know_takes_what_people_know(real_data: Path, tmp_path: Path) -> None:
    import_county([real_data / "osm" / "liechtenstein.osm.pbf"], tmp_path)
    roads = Travel(road_graph(load(tmp_path)))
    to_balzers, to_schaan = roads.route(VADUZ, BALZERS), roads.route(VADUZ, SCHAAN)
    assert 8_000 < to_balzers.length_m < 12_000
    assert 8 * 60 < to_balzers.seconds < 20 * 60
    assert 2_000 < to_schaan.length_m < 4_500
    assert any(street.name for street in to_schaan.streets)
    quarter_of_an_hour = roads.isochrones(VADUZ)[-1].area_wgs84
    assert quarter_of_an_hour.is_valid
    assert quarter_of_an_hour.covers(roads.isochrones(VADUZ)[0].area_wgs84.representative_point())
