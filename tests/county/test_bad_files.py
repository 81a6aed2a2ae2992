"""Files that are unreadable, empty, cut off, wrongly written or nonsense: a clear sentence each, and the county in use stays."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from county.importing.run import check_county, import_county
from county.store import load
from tests.county import brought
from vocabulary.errors import Refused

pytestmark = pytest.mark.slow

HEAD = b"name,kind,lon,lat\n"
Write = Callable[[Path], Path]


def raw(name: str, content: bytes) -> Write:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return write


def cut(name: str, share: float) -> Write:
    """A good file that stops in the middle."""

    def write(folder: Path) -> Path:
        if name.endswith(".gpkg"):
            good = brought.geopackage(folder / "good.gpkg", towns=brought.towns())
        elif name.endswith(".zip"):
            good = brought.shapefile(folder / "good.zip", brought.towns(), "utf-8")
        else:
            good = brought.geojson(folder / "good.geojson", brought.towns())
        data = good.read_bytes()
        (folder / name).write_bytes(data[: int(len(data) * share)])
        return folder / name

    return write


def zipped(name: str, **members: bytes) -> Write:
    def write(folder: Path) -> Path:
        with zipfile.ZipFile(folder / name, "w") as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return folder / name

    return write


BAD = {
    "empty csv": (raw("pois.csv", b""), "county.file_empty"),
    "empty gpkg": (raw("towns.gpkg", b""), "county.file_empty"),
    "header only": (raw("pois.csv", HEAD), "county.no_rows"),
    "blank header": (raw("pois.csv", b"name,,lon,lat\na,b,1,2\n"), "county.no_header"),
    "header twice": (raw("pois.csv", b"name,name,lon,lat\na,b,1,2\n"), "county.column_twice"),
    "no columns of ours": (raw("pois.csv", b"a,b,c\n1,2,3\n"), "county.columns_missing"),
    "binary csv": (raw("pois.csv", b"\x00\x01\x02" * 90), "county.not_text"),
    "neither utf-8 nor gbk": (raw("pois.csv", HEAD + b"\xff\xff\xfe,x,1,2\n"), "county.encoding"),
    "words as gpkg": (raw("towns.gpkg", b"no map at all " * 99), "county.file_unreadable"),
    "words as geojson": (raw("towns.geojson", b"no map at all"), "county.json_broken"),
    "json of another kind": (raw("towns.geojson", b'{"rows": []}'), "county.not_geojson"),
    "geojson without rows": (raw("towns.geojson", b'{"type": "FeatureCollection", "features": []}'), "county.no_rows"),
    "words as zip": (raw("towns.zip", b"no zip at all"), "county.zip_unreadable"),
    "zip of notes": (zipped("towns.zip", **{"notes.txt": b"hello"}), "county.unknown_format"),
    "shp alone": (zipped("towns.zip", **{"towns.shp": b"123"}), "county.shapefile_incomplete"),
    "words as shapefile": (
        zipped("towns.zip", **{"towns.shp": b"1", "towns.shx": b"2", "towns.dbf": b"3" * 40}), "county.file_unreadable",
    ),
    "cut gpkg": (cut("towns.gpkg", 0.4), "county.file_unreadable"),
    "cut geojson": (cut("towns.geojson", 0.9), "county.json_broken"),
    "cut in a character": (raw("pois.csv", HEAD + "学校".encode()[:-1]), "county.text_cut_off"),
    "cut zip": (cut("towns.zip", 0.5), "county.zip_unreadable"),
    "a plan that is none": (raw("fire.toml", b"id = "), "county.plan_unreadable"),
    "a plan without a name": (raw("fire.toml", b'id = "fire"'), "county.plan_incomplete"),
    "a table as towns": (raw("towns.csv", b"name\nx\n"), "county.wrong_format"),
    "of no format we know": (raw("towns.dwg", b"AC1032"), "county.unknown_format"),
    "of no role we know": (raw("secret.csv", HEAD), "county.unknown_layer"),
}  # fmt: skip


@pytest.fixture(scope="module")
def in_use(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A good file, the home it was imported into, and the version it got."""
    folder = tmp_path_factory.mktemp("good")
    good = brought.geopackage(folder / "good0.gpkg", boundary=brought.boundary())
    return good, folder / "home", import_county([good], folder / "home").version


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_plain_words_and_changes_nothing(
    in_use: tuple[Path, Path, str], tmp_path: Path, name: str
) -> None:
    write, code = BAD[name]
    good, home, version = in_use
    bad = write(tmp_path)
    with pytest.raises(Refused) as refused:
        import_county([good, bad], home)
    assert refused.value.code == code
    for language in ("zh", "en"):
        assert bad.name in refused.value.text(language)
    assert load(home).version == version
    assert [each.name for each in (home / "county").iterdir()] == ["current"]


def test_a_check_lists_every_bad_file_at_once(tmp_path: Path) -> None:
    good = brought.geopackage(tmp_path / "good0.gpkg", boundary=brought.boundary())
    bad = [
        raw("towns.geojson", b"no map")(tmp_path),
        raw("pois.csv", HEAD)(tmp_path),
        raw("x.dwg", b"A")(tmp_path),
    ]
    checked = check_county([good, *bad], tmp_path / "home")
    assert {each.code for each in checked.refused} == {
        "county.json_broken", "county.no_rows", "county.unknown_format",
    }  # fmt: skip
    assert not checked.good


@settings(max_examples=60, deadline=None)
@given(
    content=st.binary(min_size=1, max_size=300),
    ending=st.sampled_from(["csv", "geojson", "zip", "gpkg", "toml"]),
)
def test_no_bytes_whatever_make_a_check_fail_otherwise(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    file = folder / f"towns.{ending}"
    file.write_bytes(content)
    assert not check_county([file], folder).good


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(st.text(max_size=8), min_size=4, max_size=4), min_size=1, max_size=8))
def test_no_words_in_a_table_make_a_check_fail_otherwise(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("words")
    text = HEAD.decode() + "".join(",".join(row) + "\n" for row in rows)
    (folder / "pois.csv").write_text(text, "utf-8", errors="ignore")
    edge = brought.geopackage(folder / "edge.gpkg", boundary=brought.boundary())
    check_county([edge, folder / "pois.csv"], folder)


def test_two_plans_of_one_file_name_are_refused_and_none_is_lost(
    in_use: tuple[Path, Path, str], tmp_path: Path
) -> None:
    for folder in ("north", "south"):
        (tmp_path / folder).mkdir()
        text = f'id = "{folder}"\nname = "火灾"\n'
        brought.table(tmp_path / folder / "fire.toml", text)
    good, home, _ = in_use
    with pytest.raises(Refused) as refused:
        import_county([good, tmp_path / "north", tmp_path / "south"], home)
    assert refused.value.code == "county.plan_twice"
    assert "south/fire.toml" in refused.value.text("zh")


def test_a_zip_with_two_shapefiles_of_one_name_is_refused(
    in_use: tuple[Path, Path, str], tmp_path: Path
) -> None:
    one = brought.shapefile(tmp_path / "towns.zip", brought.towns(), "utf-8")
    with zipfile.ZipFile(one) as source, zipfile.ZipFile(tmp_path / "both.zip", "w") as both:
        for member in source.namelist():
            for folder in ("a", "b"):
                both.writestr(f"{folder}/towns{Path(member).suffix}", source.read(member))
    good, home, _ = in_use
    with pytest.raises(Refused) as refused:
        import_county([good, tmp_path / "both.zip"], home)
    assert refused.value.code == "county.file_unreadable"
    assert "twice" in refused.value.text("en")
