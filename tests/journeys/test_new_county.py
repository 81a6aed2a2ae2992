"""A county is imported while people work: their screens show it, nothing is loaded anew, and nothing written is lost."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from county.store import county_folder
from tests.another_county import import_another, put_back
from tests.journeys.office import Office, until
from tests.journeys.station import Station

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

WRITTEN = "桥头井盖没了"
TILES = """() => [...document.querySelectorAll('.leaflet-tile-pane img')].map((tile) => tile.src)"""


@pytest.fixture
def home(office: Office, tmp_path: Path) -> Iterator[Path]:
    kept, home = tmp_path / "kept", office.console.home
    shutil.copytree(county_folder(home), kept)
    name = office.get("/county")["name_zh"]
    yield home
    put_back(home, kept)
    assert until(lambda: office.get("/county")["name_zh"] == name)


def shown_from(page: Page, version: str) -> bool:
    tiles = page.evaluate(TILES)
    return bool(tiles) and all(version in tile for tile in tiles)


def test_open_screens_show_the_new_county_and_keep_what_is_written(
    office: Office, desk: Station, wall: Station, home: Path
) -> None:
    desk.page.keyboard.press("n")
    text = desk.page.locator(".report-form .field textarea").first
    text.fill(WRITTEN)
    version = import_another(home)
    for station in (desk, wall):
        station.page.wait_for_selector("h1:has-text('新桥县')")
        assert until(lambda page=station.page: shown_from(page, version))  # type: ignore[misc]
        assert "新桥县" in station.page.title()
        assert station.never_reloaded
    assert text.input_value() == WRITTEN
    text.fill("")
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("Escape")
