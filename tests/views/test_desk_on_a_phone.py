"""The desk on a phone at 390 × 844: the queue over the map, over both what is open, and every press without a keyboard."""

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page

from tests.browsing import Seen
from tests.views.serving import Stage, alert, row

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDTH, HEIGHT = 390, 844
TOP = "[...document.querySelectorAll('#top > *')].map((one) => [one.className, one.offsetTop]).join(' | ')"


def wide(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["width"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_desk_fits_a_phone(browser: Browser, stage: Stage, language: str) -> None:
    seen = Seen(browser, stage.address, "/desk", WIDTH, HEIGHT)
    seen.context.add_cookies([{"name": "onenet_language", "value": language, "url": stage.address}])
    seen.page.reload()
    seen.ready("desk")
    stage.say(2, row(4, priority="P0", alert=alert()))
    seen.page.wait_for_selector("#alerts .alert.p-P0")
    assert seen.measured("document.documentElement.scrollWidth") == WIDTH
    tall = seen.measured("document.querySelector('#top').offsetHeight")
    assert tall < 90, seen.measured(TOP)  # two lines
    assert wide(seen.page, "#queue") == wide(seen.page, "#middle") == WIDTH
    assert seen.page.locator("#panel").is_hidden()
    assert seen.page.locator("#alerts .alert-called").first.is_hidden()  # the case says it
    assert seen.said == []


def test_on_a_phone_a_case_lies_over_queue_and_map_and_a_report_leaves_the_map_in_sight(
    browser: Browser, stage: Stage
) -> None:
    assert stage.desk.who is not None
    may = frozenset({"desk.view", "report.create"})
    stage.desk.who = replace(stage.desk.who, permissions=may)
    seen = Seen(browser, stage.address, "/desk", WIDTH, HEIGHT).ready("desk")
    seen.page.click(".row:not([hidden])")
    seen.page.wait_for_selector("#panel .case-head")
    assert wide(seen.page, "#panel") == WIDTH
    seen.page.click(".case-line .icon-button")
    seen.page.wait_for_selector("#panel", state="hidden")
    seen.page.click(".bar [data-key=report]")
    seen.page.wait_for_selector(".report-form textarea:focus")
    panel, middle = (seen.page.locator(one).bounding_box() for one in ("#panel", "#middle"))
    assert panel
    assert middle
    assert panel["y"] + panel["height"] <= middle["y"] + 1
