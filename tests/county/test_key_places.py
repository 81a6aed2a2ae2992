"""Key places: the table covers every kind the map has, and the near ones are found, the nearest first."""

from itertools import pairwise

import pytest

from county.importing.kinds import PLACES, POIS
from county.key_places import KeyPlaces, landmarks, place_kinds
from county.model import County
from vocabulary.place import Place, distance_m


@pytest.fixture(scope="module")
def key_places(sample: County) -> KeyPlaces:
    return KeyPlaces(sample)


def test_every_row_is_of_a_kind_that_the_map_has() -> None:
    known = {("pois", kind.name) for kind in POIS} | {("places", kind.name) for kind in PLACES}
    rows = [(row.layer, row.kind) for row in place_kinds()]
    assert set(rows) <= known
    assert len(rows) == len(set(rows))


def test_key_places_are_those_the_county_cares_for() -> None:
    key = {row.kind for row in place_kinds() if row.key}
    assert {"rail_station", "bus_station", "community", "mall", "hospital", "school", "fuel"} <= key
    vulnerable = {row.kind for row in place_kinds() if row.vulnerable}
    assert {"school", "hospital", "kindergarten", "nursing_home", "fuel"} <= vulnerable
    assert vulnerable <= key
    assert "bus_stop" not in landmarks()


def test_a_school_is_found_from_the_street_before_it_and_not_from_the_next_village(
    key_places: KeyPlaces,
) -> None:
    school = next(row for row in key_places.rows if row.kind.kind == "school")
    before = Place(school.place.lon_deg + 0.001, school.place.lat_deg)
    assert school in key_places.near(before, 200, vulnerable=True)
    assert school not in key_places.near(before, 50)


def test_the_nearest_is_told_first_and_only_vulnerable_ones_where_so_asked(
    key_places: KeyPlaces, sample: County
) -> None:
    found = key_places.near(sample.center, 20_000)
    away = [distance_m(sample.center, row.place) for row in found]
    assert len(found) > 10
    assert all(a <= b * 1.01 for a, b in pairwise(away))
    vulnerable = key_places.near(sample.center, 20_000, vulnerable=True)
    assert vulnerable == [row for row in found if row.kind.vulnerable]
