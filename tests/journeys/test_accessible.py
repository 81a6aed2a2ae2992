"""Every page is for everybody: axe finds nothing serious, and nothing is cut off at 200 %, in both languages."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from tests.browsing import Seen
from tests.journeys.office import Office
from vocabulary.clock import SystemClock

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

GRAVE = ("serious", "critical")
# A desk at 1920×1080 whose browser zooms to 200 % (WCAG 1.4.4): half as many CSS pixels.
ZOOMED = {"width": 960, "height": 540}
CUT = """() => {
    const root = document.documentElement, found = [];
    if (root.scrollWidth > root.clientWidth) found.push(`the page scrolls sideways: ${root.scrollWidth}`);
    for (const control of document.querySelectorAll('header button, header a, header summary, header h1')) {
        if (!control.checkVisibility({ visibilityProperty: true })) continue;
        const box = control.getBoundingClientRect();
        const shut = control.closest('details:not([open])');
        if (shut && control.tagName !== 'SUMMARY') continue;
        if (!box.width || (box.left > -2 && box.right < root.clientWidth + 2)) continue;
        found.push(`cut off: ${control.textContent || control.title}`);
    }
    return found;
}"""
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


def cut(page: Page) -> list[str]:
    """Return what is cut off or needs scrolling sideways when the browser zooms to 200 %."""
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    page.wait_for_timeout(300)
    found: list[str] = page.evaluate(CUT)
    page.set_viewport_size({"width": 1920, "height": 1080})
    return found


def pushed_out(page: Page) -> list[str]:
    """Return the wall's clock where a warning's line pushes it over the edge of a screen of 4:3."""
    page.set_viewport_size({"width": 1280, "height": 960})
    page.wait_for_timeout(300)
    right = page.locator("#wall-top .now").evaluate(
        "(clock) => clock.getBoundingClientRect().right"
    )
    page.set_viewport_size({"width": 1920, "height": 1080})
    return [f"the clock ends at {right} of 1280"] if right > 1280 else []


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
        if problems := grave(page) + cut(page):
            wrong[path] = problems
    for path in ("/signin", "/report"):
        outside = Seen(browser, office.console.url, f"{path}?lang={language}")
        outside.page.wait_for_timeout(800)
        if problems := grave(outside.page) + cut(outside.page):
            wrong[path] = problems
        outside.context.close()
    assert wrong == {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_warning_in_force_and_its_sheet_shut_nobody_out(
    browser: Browser, office: Office, signed_in: dict[str, Seen], language: str
) -> None:
    until_at = (SystemClock().now() + timedelta(hours=2)).isoformat()
    told = {"hazard": "rainstorm", "colour": "yellow", "expires_at": until_at}
    warning = office.post("/warnings/by-hand", told)["warning"]
    wrong: dict[str, list[str]] = {}
    for who, path, ready in (PAGES[1], PAGES[2], PAGES[0]):
        page = page_of(signed_in, browser, office, who)
        cookie = {"name": "onenet_language", "value": language, "url": office.console.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto(office.console.url + path)
        page.wait_for_selector(f"#{ready}-ready", state="attached")
        page.wait_for_selector(".warning-sign.is-yellow")
        wrong[path] = grave(page) + cut(page)
        if path == "/wall":
            wrong["clock"] = pushed_out(page)
    page = page_of(signed_in, browser, office, PAGES[0][0])
    page.keyboard.press("y")
    page.wait_for_selector(f"[data-warning='{warning['id']}']")
    wrong["list"] = grave(page)
    page.click("[data-act=enter]")
    page.wait_for_selector(".warning-towns input")
    wrong["form"] = grave(page)
    office.post(f"/warnings/{warning['id']}/cancel", {"reason": "journey over"})
    assert {place: problems for place, problems in wrong.items() if problems} == {}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_looked_at_on_a_phone_does_not_scroll_sideways(
    browser: Browser, office: Office, signed_in: dict[str, Seen], language: str
) -> None:
    wide: dict[str, int] = {}
    for who, path, ready in (PAGES[2], PAGES[5], PAGES[6]):
        page = page_of(signed_in, browser, office, who)
        cookie = {"name": "onenet_language", "value": language, "url": office.console.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(office.console.url + path)
        page.wait_for_selector(f"#{ready}-ready", state="attached")
        page.wait_for_timeout(300)
        width = page.evaluate("document.documentElement.scrollWidth")
        page.set_viewport_size({"width": 1920, "height": 1080})
        if width > 390:
            wide[path] = width
    assert wide == {}
