"""A county comes in from whatever its offices have: every format, several files together, official names, tables."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from county.importing.report import ImportReport
from county.importing.run import import_county
from county.model import County
from county.store import load, read_layer
from tests.county import brought
from vocabulary.errors import Refused

pytestmark = pytest.mark.slow

UNITS = """unit_id,name,name_en,kind,department,home_lon,home_lat,skills,crew,vehicle,radio
F1,消防一中队,Fire 1,fire,fire,117.65,29.55,hose;rescue,6,川A1,11
F2,消防二中队,Fire 2,fire,fire,,,hose,6,川A2,12
P1,派出所,Police 1,police,police,0,0,,2,,
P2,外地队,Far,police,police,118.9,30.9,,2,,
F1,重复,Twice,fire,fire,117.66,29.56,,3,,
P3,人数不对,Odd,police,police,117.66,29.56,,many,,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The county's own folder: a GeoPackage of everything, nothing else."""
    inside = tmp_path / "试县"
    inside.mkdir()
    brought.geopackage(
        inside / "county.gpkg",
        boundary=brought.boundary(),
        towns=brought.towns(),
        roads=brought.roads(),
        pois=brought.pois(),
    )
    return inside


def imported(sources: list[Path], home: Path, **how: object) -> County:
    import_county(sources, home, **how)  # type: ignore[arg-type]
    return load(home)


def test_a_folder_with_a_geopackage_is_a_county(folder: Path, tmp_path: Path) -> None:
    county = imported([folder], tmp_path)
    assert (county.name_zh, county.name_en, county.code) == ("试县", "Trial County", "990999")
    assert {(town.id, town.name_zh) for town in county.towns} == set(
        zip(brought.CODES, brought.NAMES, strict=True)
    )
    roads = read_layer(county, "roads")
    assert len(roads) == 60
    assert roads.set_index("name").loc["1号路", ["way_id", "oneway", "class"]].tolist() == [
        "1",
        1,
        "primary",
    ]
    kinds = read_layer(county, "pois")["kind"].value_counts().to_dict()
    assert kinds == {"hospital": 100, "school": 100, "fuel": 100}


@pytest.mark.parametrize(("encoding", "told"), [("utf-8", True), ("gbk", True), ("gbk", False)])
def test_a_zipped_shapefile_is_read_in_the_letters_it_is_written_in(
    folder: Path, tmp_path: Path, encoding: str, told: bool
) -> None:
    towns = brought.towns().rename(columns={"name": "XZQMC", "code": "XZQDM"})
    brought.shapefile(folder / "乡镇.zip", towns, encoding, told=told)
    brought.geopackage(folder / "county.gpkg")
    county = imported([folder / "乡镇.zip"], tmp_path, name="试县")
    assert {town.name_zh for town in county.towns} == set(brought.NAMES)
    assert {town.id for town in county.towns} == set(brought.CODES)


def test_a_csv_in_gbk_with_chinese_headers_brings_places(folder: Path, tmp_path: Path) -> None:
    lons, lats = brought.scattered(30)
    rows = "".join(
        f"点{n},中学,{x:.6f},{y:.6f}\n" for n, (x, y) in enumerate(zip(lons, lats, strict=True))
    )
    file = brought.table(tmp_path / "兴趣点_wgs84.csv", "名称,类型,经度,纬度\n" + rows, "gbk")
    gpkg = brought.geopackage(tmp_path / "edge.gpkg", boundary=brought.boundary())
    county = imported([gpkg, file], tmp_path / "home")
    places = read_layer(county, "pois")
    assert len(places) == 30
    assert set(places["kind"]) == {"school"}
    assert "点7" in set(places["name"])


