"""The time machine: a case that is over stands again where and how it stood, and the screen says that this is not now."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browsing import Seen
from tests.journeys.office import Office
from views.words import catalogue

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

STATES = """() => [...document.querySelectorAll('#queue .row:not([hidden]) .state > span')]
    .map((each) => each.textContent)"""
CLIP = "async () => (await fetch(document.querySelector('a[download]').href)).json()"


@pytest.fixture
def back(browser: Browser, office: Office) -> Iterator[Page]:
    seen = Seen(browser, office.console.url, "/replay")
    page = seen.page
    page.wait_for_selector("#username:focus")
    page.fill("#username", "supervisor")
    page.fill("#password", office.passwords["supervisor"])
    page.press("#password", "Enter")
    page.wait_for_selector("#replay-ready", state="attached")
    yield page
    assert seen.said == []
    page.context.close()


def test_a_case_that_is_over_stands_again_as_it_stood(
    office: Office, request: pytest.FixtureRequest
) -> None:
    case = office.report("回放用的井盖")
    office.command(case, "reject", reason="not_true")
    back: Page = request.getfixturevalue("back")
    assert back.locator(".replay-badge").is_visible()
    back.keyboard.press("End")
    assert back.evaluate(STATES) == []
    states: list[str] = []
    for _ in range(8):  # back from event to event: the rejection, and what it brought with it
        back.keyboard.press(",")
        states = states or back.evaluate(STATES)
    assert states == [catalogue("zh")["state.NEW"]]
    features = {each["properties"]["number"]: each for each in back.evaluate(CLIP)["features"]}
    assert "incidents.case_rejected.v1" in [
        step["kind"] for step in features[case["number"]]["properties"]["steps"]
    ]
