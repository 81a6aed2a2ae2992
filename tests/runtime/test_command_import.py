"""Sheets on the command line: what was brought is counted, what was refused is told by row, and again changes nothing."""

from pathlib import Path

import pytest

from incidents.table_files import FOLDER
from runtime.command_line import main
from tests import sample_county
from tests.runtime.commands import refused

pytestmark = [pytest.mark.usefixtures("no_settings_from_outside"), pytest.mark.slow]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    sample_county.put_into(tmp_path / "home")
    return tmp_path / "home"


def bring(what: str, file: Path, home: Path, *more: str) -> int:
    return main([what, "import", str(file), "--home", str(home), *more])


def test_a_sheet_of_reports_is_taken_once(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from county.store import load

    center = load(home).center
    sheet = tmp_path / "reports.csv"
    good = f"C1,路灯不亮,路灯,{center.lon_deg},{center.lat_deg}"
    sheet.write_text(f"编号,内容,类别,经度,纬度\n{good}\nC2,路灯,路灯,,\n", "utf-8")
    for more, line in (
        (["--dry-run"], "dry_run=1 accepted=1 unchanged=0 refused=1"),
        ([], "dry_run=0 accepted=1 unchanged=0 refused=1"),
        ([], "dry_run=0 accepted=0 unchanged=1 refused=1"),
    ):
        assert bring("reports", sheet, home, *more) == 1
        told = capsys.readouterr().out
        assert line in told
        assert "  3: 第 3 行" in told


def test_the_shipped_categories_are_known_and_a_new_version_is_added(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shipped = FOLDER / "categories.csv"
    assert bring("categories", shipped, home) == 0
    assert "added=0" in capsys.readouterr().out
    newer = tmp_path / "newer.csv"
    lines = shipped.read_text("utf-8").splitlines()
    newer.write_text("\n".join([lines[0], lines[1].replace("2013,2013", "2026,2013")]), "utf-8")
    for line in ("added=1 unchanged=0", "added=0 unchanged=1"):
        assert bring("categories", newer, home) == 0
        assert line in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.docx", b"x", ".csv"),
        ("a.csv", b"", "has no column"),
        ("a.xlsx", b"no zip", "Excel"),
        ("a.yaml", b"- a: 1", "yaml"),
    ],
)
def test_what_is_no_sheet_of_reports_is_refused_in_both_languages(
    home: Path,
    tmp_path: Path,
    name: str,
    content: bytes,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert said in refused(capsys, "reports", "import", str(file), "--home", str(home))


def test_a_file_that_is_not_there_is_told_so(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "none.csv"
    assert "none.csv" in refused(capsys, "reports", "import", str(file), "--home", str(home))