def test_a_role_can_be_said_where_a_name_does_not_tell(tmp_path: Path) -> None:
    file = brought.geopackage(
        tmp_path / "数据.gpkg", 图层一=brought.boundary(), 图层二=brought.towns()
    )
    with pytest.raises(Refused) as refused:
        import_county([file], tmp_path)
    assert refused.value.code == "county.unknown_layer"
    assert "数据.gpkg:图层一" in refused.value.text("zh")
    assert "turn_restrictions" in refused.value.text("en")
    roles = {"数据.gpkg:图层一": "boundary", "数据.gpkg:图层二": "towns"}
    assert len(imported([file], tmp_path, roles=roles).towns) == 4
    roles["数据.gpkg:图层二"] = "ignore"
    assert len(imported([file], tmp_path, roles=roles).towns) == 0
    with pytest.raises(Refused) as refused:
        import_county([file], tmp_path, roles={**roles, "数据.gpkg:图层一": "moon"})
    assert refused.value.code == "county.unknown_role"


def test_columns_that_are_missing_are_named(tmp_path: Path) -> None:
    towns = brought.towns()[["code", "geometry"]]
    file = brought.geopackage(tmp_path / "a.gpkg", boundary=brought.boundary(), towns=towns)
    with pytest.raises(Refused) as refused:
        import_county([file], tmp_path)
    assert refused.value.code == "county.columns_missing"
    assert refused.value.values["missing"] == "name"
    assert "code" in str(refused.value.values["present"])


def test_towns_without_a_boundary_make_the_county(tmp_path: Path) -> None:
    file = brought.geopackage(tmp_path / "towns.gpkg", towns=brought.towns())
    with pytest.raises(Refused) as refused:
        import_county([file], tmp_path)
    assert refused.value.code == "county.no_name"
    report = import_county([file], tmp_path, name="试县")
    assert "county.note_edge_of_towns" in [note.code for note in report.notes]
    assert load(tmp_path).boundary_wgs84.symmetric_difference(brought.COUNTY).area < 1e-9


def test_official_codes_and_names_find_their_towns(folder: Path, tmp_path: Path) -> None:
    nameless = (
        brought.towns()
        .drop(columns="code")
        .assign(name=["城关", "东溪乡", "西岭街道办事处", "新镇"])
    )
    file = brought.geopackage(tmp_path / "a.gpkg", boundary=brought.boundary(), towns=nameless)
    codes = (
        "区划代码,名称\n990999000000,试县\n"
        + "".join(
            f"{code}000,{name}\n" for code, name in zip(brought.CODES, brought.NAMES, strict=True)
        )
        + "1234,坏\n"
    )
    table = brought.table(tmp_path / "codes.csv", codes)
    report = import_county([file, table], tmp_path)
    county = load(tmp_path)
    assert {(town.id, town.name_zh) for town in county.towns} >= {
        ("990999100", "城关镇"), ("990999201", "东溪乡"), ("990999002", "西岭街道"),
    }  # fmt: skip
    told = next(note for note in report.notes if note.code == "county.note_codes").values
    assert told == {"matched": 3, "towns": 4, "without": "新镇", "idle": "桥头镇"}
    assert report.layer("codes").rows == {"bad_code": [7]}


def test_tables_are_carried_and_their_bad_rows_told_by_number(folder: Path, tmp_path: Path) -> None:
    brought.table(folder / "units.csv", UNITS)
    brought.table(folder / "departments.csv", "code,name,name_en,kind,phone\nfire,消防,Fire,,\n")
    brought.table(
        folder / "duty.csv",
        "unit_id,weekday,from,to,shift\nF1,1,20:00,08:00,夜\nF1,8,08:00,20:00,日\n",
    )
    (folder / "plans").mkdir()
    brought.table(folder / "plans/fire.toml", 'id = "fire"\nname = "火灾"\n')
    report = import_county([folder], tmp_path, datum="wgs84")
    county = load(tmp_path)
    assert [row["unit_id"] for row in county.table("units")] == ["F1", "F2"]
    assert county.table("units")[0]["skills"] == "hose;rescue"
    assert report.layer("units").rows == {
        "zero": [4], "far_outside": [5], "double": [6], "no_number:crew": [7],
    }  # fmt: skip
    assert report.layer("duty").rows == {"bad_value:weekday": [3]}
    assert [file.name for file in county.plans] == ["fire.toml"]
    assert county.table("sites") == []
    assert (county.folder / "report.json").is_file()
    assert "第 5 行" in "".join(report.lines("zh"))
    assert "rows 5" in "".join(report.lines("en"))


