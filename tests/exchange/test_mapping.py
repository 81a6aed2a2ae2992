"""Mapping a log into the county: every call lands inside, the same one always at the same place, near ones stay near."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, mapping

from exchange.calllogs.mapping import CountyShape, Mapping, mapping_of
from vocabulary.place import Place

# A county with a deep bay from the south: much of its box is not in it.
BAY = Polygon([(0, 0), (2, 0), (2, 3), (4, 3), (4, 0), (6, 0), (6, 6), (0, 6)])


def county(boundary: Any) -> CountyShape:
    return CountyShape.from_api({"bbox": list(boundary.bounds), "boundary": mapping(boundary)})


def log_of(n: int = 200) -> list[Place]:
    return [Place(-122.5 + 0.1 * (i % 20) / 20, 37.7 + 0.1 * (i // 20) / 10) for i in range(n)]


lons = st.floats(-122.7, -122.2)
lats = st.floats(37.5, 38.0)


@given(lons, lats)
def test_whatever_the_log_says_the_call_lands_in_the_county(lon: float, lat: float) -> None:
    places = mapping_of(log_of(), county(BAY))
    assert places.county.holds(places.place(Place(lon, lat)))


@given(lons, lats)
def test_the_same_place_always_lands_at_the_same(lon: float, lat: float) -> None:
    one, other = mapping_of(log_of(), county(BAY)), mapping_of(log_of(), county(BAY))
    assert one.place(Place(lon, lat)) == other.place(Place(lon, lat))


def test_what_falls_inside_is_only_stretched() -> None:
    places = mapping_of(log_of(), county(Polygon([(0, 0), (6, 0), (6, 6), (0, 6)])))
    source = places.source
    middle = Place((source.west + source.east) / 2, (source.south + source.north) / 2)
    assert places.place(middle) == Place(3.0, 3.0)


def test_calls_over_the_border_do_not_all_pile_up_on_it() -> None:
    places = mapping_of(log_of(), county(BAY))
    moved = [
        places.place(place) for place in log_of() if not places.county.holds(places.stretch(place))
    ]
    assert len(moved) > 10
    assert len(set(moved)) == len(moved)


def test_a_few_far_calls_do_not_squeeze_the_rest() -> None:
    far = [*log_of(1000), Place(-130.0, 20.0)]
    assert mapping_of(far, county(BAY)).source == mapping_of(log_of(1000), county(BAY)).source


def test_a_county_in_two_pieces_is_still_a_county() -> None:
    islands = MultiPolygon([Polygon([(0, 0), (1, 0), (1, 1)]), Polygon([(5, 5), (6, 5), (6, 6)])])
    places = mapping_of(log_of(), county(islands))
    assert all(places.county.holds(places.place(place)) for place in log_of())


def test_without_a_boundary_the_box_stands_for_the_county() -> None:
    shape = CountyShape.from_api({"bbox": [119.0, 30.0, 120.0, 31.0]})
    assert shape.holds(Place(119.5, 30.5))
    assert not shape.holds(Place(118.9, 30.5))


def test_a_log_of_one_call_is_mapped_too() -> None:
    places: Mapping = mapping_of([Place(-122.4, 37.7)], county(BAY))
    assert places.county.holds(places.place(Place(-122.4, 37.7)))
