"""Datums: there and back again, the values others publish, and one array as good as many scalars."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from county.datum import (
    DATUMS,
    ZONES,
    Floats,
    bd09_to_gcj02,
    declared,
    from_wgs84,
    gcj02_to_bd09,
    to_wgs84,
    wgs84_to_gcj02,
    zone_of,
)
from vocabulary.errors import Refused
from vocabulary.place import Place, distance_m

IDS = [row.id for row in DATUMS]
# A kilometre and a half within the rectangle of the formula: on its very edge two positions share one image.
china = st.tuples(st.floats(72.05, 137.80), st.floats(0.85, 55.80))
anywhere = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


def metres(lon: float, lat: float, other: tuple[Floats, Floats]) -> float:
    return distance_m(Place(lon, lat), Place(float(other[0]), float(other[1])))


@settings(max_examples=300, deadline=None)
@given(position=china, datum=st.sampled_from(IDS))
def test_every_datum_comes_back_to_a_hundredth_of_a_millimetre(
    position: tuple[float, float], datum: str
) -> None:
    there = from_wgs84(datum, *position)
    assert metres(*position, to_wgs84(datum, *there)) < 1e-5


@settings(max_examples=200, deadline=None)
@given(position=china, datum=st.sampled_from(["gcj02", "bd09"]))
def test_the_inverse_is_turned_into_what_it_came_from(
    position: tuple[float, float], datum: str
) -> None:
    there = to_wgs84(datum, *position)
    moved = metres(*position, there)
    # Near the edge the inverse may lie outside, where nothing is moved.
    assert moved == 0.0 or metres(*position, from_wgs84(datum, *there)) < 1e-5
    assert moved < 2_500


@settings(max_examples=100, deadline=None)
@given(positions=st.lists(anywhere, min_size=0, max_size=20), datum=st.sampled_from(IDS))
def test_an_array_is_converted_as_its_members_are(
    positions: list[tuple[float, float]], datum: str
) -> None:
    xy = np.array(positions, dtype=float).reshape(-1, 2)
    lons, lats = to_wgs84(datum, xy[:, 0], xy[:, 1])
    assert lons.shape == lats.shape == (len(positions),)
    for number, (lon, lat) in enumerate(positions):
        alone = to_wgs84(datum, lon, lat)
        assert (float(alone[0]), float(alone[1])) == (lons[number], lats[number])


@given(value=st.floats(allow_nan=True), other=st.floats(allow_nan=True), datum=st.sampled_from(IDS))
def test_no_number_breaks_a_conversion(value: float, other: float, datum: str) -> None:
    for way in (to_wgs84, from_wgs84):
        lon, lat = way(datum, value, other)
        if math.isnan(value) and math.isnan(other):
            assert np.isnan([lon, lat]).all()


def test_the_published_values_come_out() -> None:
    # The examples of coordtransform's own page.
    gcj = wgs84_to_gcj02(np.array(116.404), np.array(39.915))
    assert gcj == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)
    baidu = gcj02_to_bd09(np.array(116.404), np.array(39.915))
    assert baidu == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)
    back = bd09_to_gcj02(np.array(116.41036949371029), np.array(39.92133699351021))
    assert back == pytest.approx((116.404, 39.915), abs=1e-9)


@pytest.mark.parametrize(
    ("lon", "lat", "amap_lon", "amap_lat"),
    [
        (100.004, 22.8293, 100.00505778, 22.82642361),
        (109.004, 22.8293, 109.00812147, 22.82647569),
        (115.004, 22.8293, 115.00872748, 22.82651937),
        (121.004, 22.8293, 121.00778727, 22.82656331),
    ],
)
def test_what_amap_answers_is_met_within_the_stated_accuracy(
    lon: float, lat: float, amap_lon: float, amap_lat: float
) -> None:
    # Control points asked of AMap's service, from pygcj 0.0.2 (Apache-2.0).
    stated = declared("gcj02").accuracy_m
    assert metres(amap_lon, amap_lat, from_wgs84("gcj02", lon, lat)) < stated


def test_outside_the_rectangle_nothing_is_moved() -> None:
    for lon, lat in ((1.52, 42.5), (9.52, 47.14), (-73.98, 40.75), (180.0, -90.0)):
        for datum in IDS:
            assert np.array_equal(to_wgs84(datum, lon, lat), (lon, lat))
            assert np.array_equal(from_wgs84(datum, lon, lat), (lon, lat))


def test_cgcs2000_is_taken_as_it_is_and_says_how_far_that_may_be_off() -> None:
    assert np.array_equal(to_wgs84("cgcs2000", 120.5, 30.4), (120.5, 30.4))
    assert 0 < declared("cgcs2000").accuracy_m <= 1


@given(code=st.sampled_from(list(ZONES)), off=st.floats(-1.5, 1.5), lat=st.floats(4, 54))
def test_every_zone_comes_back(code: int, off: float, lat: float) -> None:
    middle = 75.0 + 3.0 * ((code - 4513) % 21)
    east, north = from_wgs84(f"epsg:{code}", middle + off, lat)
    assert metres(middle + off, lat, to_wgs84(f"EPSG:{code}", east, north)) < 1e-3
    assert (east > 1e6) == (code < 4534)


def test_a_zone_is_named_by_its_longitude() -> None:
    assert zone_of(120.69, prefixed=True) == 4528
    assert zone_of(120.69, prefixed=False) == 4549
    assert zone_of(9.5, prefixed=True) is None
    east, north = from_wgs84("epsg:4549", 120.0, 30.0)
    assert (float(east), float(north)) == pytest.approx((500_000.0, 3_320_113.4), abs=0.1)


@pytest.mark.parametrize("name", ["", "gcj", "epsg:3857", "epsg:45280", "epsg:四千", "百度"])
def test_a_datum_nobody_knows_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(Refused) as refused:
        to_wgs84(name, 120.0, 30.0)
    assert refused.value.code == "datum.unknown"
    for language in ("zh", "en"):
        assert "gcj02" in refused.value.text(language)


@pytest.mark.parametrize(
    "name", ["GCJ-02", "gcj02", " Gcj 02 ", "BD-09", "EPSG:4528", "4528", "EPSG:4326"]
)
def test_a_datum_is_known_however_it_is_written(name: str) -> None:
    assert declared(name).accuracy_m >= 0
