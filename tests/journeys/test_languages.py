"""The desk in both languages: switched by a key, and nothing of the other one left but what people and the county are called."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.office import COVER, Office
from tests.journeys.station import Station
from views.words import catalogue

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

SOUGHT = "qtz"
CHINESE = re.compile(r"[\u3400-\u9fff\uff01-\uff5e]")
VISIBLE = """() => {
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.data.trim();
        if (text && walker.currentNode.parentElement.checkVisibility()) found.add(text);
    }
    for (const element of document.body.querySelectorAll('*')) {
        if (!element.checkVisibility()) continue;
        for (const name of ['title', 'placeholder', 'aria-label', 'alt']) {
            const text = element.getAttribute(name)?.trim();
            if (text) found.add(text);
        }
    }
    return [...found];
}"""


def surfaces(station: Station) -> Iterator[str]:
    """Yield every text of the desk with each of its surfaces open in turn."""
    page = station.page
    yield from page.evaluate(VISIBLE)
    page.keyboard.press("j")
    page.wait_for_selector(".timeline .entry")
    yield from page.evaluate(VISIBLE)
    for action in page.locator(".case-actions [data-action]").evaluate_all(
        "(all) => all.map((button) => button.dataset.action)"
    ):
        if action == "acknowledge":  # done by its press: it asks for nothing
            continue
        station.opens(action)
        yield from page.evaluate(VISIBLE)
        leave(station, ".action-form")
    page.click(".who > summary")
    page.click(".legend > summary")
    page.keyboard.press("/")
    page.wait_for_selector(".bar .options:not([hidden])")
    yield from page.evaluate(VISIBLE)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    yield from page.evaluate(VISIBLE)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_selector(".report-form textarea:focus")
    page.keyboard.press("Tab")
    page.wait_for_selector(".report-form .options:not([hidden])")
    yield from page.evaluate(VISIBLE)
    page.keyboard.press("Tab")
    page.keyboard.type(SOUGHT)
    page.wait_for_selector(".places:not([hidden]) [data-index]")
    yield from page.evaluate(VISIBLE)


def names(office: Office, case: dict[str, str]) -> set[str]:
    """Return what has one name in every language: people, places, units, and what people wrote."""
    units = {unit["name"] for unit in office.get("/units")["items"]}
    found = office.get(f"/search?q={SOUGHT}&limit=20")["items"]
    places = {name for one in found for name in (one["name"], one["town"])}
    county = office.get("/county")["attribution"]
    return {
        case["text"],
        case["town"],
        case["address"],
        case["address"].rpartition(" 近 ")[2],  # the queue writes a place in two parts
        county,
        *places,
        *units,
        *office.names.values(),
    }


def test_the_desk_speaks_one_language_at_a_time(browser: Browser, office: Office) -> None:
    case = office.report("井盖缺失", COVER)
    office.command(case, "file", condition="01")
    station = Station(browser, office, "supervisor", "/desk")
    zh, en = catalogue("zh"), catalogue("en")
    station.page.keyboard.press("l")
    station.page.wait_for_selector("html[lang=en] #desk-ready", state="attached")
    given = names(office, case)
    left = {text for text in surfaces(station) if CHINESE.search(text)}
    untranslated = {text for text in left if not any(name in text for name in given if name)}
    assert untranslated == {en["top.other_language"]}
    leave(station, ".report-form")
    station.page.click(f"text={en['top.other_language']}")
    station.page.wait_for_selector("html[lang=zh-CN] #desk-ready", state="attached")
    english = {text for key, text in en.items() if text != zh[key] and len(text) > 1}
    assert set(surfaces(station)) & english == {zh["top.other_language"]}
    assert station.hush() == []
    station.context.close()


def leave(station: Station, form: str) -> None:
    """Leave a form by the keyboard: where a list of it is open, the first Escape shuts only that."""
    if station.page.locator(f"{form} .options:not([hidden])").count():
        station.page.keyboard.press("Escape")
    station.page.keyboard.press("Escape")
    station.page.wait_for_selector(form, state="detached")
