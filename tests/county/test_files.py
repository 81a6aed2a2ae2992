"""What is refused before any data are read, and geometry mended: no real data needed."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from county.importing.extract import osm
from county.importing.hillshade import FLAT, shade
from county.importing.report import LayerReport
from county.importing.run import import_county
from county.importing.shapes import AREA, clip, grow, mend
from county.store import load
from vocabulary.errors import Refused, Unavailable

SQUARE = shapely.box(0, 0, 1, 1)


def test_a_home_without_a_county_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as unavailable:
        load(tmp_path)
    assert "county import" in unavailable.value.text("zh")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("none.osm.pbf", None, "county.file_missing"),
        ("empty.osm.pbf", b"", "county.osm_cut_off"),
        ("text.osm.pbf", b"hello, this is no map" * 50, "county.not_osm"),
        ("map.shp", b"", "county.file_empty"),
        ("boundary.docx2", b"words", "county.unknown_format"),
    ],
)
def test_what_is_no_extract_is_refused(
    tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Refused) as refused:
        import_county([file], tmp_path)
    assert refused.value.code == code
    assert name in refused.value.text("zh")


@settings(max_examples=200)
@given(content=st.binary(max_size=400))
def test_no_bytes_make_the_check_of_a_pbf_fail_otherwise(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.osm.pbf"
    file.write_bytes(content)
    with pytest.raises(Refused):
        osm.check(file)


def test_a_code_that_is_not_six_digits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        import_county([tmp_path / "a.osm.pbf"], tmp_path, code="12a")
    assert refused.value.code == "county.bad_code"


def test_a_bow_tie_is_mended_and_counted() -> None:
    report = LayerReport("water")
    tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)])
    shapes, keep = mend(np.array([tie, SQUARE, None], dtype=object), AREA, report)
    assert keep.tolist() == [True, True, False]
    assert shapely.is_valid(shapes[keep]).all()
    assert report.repaired == 1
    assert report.refused == {"empty": 1}


def test_a_feature_with_too_many_vertices_is_refused_and_counted() -> None:
    report = LayerReport("water")
    angle = np.linspace(0, 2 * np.pi, 120_000)
    huge = shapely.Polygon(np.stack([np.cos(angle), np.sin(angle)], axis=1))
    _, keep = mend(np.array([huge], dtype=object), AREA, report)
    assert not keep.any()
    assert report.refused == {"too_many_vertices": 1}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), min_size=3, max_size=12))
def test_what_is_mended_and_cut_is_valid_flat_and_inside(
    corners: list[tuple[float, float]],
) -> None:
    ring = shapely.Polygon([*corners, corners[0]])
    shapes, keep = mend(np.array([ring], dtype=object), AREA, LayerReport("water"))
    if keep[0]:
        cut = clip(shapes, SQUARE, AREA)[0]
        assert cut.is_valid
        assert cut.is_empty or shapely.get_dimensions(cut) == AREA
        assert shapely.difference(cut, shapely.buffer(SQUARE, 1e-9)).area < 1e-12


def test_growing_by_a_kilometre_grows_by_a_kilometre_both_ways() -> None:
    box = shapely.box(117.0, 29.5, 117.5, 29.9)
    west, south, _, _ = grow(box, 1_000.0).bounds
    assert (29.5 - south) * 111_320 == pytest.approx(1_000, rel=0.02)
    assert (117.0 - west) * 111_320 * np.cos(np.radians(29.7)) == pytest.approx(1_000, rel=0.02)


def test_flat_ground_is_neither_light_nor_dark_and_north_west_slopes_are_light() -> None:
    flat = np.full((20, 20), 300.0, dtype=np.float32)
    assert np.allclose(shade(flat, 30.0), FLAT, atol=1)
    rows, columns = np.mgrid[0:20, 0:20]
    towards_north_west = ((rows + columns) * 15.0).astype(np.float32)
    assert shade(towards_north_west, 30.0).mean() > FLAT > shade(-towards_north_west, 30.0).mean()
