"""Crossings: asked for in Chinese or English, with mistakes, half typed; and a bridge over a road is none."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString

from county.gazetteer.crossings import Crossings, asked, find_crossings
from county.gazetteer.search import Gazetteer
from county.gazetteer.sources import crossings_of, names_of, road_names
from county.model import County
from vocabulary.place import Place, distance_m


def roads(*rows: tuple[str, list[tuple[float, float]], bool]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "name": [row[0] for row in rows],
            "name_en": ["" for _ in rows],
            "ref": ["" for _ in rows],
            "bridge": [row[2] for row in rows],
            "tunnel": [False for _ in rows],
        },
        geometry=[LineString(row[1]) for row in rows],
        crs="EPSG:4326",
    )


def found_in(*rows: tuple[str, list[tuple[float, float]], bool]) -> Crossings:
    return find_crossings(roads(*rows), road_names)


@pytest.fixture(scope="module")
def sample_gazetteer(sample: County) -> Gazetteer:
    return Gazetteer.of(sample)


ACROSS = ("东路", [(120.0, 30.0), (120.02, 30.0)], False)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("人民路与中山路路口", ("人民路", "中山路")),
        ("人民路和中山路交叉口", ("人民路", "中山路")),
        ("人民路中山路交叉口", ("人民路", "中山路")),
        ("人民路、中山路十字路口", ("人民路", "中山路")),
        ("人民路中山路", ("人民路", "中山路")),
        ("Renmin Rd & Zhongshan Rd", ("Renmin Rd", "Zhongshan Rd")),
        ("Renmin Road and Zhongshan Road", ("Renmin Road", "Zhongshan Road")),
        ("人民路与", ("人民路", "")),
        ("人民路路口", ("人民路", "")),
    ],
)
def test_two_roads_are_heard_in_what_is_typed(typed: str, first: tuple[str, str]) -> None:
    assert next(iter(asked(typed)), ("", "")) == first or first in list(asked(typed))


def test_no_road_is_heard_where_there_is_none() -> None:
    assert list(asked("县医院")) == []
    assert list(asked("")) == []


def test_two_roads_meet_once_however_many_lanes_they_have() -> None:
    crossings = found_in(
        ACROSS,
        ("南路", [(120.01, 29.99), (120.01, 30.01)], False),
        ("南路", [(120.0102, 29.99), (120.0102, 30.01)], False),
    )
    ((pair, at),) = crossings.where.items()
    assert {crossings.roads[i] for i in pair} == {"东路", "南路"}
    assert at == pytest.approx(np.array([[120.0101, 30.0]]))


def test_a_bridge_over_a_road_is_no_crossing_but_where_it_ends_there_may_be_one() -> None:
    over = [(120.01, 29.99), (120.01, 30.01)]
    assert found_in(ACROSS, ("高架路", over, True)).where == {}
    assert len(found_in(ACROSS, ("高架路", [(120.01, 30.0), (120.01, 30.01)], True)).where) == 1


def test_roads_that_meet_twice_have_two_crossings() -> None:
    bend = [(120.005, 29.99), (120.005, 30.01), (120.015, 30.01), (120.015, 29.99)]
    (at,) = found_in(ACROSS, ("环路", bend, False)).where.values()
    assert len(at) == 2


def test_a_county_without_roads_has_no_crossings() -> None:
    assert found_in().where == {}
    assert found_in(("", [(120.0, 30.0), (120.1, 30.0)], False)).where == {}


def meeting(county: County) -> tuple[str, str, Place]:
    crossings = crossings_of(county)
    (one, other), at = next((pair, at) for pair, at in crossings.where.items() if len(at) == 1)
    return crossings.roads[one], crossings.roads[other], Place(*at[0])


@pytest.mark.parametrize(
    "form", ["{0}与{1}路口", "{1}和{0}交叉口", "{0}{1}路口", "{0} {1}", "{0}与{1}", "{1}&{0}"]
)
def test_a_crossing_of_the_sample_county_is_found_where_it_is(
    sample: County, sample_gazetteer: Gazetteer, form: str
) -> None:
    one, other, where = meeting(sample)
    found = sample_gazetteer.search(form.format(one, other))[0]
    assert (found.kind, found.why) == ("crossing", "crossing")
    assert {one, other} == set(found.name.removesuffix("路口").split("与"))
    assert distance_m(where, Place(found.lon, found.lat)) < 100


def test_a_crossing_is_found_with_a_mistake_and_in_latin_letters(
    sample_gazetteer: Gazetteer,
) -> None:
    for typed in (
        "人名路与中山路路口",
        "人民路与中三路路口",
        "renmin road & zhongshan road",
        "Renmin Rd and Zhongshan Rd",
    ):
        found = sample_gazetteer.search(typed)[0]
        assert found.kind == "crossing"
        assert {"人民路", "中山路"} == set(found.name.removesuffix("路口").split("与"))


def test_while_the_second_road_is_still_to_be_typed_all_crossings_are_offered_nearest_first(
    sample: County, sample_gazetteer: Gazetteer
) -> None:
    found = sample_gazetteer.search("人民路与", sample.center)
    assert len(found) > 3
    away = [one.distance_m or 0.0 for one in found if one.kind == "crossing"]
    assert len(away) > 3
    assert away == sorted(away)
    assert all("人民路" in one.name for one in found if one.kind == "crossing")


def test_a_road_is_listed_once_for_every_town_it_passes(sample: County) -> None:
    names = names_of(sample)
    seen = [
        (name, town)
        for name, town, kind in zip(names.names, names.towns, names.kinds, strict=True)
        if kind == "primary"
    ]
    assert len(seen) == len(set(seen))
