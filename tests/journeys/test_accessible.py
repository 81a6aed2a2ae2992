"""Every page is for everybody: axe finds nothing serious on any of them, in both languages."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from tests.browsing import Seen
from tests.journeys.office import Office

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

GRAVE = ("serious", "critical")
PAGES = (
    ("dispatcher", "/desk", "desk"),
    ("operator", "/wall", "wall"),
    ("leader", "/summary", "summary"),
    ("engineer", "/coverage", "coverage"),
    ("engineer", "/sensors", ""),
    ("supervisor", "/replay", "replay"),
    ("sysadmin", "/admin", "admin"),
    ("fire", "/field", "field"),
)


def grave(page: Page) -> list[str]:
    """Return what axe finds serious: the rule, how often, and where first."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ×{len(one['nodes'])}: {one['nodes'][0]['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE
    ]


@pytest.fixture
def signed_in(browser: Browser, office: Office) -> Iterator[dict[str, Seen]]:
    """Keep one page a person, signed in once."""
    people: dict[str, Seen] = {}
    yield people
    for seen in people.values():
        seen.context.close()


def page_of(people: dict[str, Seen], browser: Browser, office: Office, who: str) -> Page:
    if who not in people:
        people[who] = Seen(browser, office.console.url, "/signin")
        page = people[who].page
        page.fill("#username", who)
        page.fill("#password", office.passwords[who])
        page.press("#password", "Enter")
        page.wait_for_url(lambda url: "/signin" not in url)
    return people[who].page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_shuts_anybody_out(
    browser: Browser, office: Office, signed_in: dict[str, Seen], language: str
) -> None:
    office.report("无障碍检查", priority="P1")
    wrong: dict[str, list[str]] = {}
    for who, path, ready in PAGES:
        page = page_of(signed_in, browser, office, who)
        cookie = {"name": "onenet_language", "value": language, "url": office.console.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto(office.console.url + path)
        if ready:
            page.wait_for_selector(f"#{ready}-ready", state="attached")
        page.wait_for_timeout(1500)
        if problems := grave(page):
            wrong[path] = problems
    for path in ("/signin", "/report"):
        outside = Seen(browser, office.console.url, f"{path}?lang={language}")
        outside.page.wait_for_timeout(800)
        if problems := grave(outside.page):
            wrong[path] = problems
        outside.context.close()
    assert wrong == {}
