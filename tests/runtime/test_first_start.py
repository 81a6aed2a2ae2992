"""The first start on an empty folder, the whole way: the sample county is drawn, brought in, served, and not drawn again."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import rasterio

from county.importing.shapes import area_km2
from county.population import FILE as POPULATION
from county.roads.build import road_graph
from county.store import load, read_layer
from tests.console_process import ConsoleProcess

pytestmark = [pytest.mark.server, pytest.mark.slow]
DRAWING = "Making the sample county"


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleProcess]:
    """Yield a console that found its folder empty."""
    made = ConsoleProcess(tmp_path_factory.mktemp("first") / "home", county=False)
    yield made
    made.stop()


def test_a_first_start_makes_the_sample_county_and_a_second_one_loads_it(
    console: ConsoleProcess,
) -> None:
    versions = []
    for _ in range(2):
        console.start()
        key = console.key("supervisor")
        status, county = console.get("/api/v1/county", key)
        assert (status, county["name"]) == (200, "青岚县")
        assert "虚构" in county["attribution"]
        versions.append(current(console).joinpath("county.json").read_text("utf-8"))
        console.stop()
    assert versions[0] == versions[1]
    assert console.log.read_text("utf-8").count(DRAWING) == 1


def current(console: ConsoleProcess) -> Path:
    return console.home / "county/current"


def test_the_whole_county_is_as_large_as_it_says(console: ConsoleProcess) -> None:
    county = load(console.home)
    assert area_km2(county.boundary_wgs84) == pytest.approx(1_000.0, rel=0.02)
    assert len(county.towns) == 14
    with rasterio.open(county.folder / POPULATION) as raster:
        assert raster.read(1).sum() == pytest.approx(600_000, rel=1e-3)
    places = read_layer(county, "places")
    assert 250 <= places["kind"].isin(["village", "hamlet"]).sum() <= 400
    assert len(read_layer(county, "buildings")) > 25_000
    report = json.loads((county.folder / "report.json").read_text("utf-8"))
    assert [layer for layer in report["layers"] if layer["refused"]] == []
    assert road_graph(county).main.mean() > 0.995