def test_the_same_files_make_the_same_county(folder: Path, tmp_path: Path) -> None:
    one, other = (imported([folder], tmp_path / name) for name in ("one", "other"))
    again = imported([folder, folder / "county.gpkg", folder], tmp_path / "one")
    for layer in ("boundary", "towns", "roads", "pois", "grid_cells"):
        rows = [read_layer(county, layer) for county in (one, other, again)]
        for each in rows[1:]:
            assert each.drop(columns="geometry").equals(rows[0].drop(columns="geometry")), layer
            assert shapely.equals_exact(
                each.geometry.to_numpy(), rows[0].geometry.to_numpy(), 0
            ).all()


def test_a_row_that_stands_in_two_files_is_taken_once(folder: Path, tmp_path: Path) -> None:
    lines = brought.roads()
    north = brought.geopackage(tmp_path / "roads_north.gpkg", roads=lines.iloc[:40])
    south = brought.geopackage(tmp_path / "roads_south.gpkg", roads=lines.iloc[20:])
    edge = brought.geopackage(tmp_path / "edge.gpkg", boundary=brought.boundary())
    report = import_county([edge, north, south], tmp_path)
    assert report.layer("roads").accepted == 60
    assert report.layer("roads").refused == {"double": 20}


def test_roads_without_ids_get_the_same_ones_at_every_import(tmp_path: Path) -> None:
    file = brought.geopackage(
        tmp_path / "a.gpkg",
        boundary=brought.boundary(),
        roads=brought.roads().drop(columns="way_id"),
    )
    ids = [set(read_layer(imported([file], tmp_path), "roads")["way_id"]) for _ in range(2)]
    assert ids[0] == ids[1]
    assert len(ids[0]) == 60


def test_kinds_nobody_knows_are_left_out_by_name(tmp_path: Path) -> None:
    odd = brought.pois().assign(kind=["飞碟", "school", "学校"] * 100)
    file = brought.geopackage(tmp_path / "a.gpkg", boundary=brought.boundary(), pois=odd)
    report = import_county([file], tmp_path)
    assert report.layer("pois").refused == {"unknown_kind:飞碟": 100}
    assert report.layer("pois").rows["unknown_kind:飞碟"][:2] == [1, 4]
    assert "飞碟 100" in "".join(report.lines("zh"))


@pytest.mark.realdata
def test_official_towns_take_the_place_of_the_extract_s(
    real_data: Path, liechtenstein: tuple[County, ImportReport], tmp_path: Path
) -> None:
    whole = liechtenstein[0].boundary_wgs84
    west = shapely.intersection(whole, shapely.box(9.4, 47.0, 9.55, 47.3))
    halves = brought.frame({"name": ["西镇", "东镇"]}, [west, shapely.difference(whole, west)])
    file = brought.geopackage(tmp_path / "towns.gpkg", towns=halves)
    report = import_county([real_data / "osm/liechtenstein.osm.pbf", file], tmp_path)
    county = load(tmp_path)
    assert {town.name_zh for town in county.towns} == {"西镇", "东镇"}
    assert "county.note_replaced" in [note.code for note in report.notes]
    assert report.layer("roads").accepted > 4_000


def test_every_point_of_the_county_lies_in_exactly_one_town(folder: Path, tmp_path: Path) -> None:
    county = imported([folder], tmp_path)
    spots = shapely.points(*brought.scattered(2_000))
    held = sum(shapely.contains(town.boundary_wgs84, spots).astype(int) for town in county.towns)
    assert np.asarray(held == 1).all()


def test_rows_keep_their_frame_when_their_file_declares_another(tmp_path: Path) -> None:
    zone = "EPSG:4548"
    file = brought.geopackage(
        tmp_path / "a.gpkg",
        boundary=brought.boundary(),
        roads=gpd.GeoDataFrame(brought.roads()).to_crs(zone),
    )
    roads = read_layer(imported([file], tmp_path), "roads")
    truth = brought.roads().geometry.to_numpy()
    assert (
        shapely.hausdorff_distance(shapely.union_all(roads.geometry), shapely.union_all(truth))
        < 1e-6
    )
