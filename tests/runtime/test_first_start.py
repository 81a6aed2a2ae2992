"""The first start on an empty folder, the whole way: the sample county is drawn, brought in, served, and not drawn again."""

from pathlib import Path

import pytest

from tests.console_process import ConsoleProcess

pytestmark = [pytest.mark.server, pytest.mark.slow]
DRAWING = "Making the sample county"


def test_a_first_start_makes_the_sample_county_and_a_second_one_loads_it(tmp_path: Path) -> None:
    console = ConsoleProcess(tmp_path / "home", county=False)
    versions = []
    try:
        for _ in range(2):
            console.start()
            key = console.key("supervisor")
            status, county = console.get("/api/v1/county", key)
            assert (status, county["name"]) == (200, "青岚县")
            assert "虚构" in county["attribution"]
            versions.append((console.home / "county/current/county.json").read_text("utf-8"))
            console.stop()
    finally:
        console.stop()
    assert versions[0] == versions[1]
    assert console.log.read_text("utf-8").count(DRAWING) == 1
