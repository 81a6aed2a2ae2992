"""The command line brings a county in, and says what is wrong with its files."""

from pathlib import Path

import pytest

from county.store import load
from runtime.command_line import main
from tests.county import brought

pytestmark = pytest.mark.usefixtures("no_settings_from_outside")
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    brought.geopackage(tmp_path / "外业.gpkg", 图层=brought.boundary(), towns=brought.towns())
    lons, lats = brought.scattered(40)
    rows = "".join(f"点{n},学校,{x},{y}\n" for n, (x, y) in enumerate(zip(lons, lats, strict=True)))
    brought.table(tmp_path / "poi.csv", "名称,类型,经度,纬度\n" + rows)
    return tmp_path


def test_a_county_comes_in_with_roles_and_frames_said_and_quietly(
    files: Path, capsys: Capture
) -> None:
    home = files / "home"
    words = [
        "county", "import", str(files / "外业.gpkg"), str(files / "poi.csv"), "--as", "boundary=外业.gpkg:图层",
        "--datum", "poi.csv=wgs84", "--code", "990998", "--home", str(home),
    ]  # fmt: skip
    assert main(words) == 0
    heard = capsys.readouterr()
    assert "兴趣点：收入 40" in heard.out
    assert "points of interest: 40 taken" in heard.out
    assert heard.err == ""
    assert load(home).code == "990998"


def test_a_check_changes_nothing_and_ends_with_1_when_something_would_be_refused(
    files: Path, capsys: Capture
) -> None:
    home = files / "home"
    gpkg, csv = str(files / "外业.gpkg"), str(files / "poi.csv")
    role = ["--as", "boundary=外业.gpkg:图层", "--home", str(home)]
    assert main(["county", "check", gpkg, csv, *role]) == 1
    assert "--datum poi.csv=" in capsys.readouterr().out
    assert main(["county", "check", gpkg, csv, *role, "--datum", "wgs84"]) == 0
    assert "nothing would be refused" in capsys.readouterr().out
    assert not (home / "county").exists()


def test_one_bad_row_is_enough_for_a_check_to_fail(files: Path, capsys: Capture) -> None:
    (files / "duty.csv").write_text("unit_id,weekday,from,to\nF1,1,08:00,20:00\nF1,9,08:00,20:00\n")
    assert main(["county", "check", str(files / "duty.csv"), "--home", str(files / "home")]) == 1
    assert "weekday 1 (rows 3)" in capsys.readouterr().out


def test_a_role_that_is_not_understood_is_told_with_an_example(
    files: Path, capsys: Capture
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["county", "import", "--as", "towns", str(files)])
    assert ended.value.code == 2
    assert "ROLE=FILE" in capsys.readouterr().err
