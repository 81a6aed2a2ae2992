"""Locating: inside or told why not, one town for every point, words people would use."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from county.importing.report import ImportReport
from county.locate import Location, Locator, Near, rounded_m
from county.model import County
from vocabulary.errors import Refused
from vocabulary.place import Place


def test_a_place_outside_is_refused_with_what_would_be_right(sample_locator: Locator) -> None:
    with pytest.raises(Refused) as refused:
        sample_locator.require_inside(Place(121.47, 31.23))
    assert refused.value.code == "county.outside"
    assert refused.value.values["field"] == "lon"
    for language in ("zh", "en"):
        told = refused.value.text(language)
        assert "121.47" in told
        assert "31.23" in told
        assert str(round(sample_locator.county.box.west_deg, 5)) in told


def test_swapped_numbers_are_recognised_even_where_they_are_off_the_globe(
    sample_locator: Locator,
) -> None:
    middle = sample_locator.county.center
    with pytest.raises(Refused) as refused:
        sample_locator.place_inside(middle.lat_deg, middle.lon_deg)
    assert refused.value.code == "county.swapped"
    assert sample_locator.place_inside(middle.lon_deg, middle.lat_deg) == middle


def test_numbers_that_are_no_place_are_refused_as_such(sample_locator: Locator) -> None:
    with pytest.raises(Refused) as refused:
        sample_locator.place_inside(float("nan"), 29.6)
    assert refused.value.code == "place.off_the_globe"


@settings(max_examples=60, deadline=None)
@given(share=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_every_point_of_the_county_has_one_town(
    sample_locator: Locator, share: tuple[float, float]
) -> None:
    west, south, east, north = sample_locator.county.box.as_tuple()
    place = Place(west + share[0] * (east - west), south + share[1] * (north - south))
    if sample_locator.contains(place):
        assert sample_locator.locate(place).town is not None
    else:
        with pytest.raises(Refused):
            sample_locator.locate(place)


def test_many_are_located_as_one_by_one(sample_locator: Locator) -> None:
    rng = np.random.default_rng(3)
    west, south, east, north = sample_locator.county.box.as_tuple()
    lons, lats = rng.uniform(west, east, 200), rng.uniform(south, north, 200)
    inside = sample_locator.contains_many(lons, lats)
    told = sample_locator.locate_many(lons, lats)
    for lon, lat, within, one in zip(lons, lats, inside, told, strict=True):
        if within:
            assert sample_locator.locate(Place(float(lon), float(lat))) == one


def test_a_position_is_told_as_one_line_in_both_languages(sample: County) -> None:
    town = replace(sample.towns[0], name_zh="桥头镇", name_en="Qiaotou")
    hospital = Near("县第一医院", "County First Hospital", 118.0)
    told = Location(town, None, Near("环城东路", "Huancheng East Road", 12.0), hospital)
    assert told.text() == "桥头镇 环城东路 近 县第一医院 120 m"
    assert told.text("en") == "Huancheng East Road, Qiaotou, near County First Hospital (120 m)"
    assert Location(town, None, None, None).text() == "桥头镇"
    assert Location(None, None, None, None).text("en") == ""


def test_a_place_outside_is_told_by_the_countys_name_in_each_language(
    sample_locator: Locator,
) -> None:
    county = sample_locator.county
    middle = county.center
    for lon, lat in ((121.47, 31.23), (middle.lat_deg, middle.lon_deg)):
        with pytest.raises(Refused) as refused:
            sample_locator.place_inside(lon, lat)
        assert county.name_zh in refused.value.text("zh")
        assert county.name_en in refused.value.text("en")
        assert county.name_zh not in refused.value.text("en")


def test_distances_are_told_as_people_say_them() -> None:
    assert [rounded_m(each) for each in (3.0, 118.0, 994.0, 1_240.0)] == [0, 120, 990, 1_200]


@pytest.mark.realdata
def test_andorra_la_vella_is_found(andorra: tuple[County, ImportReport]) -> None:
    locator = Locator(andorra[0])
    told = locator.locate(Place(1.5218, 42.5075))
    assert told.town is not None
    assert told.town.name_zh == "Andorra la Vella"
    assert told.road is not None
    assert told.road.distance_m < 200


@pytest.mark.realdata
def test_swapped_numbers_of_a_western_county_are_recognised(
    andorra: tuple[County, ImportReport],
) -> None:
    with pytest.raises(Refused) as refused:
        Locator(andorra[0]).require_inside(Place(42.5075, 1.5218))
    assert refused.value.code == "county.swapped"
