"""The importer: real counties come in whole, broken files are refused in plain words, and the county in use stays until then."""

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely

from county.importing.features import speed_kmh
from county.importing.gathering import STEPS
from county.importing.report import ImportReport
from county.importing.run import import_county
from county.importing.shapes import area_km2
from county.model import County
from county.store import load, read_layer
from vocabulary.errors import Refused, Unavailable

pytestmark = pytest.mark.realdata


def test_andorra_comes_in_with_seven_parishes(andorra: tuple[County, ImportReport]) -> None:
    county, report = andorra
    assert county.name_zh == "安道尔"
    assert county.name_en == "Andorra"
    assert county.code == "990201"
    assert {town.name_zh for town in county.towns} == {
        "Andorra la Vella", "Canillo", "Encamp", "Escaldes-Engordany", "La Massana", "Ordino", "Sant Julià de Lòria",
    }  # fmt: skip
    assert area_km2(county.boundary_wgs84) == pytest.approx(468, rel=0.02)
    assert report.layer("roads").accepted == pytest.approx(1_614, abs=20)


def test_its_broken_border_is_closed_and_said_so(andorra: tuple[County, ImportReport]) -> None:
    codes = [note.code for note in andorra[1].notes]
    assert "county.note_boundary_closed" in codes
    assert "county.note_town_filled" in codes
    assert "Canillo" in "".join(andorra[1].lines("zh"))
    assert "straight line" in "".join(andorra[1].lines("en"))


def test_its_mountains_have_their_heights_and_no_voids(
    andorra: tuple[County, ImportReport],
) -> None:
    county, report = andorra
    with rasterio.open(county.terrain) as terrain:
        metres = terrain.read(1)
        la_vella, coma_pedrosa = (
            float(v[0]) for v in terrain.sample([(1.5218, 42.5063), (1.4437, 42.5917)])
        )
    assert metres.min() > 500
    assert la_vella == pytest.approx(1_024, abs=60)
    assert coma_pedrosa == pytest.approx(2_911, abs=120)
    assert "county.note_voids" in [note.code for note in report.notes]


def test_liechtenstein_comes_in_without_its_neighbours(
    liechtenstein: tuple[County, ImportReport],
) -> None:
    county, report = liechtenstein
    assert county.name_zh == "Liechtenstein"
    assert len(county.towns) == 11
    assert area_km2(county.boundary_wgs84) == pytest.approx(160.5, rel=0.01)
    assert not {"Feldkirch", "Sennwald", "Buchs (SG)"} & {town.name_zh for town in county.towns}
    assert report.layer("buildings").accepted > 8_900
    assert not county.has_terrain
    assert "county.note_no_terrain" in [note.code for note in report.notes]


def test_nothing_of_a_layer_lies_beyond_the_margin(
    liechtenstein: tuple[County, ImportReport],
) -> None:
    county = liechtenstein[0]
    near = shapely.buffer(county.boundary_wgs84, 0.045)
    for layer in ("roads", "buildings", "landcover", "water", "waterways", "places", "pois"):
        shapes = read_layer(county, layer).geometry.to_numpy()
        assert shapely.within(shapes, near).all(), layer
        assert shapely.is_valid(shapes).all(), layer


