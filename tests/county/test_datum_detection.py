"""Detection: what is undeclared is named when the data tell, and never guessed when they do not."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from county.datum import Floats, from_wgs84
from county.datum_detection import (
    Finding,
    Reference,
    adopt,
    detect,
    detect_outline,
    reference_of,
)
from county.model import County
from vocabulary.errors import Refused

HAINING = (120.30, 30.25, 120.88, 30.59)
SEED = 20261122


def scattered(count: int, seed: int = SEED) -> tuple[Floats, Floats]:
    pick = np.random.default_rng(seed)
    return pick.uniform(120.4, 120.8, count), pick.uniform(30.3, 30.5, count)


def known_here(lons: Floats, lats: Floats, jitter_m: float = 10.0) -> Reference:
    pick = np.random.default_rng(SEED + 1)
    off = pick.normal(0, jitter_m / 111_000, (2, len(lons)))
    return Reference(box=HAINING, known=(shapely.points(lons + off[0], lats + off[1]),))


def refused(found: Finding) -> Refused:
    refusal = found.refusal("点位.geojson")
    assert refusal is not None
    for language in ("zh", "en"):
        assert "点位.geojson" in refusal.text(language)
    return refusal


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_an_undeclared_offset_is_named_and_must_be_declared(datum: str) -> None:
    lons, lats = scattered(200)
    found = detect(*from_wgs84(datum, lons, lats), known_here(lons, lats))
    assert (found.verdict, found.likely) == ("offset", datum)
    assert found.confidence > 0.99
    assert refused(found).code == "datum.offset"
    assert f"--datum {datum}" in refused(found).text("zh")


def test_what_lies_where_it_should_is_taken_without_a_word() -> None:
    lons, lats = scattered(200)
    taken = adopt(lons, lats, datum=None, file="a.csv", reference=known_here(lons, lats))
    assert taken.datum.id == "wgs84"
    assert (taken.lons_deg == lons).all()


def test_an_offset_no_datum_makes_is_not_given_a_datum_s_name() -> None:
    lons, lats = scattered(200)
    for east_m, north_m in ((500, 500), (-900, 300), (0, -700), (150, 150)):
        found = detect(lons + east_m / 96_000, lats + north_m / 111_000, known_here(lons, lats))
        assert found.verdict == "undecided"


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(1, 400))
def test_positions_that_have_nothing_to_do_with_the_reference_are_never_guessed(
    seed: int, count: int
) -> None:
    lons, lats = scattered(count, seed)
    assert detect(lons, lats, known_here(*scattered(300, seed + 1))).verdict == "undecided"


def test_a_handful_of_points_decides_nothing() -> None:
    lons, lats = scattered(4)
    found = detect(*from_wgs84("gcj02", lons, lats), known_here(lons, lats))
    assert refused(found).code == "datum.undecided"


def test_without_anything_known_an_undeclared_file_of_china_is_refused() -> None:
    assert detect(*scattered(50)).verdict == "undecided"
    with pytest.raises(Refused) as told:
        adopt(*scattered(50), datum=None, file="a.csv")
    assert told.value.code == "datum.undecided"


def test_outside_china_there_is_nothing_to_tell_apart() -> None:
    found = detect([1.5, 1.6], [42.5, 42.55])
    assert (found.verdict, found.confidence) == ("wgs84", 1.0)


def test_swapped_columns_are_named_with_and_without_a_county() -> None:
    lons, lats = scattered(30)
    for reference in (Reference(), Reference(box=HAINING)):
        assert refused(detect(lats, lons, reference)).code == "datum.swapped"
    assert (
        refused(detect([42.5, 42.6], [1.5, 1.6], Reference(box=(1.4, 42.4, 1.8, 42.7)))).code
        == "datum.swapped"
    )


@pytest.mark.parametrize("code", [4528, 4549])
def test_metres_are_named_with_the_zone_they_fit(code: int) -> None:
    east, north = from_wgs84(f"epsg:{code}", *scattered(30))
    found = detect(east, north, Reference(box=HAINING))
    assert (found.verdict, found.likely) == ("projected", f"epsg:{code}")
    assert f"epsg:{code}" in refused(found).text("zh")
    taken = adopt(east, north, datum=f"epsg:{code}", file="a.csv", reference=Reference(box=HAINING))
    assert np.allclose(taken.lons_deg, scattered(30)[0], atol=1e-8)


def test_metres_that_fit_no_zone_are_still_no_degrees() -> None:
    mercator = detect([13_430_000.0], [3_560_000.0], Reference(box=HAINING))
    assert (mercator.verdict, mercator.likely) == ("projected", None)


def test_nowhere_and_far_away_are_counted_row_by_row() -> None:
    lons, lats = scattered(100)
    lons[3], lats[3] = 0.0, 0.0
    lons[5] = np.nan
    lons[7], lats[7] = 100.0, 25.0
    lons[9], lats[9] = lats[9], lons[9]
    keep = np.delete(np.arange(100), [3, 5, 7, 9])
    found = detect(lons, lats, known_here(lons[keep], lats[keep]))
    assert found.verdict == "wgs84"
    assert found.zero_rows.tolist() == [3]
    assert found.unreadable_rows.tolist() == [5]
    assert found.outside_rows.tolist() == [7]
    assert found.swapped_rows.tolist() == [9]


def test_a_file_of_another_county_is_refused() -> None:
    found = detect(*scattered(20), Reference(box=(100.0, 25.0, 100.5, 25.5)))
    assert refused(found).code == "datum.outside"


def test_a_file_without_a_position_is_refused() -> None:
    for lons, lats in (([], []), ([0.0, 0.0], [0.0, 0.0]), ([np.nan], [30.0])):
        assert refused(detect(lons, lats)).code == "datum.empty"


def test_what_was_declared_is_done_and_doubted_when_the_data_say_otherwise() -> None:
    lons, lats = scattered(200)
    shifted, reference = from_wgs84("gcj02", lons, lats), known_here(lons, lats)
    right = adopt(*shifted, datum="gcj02", file="a.csv", reference=reference)
    assert np.allclose(right.lons_deg, lons, atol=1e-9)
    assert right.doubt is None
    wrong = adopt(*shifted, datum="wgs84", file="a.csv", reference=reference)
    assert wrong.doubt is not None
    assert wrong.doubt.likely == "gcj02"


def test_a_declaration_does_not_save_swapped_columns() -> None:
    lons, lats = scattered(20)
    with pytest.raises(Refused) as told:
        adopt(lats, lons, datum="gcj02", file="a.csv", reference=Reference(box=HAINING))
    assert told.value.code == "datum.swapped"


def test_an_outline_is_held_against_another_outline_of_the_same_place() -> None:
    turn = np.linspace(0, 2 * np.pi, 200)
    radius = 0.12 * (1 + 0.2 * np.sin(5 * turn))
    lons, lats = 120.6 + radius * np.cos(turn), 30.4 + radius * np.sin(turn)
    truth = shapely.Polygon(np.stack([lons, lats], axis=1))
    reference = Reference(box=HAINING, known=(np.array([truth], dtype=object),))
    for datum in ("gcj02", "bd09"):
        moved = shapely.Polygon(np.stack(from_wgs84(datum, lons, lats), axis=1))
        assert detect_outline(moved, reference).likely == datum
    assert detect_outline(truth, reference).verdict == "wgs84"


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(st.floats(allow_nan=True), st.floats(allow_nan=True)), max_size=30))
def test_no_numbers_whatever_break_the_detection(rows: list[tuple[float, float]]) -> None:
    xy = np.array(rows, dtype=float).reshape(-1, 2)
    for reference in (Reference(), Reference(box=HAINING), known_here(*scattered(20))):
        found = detect(xy[:, 0], xy[:, 1], reference)
        if found.verdict != "wgs84":
            refused(found)


@pytest.mark.slow
def test_the_county_in_use_tells_an_offset_of_its_own_places(sample: County) -> None:
    reference = reference_of(sample)
    points = shapely.get_coordinates(reference.known[0])
    for datum, verdict in (("wgs84", "wgs84"), ("gcj02", "offset"), ("bd09", "offset")):
        found = detect(*from_wgs84(datum, points[:, 0], points[:, 1]), reference)
        assert (found.verdict, found.likely) == (verdict, datum)


def poi(folder: Path, county: str) -> Floats:
    file = folder / f"china/poi/{county}_osm_poi_wgs84.geojson"
    features = json.loads(file.read_text("utf-8"))["features"]
    return np.array([feature["geometry"]["coordinates"][:2] for feature in features])


@pytest.mark.realdata
@pytest.mark.parametrize("county", ["330481_海宁市", "330521_德清县", "330782_义乌市"])
@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_half_of_the_real_places_tell_how_they_were_moved(
    real_data: Path, county: str, datum: str
) -> None:
    known = poi(real_data, county)
    pick = np.random.default_rng(SEED)
    jitter = pick.normal(0, 15 / 111_000, known.shape)
    same = (known + jitter)[pick.random(len(known)) < 0.5]
    found = detect(
        *from_wgs84(datum, same[:, 0], same[:, 1]),
        Reference(known=(np.asarray(shapely.points(known)),)),
    )
    assert found.likely == datum


@pytest.mark.realdata
def test_an_outline_in_gcj02_leaves_real_places_on_the_wrong_side(real_data: Path) -> None:
    members = poi(real_data, "330481_海宁市")
    hull = shapely.concave_hull(shapely.multipoints(members), ratio=0.05)
    outline = shapely.Polygon(shapely.get_exterior_ring(shapely.buffer(hull, 0.0005)))
    ring = shapely.get_coordinates(outline)
    for datum in ("gcj02", "bd09"):
        moved = shapely.Polygon(np.stack(from_wgs84(datum, ring[:, 0], ring[:, 1]), axis=1))
        assert detect_outline(moved, Reference(members=members)).likely == datum
    assert detect_outline(outline, Reference(members=members)).verdict == "wgs84"
