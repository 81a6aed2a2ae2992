"""Addresses (门牌) of marks and buildings are found by number, other numbers by their street; places by local names too."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from county.gazetteer.search import Gazetteer
from county.importing.report import ImportReport
from county.importing.writer import WGS84, Contents, Facts, write
from county.model import County
from county.store import county_folder, load, read_layer
from vocabulary.place import Place, distance_m

SCHOOL, HOUSE = Place(120.01, 30.01), Place(120.02, 30.01)


def layer(shapes: Sequence[BaseGeometry], **columns: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=WGS84)


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    home: Path = tmp_path_factory.mktemp("addresses")
    folder = county_folder(home)
    folder.mkdir(parents=True)
    land = box(120.0, 30.0, 120.05, 30.05)
    facts = Facts(
        code="990777", name_zh="甲县", name_en="Jia", source="", attribution="", version="1"
    )
    towns = layer([land], town_id=["990777100"], name=["桥头镇"], name_en=["Qiaotou"])
    house = box(HOUSE.lon_deg, HOUSE.lat_deg, HOUSE.lon_deg + 1e-4, HOUSE.lat_deg + 1e-4)
    layers = {
        "roads": layer(
            [LineString([(120.0, 30.01), (120.05, 30.01)])],
            **{"class": ["primary"], "name": ["环城东路"], "name_en": ["Huancheng East Road"], "ref": [""]},
            rank=[0], link=[False], bridge=[False], tunnel=[False], kind=[""],
        ),
        "pois": layer(
            [Point(SCHOOL.lon_deg, SCHOOL.lat_deg)], kind=["school"], name=["实验小学"], name_en=[""],
            address=["环城东路12号"], rank=[0],
        ),
        "buildings": layer([house], kind=["yes"], name=["体育馆"], address=["环城东路 126 号"]),
        "places": layer(
            [Point(120.03, 30.03)], kind=["village"], name=["安道尔"], name_en=[""],
            name_local=["Andorra la Vella"], population=[9], rank=[1],
        ),
    }  # fmt: skip
    write(Contents(facts, land, towns, layers), folder)
    return Gazetteer.of(load(home))


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("环城东路12号", SCHOOL),
        ("环城东路 12 号", SCHOOL),
        ("桥头镇环城东路12号", SCHOOL),
        ("环城东路１２６号", HOUSE),
        ("huanchengdonglu12hao", SCHOOL),
        ("体育馆", HOUSE),
    ],
)
def test_a_number_that_is_known_is_found_where_it_is(
    gazetteer: Gazetteer, typed: str, where: Place
) -> None:
    found = gazetteer.search(typed)[0]
    assert distance_m(where, Place(found.lon, found.lat)) < 20
    assert found.town == "桥头镇"


def test_a_number_that_is_not_known_is_its_street(gazetteer: Gazetteer) -> None:
    found = gazetteer.search("环城东路999号")
    assert ("环城东路", "address") in {(one.name, one.why) for one in found}


def test_a_place_is_found_by_the_name_it_has_on_the_spot(gazetteer: Gazetteer) -> None:
    assert gazetteer.search("andorra la vella")[0].name == "安道尔"


@pytest.mark.realdata
def test_house_numbers_of_a_real_county_are_found(
    liechtenstein: tuple[County, ImportReport],
) -> None:
    county = liechtenstein[0]
    gazetteer = Gazetteer.of(county)
    buildings = read_layer(county, "buildings")
    addresses = buildings[buildings["address"] != ""]
    assert len(addresses) > 500
    for address in addresses["address"].iloc[::90]:
        assert gazetteer.search(address)[0].name == address
