"""The coverage page over a real prediction: legend, value at a place, a site that is dragged, measurements, both languages."""

import math
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browsing import Seen, opened
from tests.console_process import ConsoleProcess
from tests.journeys.office import Office, until
from views.words import catalogue

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

DRAGS = 3
ANSWERS_WITHIN_S = 1.0
TOLD = ".try-told table"
MARK = ".imagined-mark"
PICK = ".pick-mark"
SITES = """() => {
    let sites = 0;
    window.onenetMaps[0].eachLayer((layer) => {
        if (layer.getRadius && layer.options.renderer?.options.pane === 'sites') sites += 1;
    });
    return sites;
}"""
ASKED = "async () => (await fetch('/api/v1/coverage')).json()"  # in the page's language
DRAWN = """() => {
    const panel = document.querySelector('.coverage-panel');
    return !panel.querySelector('.skeleton') && panel.innerText.length > 3;
}"""


def people(told: str) -> int:
    """Return the first number of a text such as +2,670 人 · 4.1 km²."""
    found = re.search(r"[\d,]+", told)
    assert found is not None, told
    return int(found[0].replace(",", ""))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("coverage") / "home"
    console = ConsoleProcess(home, environment={"ONENET_COVERAGE": "true"})
    console.start()
    try:
        made = Office(console)
        assert until(lambda: made.get("/coverage")["state"] == "ready", 180)
        yield made
    finally:
        console.stop()


class Engineer(Seen):
    """An engineer at the coverage page."""

    def __init__(self, browser: Browser, office: Office) -> None:
        super().__init__(browser, office.console.url, "/coverage")
        self.page.wait_for_selector("#username:focus")
        self.page.fill("#username", "engineer")
        self.page.fill("#password", office.passwords["engineer"])
        self.page.press("#password", "Enter")
        self.ready("coverage")

    def tab(self, name: str) -> None:
        self.page.click(f"#tab-{name}")
        self.page.wait_for_selector(f"#tab-{name}[aria-selected='true']")


@pytest.fixture(scope="module")
def engineer(office: Office, chromium_path: str) -> Iterator[Engineer]:
    with opened(chromium_path) as browser:
        yield Engineer(browser, office)


def test_the_legend_names_each_class_and_the_middle_of_the_map_answers_to_a_key(
    engineer: Engineer, office: Office
) -> None:
    page = engineer.page
    scale = page.evaluate(ASKED)["scales"]["4G"]
    page.wait_for_selector(".coverage-legend li")
    assert page.locator("#coverage-layers .coverage-legend li").count() >= len(scale)
    shown = page.inner_text("#coverage-layers")
    for grade in scale:
        assert grade["label"] in shown
    page.keyboard.press("k")
    page.wait_for_selector(".under-tip .under")
    told = page.inner_text(".under-tip")
    lon, lat = page.evaluate(
        "() => { const c = window.onenetMaps[0].getCenter(); return [c.lng, c.lat]; }"
    )
    heard = office.get(f"/coverage/at?lon={lon:.6f}&lat={lat:.6f}")
    for one in heard["items"]:
        either = (math.floor(one["rsrp_dbm"]), math.ceil(one["rsrp_dbm"]))
        assert any(f"{whole}" in told for whole in either)
    assert heard["town"] in told
    page.keyboard.press("Escape")


def test_a_site_that_is_dragged_is_answered_within_a_second(engineer: Engineer) -> None:
    page = engineer.page
    engineer.tab("try")
    page.wait_for_selector(TOLD)
    took = []
    for _ in range(DRAGS):
        before = page.inner_text(".try-told")
        box = page.locator(MARK).bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 90, y + 40, steps=4)
        page.mouse.up()
        begun = time.monotonic()
        page.wait_for_function(
            "(was) => document.querySelector('.try-told').innerText !== was", arg=before
        )
        took.append(time.monotonic() - begun)
    # The best of a few: what else this machine does meanwhile is not what is promised.
    assert min(took) < ANSWERS_WITHIN_S, took
    assert page.locator(".leaflet-effect-pane img").count() == 1
    page.fill("#best-count", "3")
    page.click(".best .action")
    page.wait_for_selector(".best .is-pick, .best .empty", timeout=60_000)
    picks = page.locator(".best .is-pick").count()
    assert picks <= 3
    assert page.locator(PICK).count() == picks
    if picks:
        promised = people(page.inner_text(".best .is-pick .grow"))
        page.locator(".best .is-pick").first.click()
        # Tried by itself, the first pick keeps what the plan promised, but for rounding.
        assert until(
            lambda: abs(people(page.inner_text(f"{TOLD} tbody tr td:last-child")) - promised) <= 1
        )
        assert page.locator(".best .is-pick").count() == picks, "the plan is gone"
    engineer.tab("weak")
    assert page.locator(MARK).count() == page.locator(PICK).count() == 0


def test_a_drive_test_is_drawn_over_the_prediction_and_changes_nothing(
    engineer: Engineer, office: Office, tmp_path: Path
) -> None:
    page = engineer.page
    lon, lat = office.center
    version = office.get("/coverage")["version"]
    rows = [f"{lon + n * 0.0006:.6f},{lat + n * 0.0003:.6f},{-95 - n % 7}" for n in range(-20, 20)]
    file = tmp_path / "drive.csv"
    file.write_text("\n".join(["lon,lat,rsrp", *rows, f"{lon},{lat},-200"]))
    sites = page.evaluate(SITES)
    engineer.tab("measured")
    page.set_input_files("#measured-file", str(file))
    page.wait_for_selector(".measured-told .coverage-legend")
    told = page.inner_text(".measured-told")
    assert "drive.csv" in told
    assert catalogue("zh")["coverage.measured.reason.sentinel"].format(n=1) in told
    assert page.inner_text(".coverage-panel").startswith(catalogue("zh")["coverage.measured.none"])
    assert office.get("/coverage")["version"] == version
    assert page.evaluate(SITES) == 0, "sites hide among the measured points"
    engineer.tab("weak")
    assert page.evaluate(SITES) == sites > 0


def test_the_page_speaks_either_language_throughout(engineer: Engineer) -> None:
    page = engineer.page
    for language, button in (("en", "English"), ("zh", "中文")):
        page.click(f"#coverage-top button:has-text('{button}')")
        page.wait_for_selector(f"html[lang^='{language}'] #coverage-ready", state="attached")
        page.wait_for_selector("#coverage-layers .coverage-legend li")
        for name in ("weak", "places", "outages", "trend", "measured", "try"):
            assert page.inner_text(f"#tab-{name}").startswith(
                catalogue(language)[f"coverage.tab.{name}"]
            )
        for tab in ("outages", "measured", "weak"):
            engineer.tab(tab)
            page.wait_for_function(DRAWN)
            if language == "en":
                words = page.inner_text(
                    ".coverage-panel > h3, .coverage-panel > p, .coverage-panel th"
                )
                assert not re.search(r"[一-鿿]", words), words
    assert engineer.said == []
