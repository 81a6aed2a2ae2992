"""A leader looks how the county is: picks days, compares, opens what is behind a figure, takes it along on paper."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tests.browsing import Seen
from tests.journeys.office import Office
from views.words import catalogue

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

SAY = catalogue("zh")
TABLET = {"width": 820, "height": 1180}
POINTS = """() => {
    let n = 0;
    window.onenetMaps[0].eachLayer((layer) => { n += layer.options.className === 'case-point' ? 1 : 0; });
    return n;
}"""
BEYOND = """() => [...document.querySelectorAll('.summary *')].filter((each) => {
    const box = each.getBoundingClientRect();
    const inside = each.closest('.table-scroll, .table-place, .map, .pages, .who');
    return !inside && each.checkVisibility() && box.width > 0 && box.right > innerWidth + 1;
}).map((each) => each.className || each.tagName)"""
SHOWN = "(found) => found.filter((one) => one.checkVisibility()).map((one) => one.id)"


@contextmanager
def summary_of(browser: Browser, office: Office, user: str) -> Iterator[Page]:
    """Open the page as somebody, and see that its console has nothing to say."""
    seen = Seen(browser, office.console.url, "/signin?next=/summary", 1440, 900)
    page = seen.page
    page.fill("#username", user)
    page.fill("#password", office.passwords[user])
    page.press("#password", "Enter")
    seen.ready("summary")
    yield page
    assert seen.said == []
    seen.context.close()


@pytest.fixture
def summary(browser: Browser, office: Office) -> Iterator[Page]:
    cases = [office.report(f"领导看的井盖 {number}") for number in range(3)]
    office.command(cases[0], "reject", reason="not_true")
    with summary_of(browser, office, "leader") as page:
        yield page


def card(page: Page, name: str) -> str:
    return page.locator("#cards .card", has_text=name).inner_text()


def test_days_are_chosen_and_compared_and_the_address_says_so(summary: Page) -> None:
    with summary.expect_response("**/figures/summary?*range=today*"):
        summary.keyboard.press("1")
    with summary.expect_response("**/figures/summary?*compare=none*"):
        summary.select_option("#span select", "none")
    summary.wait_for_function("() => document.querySelectorAll('#cards .card').length === 8")
    assert SAY["summary.before_none"] not in card(summary, "立案率")
    summary.reload()
    summary.wait_for_selector("#summary-ready", state="attached")
    pressed = summary.locator("[data-range][aria-pressed=true]")
    assert pressed.get_attribute("data-range") == "today"
    assert summary.input_value("#span select >> nth=0") == "none"


def test_behind_a_figure_are_its_cases_listed_and_on_the_map(office: Office, summary: Page) -> None:
    summary.locator("#cards .card", has_text="立案率").click()
    drill = summary.locator("#drill")
    drill.locator(".choice", has_text=SAY["summary.which.counted"]).click()
    drill.locator(".case-list li").first.wait_for()
    assert drill.locator(".facts dd").first.inner_text().strip()
    listed = drill.locator(".case-list li").count()
    assert listed >= 3
    assert summary.evaluate(POINTS) == listed
    number = drill.locator(".case-list a").first.inner_text()
    known = {case["number"] for case in office.get("/cases?limit=500")["items"]}
    assert number in known
    summary.keyboard.press("Escape")
    assert drill.is_hidden()
    assert summary.evaluate(POINTS) == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_fits_a_tablet_and_a_sheet_of_paper(
    office: Office, summary: Page, language: str
) -> None:
    cookie = {"name": "onenet_language", "value": language, "url": office.console.url}
    summary.context.add_cookies([cookie])  # type: ignore[list-item]
    summary.set_viewport_size(TABLET)  # type: ignore[arg-type]
    summary.reload()
    summary.wait_for_selector("#summary-ready", state="attached")
    assert summary.evaluate(BEYOND) == []
    summary.emulate_media(media="print")
    on_paper = summary.eval_on_selector_all("#summary-page > section, #span, #drill", SHOWN)
    assert on_paper == [
        *("warned", "cards", "where", "response", "departments", "vital", "all", "evaluation"),
    ]
    assert summary.pdf(format="A4", landscape=True).count(b"/Type /Page\n") >= 1
    summary.emulate_media(media="screen")


def test_a_call_log_is_looked_through_brought_and_counted_without_leaving_the_page(
    browser: Browser, office: Office
) -> None:
    today = office.get("/figures/summary?range=today")["first"]
    rang = (f"C{n},13800000000,12345,{today} 00:0{n}:00,{today} 00:0{n}:0{n}" for n in range(3))
    log = "\n".join(("流水号,主叫号码,热线,振铃时间,应答时间", *rang, "C9,1,12345,昨天,"))
    with summary_of(browser, office, "supervisor") as page:
        page.click("[data-range=today]")
        answering = page.locator("#response tr", has_text="C01 接听")
        assert SAY["summary.none"] not in answering.inner_text()  # no zero, and no dash: no source
        page.locator("#evaluation summary", has_text=SAY["brought.bring.calls"]).click()
        sheet = {"name": "话单.csv", "mimeType": "text/csv", "buffer": log.encode()}
        page.set_input_files("#import-calls", sheet)  # type: ignore[arg-type]
        page.locator(".import-reasons", has_text=SAY["import.reason.cell_wrong"]).wait_for()
        with page.expect_response("**/figures/summary?*"):
            page.locator("#evaluation .bring[open] .action.main").click()
        page.locator("#response tr", has_text="C01 接听").locator("td").nth(4).filter(has_text="3").wait_for()  # fmt: skip