def test_an_import_tells_how_far_it_is(real_data: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    import_county(
        [real_data / "osm/liechtenstein.osm.pbf"],
        tmp_path,
        progress=lambda step, done, total: told.append((step, done, total)),
    )
    assert [step for step, _, _ in told] == [*STEPS, "done"]
    assert [done for _, done, _ in told] == list(range(len(STEPS) + 1))


def test_each_import_has_its_own_version_and_leaves_nothing_behind(
    real_data: Path, tmp_path: Path
) -> None:
    pbf = real_data / "osm/andorra.osm.pbf"
    one = import_county([pbf], tmp_path, name="甲县", code="990301")
    other = import_county([pbf], tmp_path, boundary_name="Ordino")
    assert one.version != other.version
    assert (one.name_zh, one.code) == ("甲县", "990301")
    assert load(tmp_path).name_zh == "Ordino"
    assert [each.name for each in (tmp_path / "county").iterdir()] == ["current"]


def test_a_boundary_that_is_not_there_is_refused_with_those_that_are(
    real_data: Path, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        import_county([real_data / "osm/andorra.osm.pbf"], tmp_path, boundary_name="Atlantis")
    assert refused.value.code == "county.boundary_not_found"
    assert "Ordino" in refused.value.text("zh")


@pytest.mark.parametrize("share", [0.02, 0.5, 0.999])
def test_a_pbf_that_stops_in_the_middle_is_refused_and_the_county_in_use_stays(
    real_data: Path, tmp_path: Path, share: float
) -> None:
    whole = (real_data / "osm/andorra.osm.pbf").read_bytes()
    import_county([real_data / "osm/liechtenstein.osm.pbf"], tmp_path)
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Refused) as refused:
        import_county([cut], tmp_path)
    assert refused.value.code == "county.osm_cut_off"
    assert load(tmp_path).name_zh == "Liechtenstein"
    assert [each.name for each in (tmp_path / "county").iterdir()] == ["current"]


def test_a_pbf_with_a_damaged_block_is_refused(real_data: Path, tmp_path: Path) -> None:
    damaged = bytearray((real_data / "osm/andorra.osm.pbf").read_bytes())
    damaged[300_000:300_400] = bytes(400)
    file = tmp_path / "damaged.osm.pbf"
    file.write_bytes(damaged)
    with pytest.raises(Refused) as refused:
        import_county([file], tmp_path)
    assert refused.value.code == "county.osm_unreadable"


def test_a_dem_of_another_land_is_refused_with_both_extents(
    real_data: Path, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        import_county(
            [real_data / "osm/liechtenstein.osm.pbf", real_data / "dem/N42E001.hgt.zip"], tmp_path
        )
    assert refused.value.code == "county.dem_elsewhere"
    assert "9.4" in refused.value.text("en")
    with pytest.raises(Unavailable):
        load(tmp_path)


def test_a_plain_hgt_and_a_geotiff_serve_as_well_as_the_zip(
    real_data: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(real_data / "dem/N42E001.hgt.zip") as archive:
        archive.extractall(tmp_path)
    tile = tmp_path / "N42E001.hgt"
    with rasterio.open(tile) as source:
        profile = {**source.profile, "driver": "GTiff"}
        with rasterio.open(tmp_path / "heights.tif", "w", **profile) as target:
            target.write(source.read())
    heights = []
    for file in (tile, tmp_path / "heights.tif"):
        import_county([real_data / "osm/andorra.osm.pbf", file], tmp_path / "home")
        with rasterio.open(load(tmp_path / "home").terrain) as terrain:
            heights.append(terrain.read(1))
    assert np.allclose(heights[0], heights[1])


@pytest.mark.parametrize("garbage", ["N42E001.hgt", "heights.tif", "N42E001.hgt.zip", "mine.hgt"])
def test_a_garbage_dem_is_refused(real_data: Path, tmp_path: Path, garbage: str) -> None:
    file = tmp_path / garbage
    file.write_bytes(b"no terrain at all " * 100)
    with pytest.raises(Refused) as refused:
        import_county([real_data / "osm/andorra.osm.pbf", file], tmp_path)
    assert refused.value.code == "county.dem_unreadable"


def test_an_extract_without_a_boundary_is_refused(real_data: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        import_county([real_data / "china/shanghai_huangpu.osm"], tmp_path)
    assert refused.value.code == "county.no_boundary"
    assert "--boundary" in refused.value.text("zh")


def test_a_home_that_cannot_be_written_is_told(real_data: Path, tmp_path: Path) -> None:
    (tmp_path / "county").write_text("a file where a folder should be")
    with pytest.raises(Refused) as refused:
        import_county([real_data / "osm/andorra.osm.pbf"], tmp_path)
    assert refused.value.code == "county.disk"


def test_speeds_are_read_as_they_are_tagged() -> None:
    assert speed_kmh("50") == 50
    assert speed_kmh("30 mph") == pytest.approx(48.28, abs=0.01)
    assert speed_kmh("90;30;90") == 90
    assert all(np.isnan(speed_kmh(tag)) for tag in ("", "none", "walk", "0", "999"))


def test_a_stop_between_the_two_renames_gives_the_former_county_back(
    real_data: Path, tmp_path: Path
) -> None:
    import_county([real_data / "osm/andorra.osm.pbf"], tmp_path)
    folder = tmp_path / "county"
    (folder / "current").rename(folder / ".old-01")
    assert load(tmp_path).name_en == "Andorra"
    shutil.rmtree(folder)
    with pytest.raises(Unavailable):
        load(tmp_path)
