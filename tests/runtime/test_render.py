"""`county render` on the command line, and what is said of a wrong zoom or a wrong file."""

import shutil
from pathlib import Path

import pytest

from county.store import county_folder
from layers.archive import open_archive
from runtime.command_line import BAD_ARGUMENTS, main


@pytest.fixture
def home(tmp_path: Path, drawn: Path) -> Path:
    made = tmp_path / "home"
    shutil.copytree(county_folder(drawn).parent, county_folder(made).parent)
    return made


def test_both_themes_are_painted_where_the_console_finds_them(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(home), "county", "render", "--zoom", "9"]) == 0
    for theme in ("dark", "light"):
        archive = open_archive(home / "county/tiles" / f"{theme}.pmtiles")
        assert archive.facts["theme"] == theme
        archive.close()
    told = capsys.readouterr().out
    assert "tiles (" in told
    assert "张瓦片" in told


def test_both_themes_into_one_name_get_their_own_files(home: Path, tmp_path: Path) -> None:
    to = tmp_path / "out" / "map.mbtiles"
    assert main(["--home", str(home), "county", "render", "--zoom", "9", "--to", str(to)]) == 0
    assert sorted(file.name for file in to.parent.iterdir()) == [
        "map-dark.mbtiles",
        "map-light.mbtiles",
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--zoom", "6 to 16"], "6-16"),
        (["--zoom", "6-22"], "6-18"),
        (["--to", "map.zip", "--theme", "dark"], ".pmtiles"),
    ],
)
def test_nonsense_is_refused_in_words(
    home: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert main(["--home", str(home), "county", "render", *words]) == BAD_ARGUMENTS
    assert told in capsys.readouterr().err
