"""The pages in a real browser, under the console's own Content-Security-Policy, with an empty console log."""

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browsing import OUTBOX, Seen
from tests.views.serving import Stage, alert, row

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PLACE = ".report-form input.num"
WALLS = [(3840, 1080), (1920, 1080), (6656, 1792)]


def test_the_desk_shows_the_cases_and_says_nothing_on_its_console(
    browser: Browser, stage: Stage
) -> None:
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    seen.page.wait_for_selector(".row .what:has-text('道路积水')")
    assert seen.page.locator(".row:not([hidden])").count() == 3
    assert seen.page.locator(".map .mark").count() == 3
    assert seen.said == []


def test_a_case_that_opens_elsewhere_appears_by_itself(browser: Browser, stage: Stage) -> None:
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    stage.say(2, row(4, priority="P0"))
    seen.page.wait_for_selector(".row.p-P0:not([hidden])")
    seen.page.wait_for_selector(".map .mark.p-P0")
    assert seen.page.locator(".count").inner_text().startswith("4")


def test_the_keyboard_goes_through_the_queue_and_opens_an_action(
    browser: Browser, stage: Stage
) -> None:
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    seen.page.keyboard.press("j")
    seen.page.wait_for_selector(".case-head h2:has-text('道路积水')")
    seen.page.wait_for_selector("[data-action=dispatch]")
    seen.page.keyboard.press("1")
    lead = seen.page.locator(".action-form select").first
    assert lead.input_value() == "drainage"
    assert seen.said == []


def test_actions_laid_open_stay_open_when_the_case_moves_on(browser: Browser, stage: Stage) -> None:
    stage.actions = ["dispatch", "suspend", "extend", "supervise", "add_note", "void", "merge"]
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    seen.page.keyboard.press("j")
    seen.page.click(".case-actions details.more > summary")
    [case] = seen.measured("[document.querySelector('.row[aria-selected=true]').dataset.id]")
    moved = row(int(case[-1]), version=2, priority="P1")
    stage.rows[case] = moved
    stage.say(2, moved)
    seen.page.wait_for_selector(".case-head .p-P1")
    assert seen.page.locator(".case-actions details.more[open]").count() == 1


def test_no_action_of_the_last_case_can_be_pressed_while_the_next_one_is_fetched(
    browser: Browser, stage: Stage
) -> None:
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    seen.page.keyboard.press("j")
    seen.page.wait_for_selector("[data-action=dispatch]")
    seen.page.route("**/api/v1/cases/*", lambda _route: None)
    first = seen.page.locator(".case-head .mono").inner_text()
    seen.page.keyboard.press("j")
    assert seen.page.locator(".case-head .mono").inner_text() != first
    seen.page.keyboard.press("1")
    assert seen.page.locator("[data-action], .action-form").count() == 0


def test_what_people_typed_is_never_taken_for_html(browser: Browser, stage: Stage) -> None:
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    seen.page.keyboard.press("j")
    seen.page.wait_for_selector(".case-text")
    assert "<img src=x" in seen.page.locator(".case-text").inner_text()
    assert seen.page.locator("img[src=x]").count() == 0


def test_escape_shuts_the_sheet_of_keys_and_under_it_nothing_is_done(
    browser: Browser, stage: Stage
) -> None:
    stage.desk.who = may_report(stage)
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    seen.page.keyboard.press("j")
    seen.page.wait_for_selector(".case-head")
    seen.page.keyboard.press("?")
    seen.page.wait_for_selector("dialog[open]")
    seen.page.keyboard.press("n")
    seen.page.keyboard.press("Escape")
    seen.page.wait_for_selector("dialog[open]", state="detached")
    assert seen.page.locator(".case-head").is_visible()
    assert seen.page.locator(".report-form").count() == 0


def fill_report(page: Page) -> None:
    page.keyboard.press("n")
    page.keyboard.type("解放路积水")
    page.keyboard.press("Tab")
    page.keyboard.type("积水")
    page.keyboard.press("Enter")
    page.locator(".report-form input.num").first.fill("119.95, 30.52")
    page.keyboard.press("Control+Enter")


def test_a_report_is_taken_by_keyboard_alone(browser: Browser, stage: Stage) -> None:
    stage.desk.who = may_report(stage)
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    fill_report(seen.page)
    seen.page.wait_for_selector(".case-head")
    [(key, body)] = stage.reports
    assert len(key) > 20
    assert (body["category"], body["lon"], body["text"]) == ("E0506", 119.95, "解放路积水")


def test_a_report_nobody_answered_is_sent_again_under_its_key(
    browser: Browser, stage: Stage
) -> None:
    stage.desk.who = may_report(stage)
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    stage.answering = False
    fill_report(seen.page)
    seen.page.wait_for_selector(OUTBOX + ":not([hidden])")
    while not stage.reports:
        seen.page.wait_for_timeout(20)
    stage.answering = True
    seen.page.wait_for_selector(OUTBOX, state="hidden", timeout=30_000)
    assert len(stage.reports) >= 2
    assert len({key for key, _ in stage.reports}) == 1


def open_place(browser: Browser, stage: Stage) -> Seen:
    stage.desk.who = may_report(stage)
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    seen.page.keyboard.press("n")
    seen.page.locator(PLACE).first.focus()
    return seen


def test_a_place_is_chosen_by_its_name_with_the_keyboard_alone(
    browser: Browser, stage: Stage
) -> None:
    seen = open_place(browser, stage)
    page, keyboard = seen.page, seen.page.keyboard
    keyboard.type("人民")
    page.wait_for_selector(".places:not([hidden]) [data-index='1']")
    assert page.locator(".place-name").first.inner_text() == "<b>人民</b>医院"
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    assert page.locator(PLACE).first.input_value() == "119.96000, 30.53000"
    assert page.locator(".places").is_hidden()
    page.wait_for_timeout(600)  # the map glides there for a quarter of a second
    assert page.evaluate("window.onenetMaps[0].getCenter().lng") == pytest.approx(119.96, abs=1e-3)
    assert [(q, limit) for q, _, _, limit in stage.searches] == [("人民", 8)]
    assert seen.said == []


def test_a_click_on_the_map_says_where_that_is_and_never_over_what_a_person_wrote(
    browser: Browser, stage: Stage
) -> None:
    seen = open_place(browser, stage)
    page, address = seen.page, seen.page.get_by_label("地址")
    page.mouse.click(*bare_spot_of_map(page))
    page.wait_for_selector(
        ".chosen:has-text('武康街道 环城东路 近 <b>医院</b> 120 m · 网格 33052100100103')"
    )
    assert address.input_value() == "武康街道 环城东路 近 <b>医院</b> 120 m"
    address.fill("老磨坊东头")
    page.mouse.click(*bare_spot_of_map(page))
    page.wait_for_timeout(300)
    assert address.input_value() == "老磨坊东头"
    assert seen.said == []


def bare_spot_of_map(page: Page) -> tuple[float, float]:
    box = page.locator(".leaflet-container").first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.3


def test_escape_closes_the_list_and_then_the_form(browser: Browser, stage: Stage) -> None:
    seen = open_place(browser, stage)
    seen.page.keyboard.type("无此地")
    seen.page.wait_for_selector(".places:not([hidden]) .told:has-text('无此地')")
    seen.page.keyboard.press("Escape")
    assert seen.page.locator(".places").is_hidden()
    assert seen.page.locator(PLACE).first.input_value() == "无此地"
    seen.page.keyboard.press("Escape")
    seen.page.wait_for_selector(".report-form", state="detached")


def test_a_search_that_fails_says_so_and_a_position_is_taken_without_any(
    browser: Browser, stage: Stage
) -> None:
    seen = open_place(browser, stage)
    seen.page.keyboard.type("故障")
    seen.page.wait_for_selector(".places .told:has-text('地名索引尚在建立')")
    asked = len(stage.searches)
    seen.page.locator(PLACE).first.fill("")
    seen.page.keyboard.type("119.95, 30.52", delay=20)
    seen.page.wait_for_selector(".map .pin")
    seen.page.wait_for_timeout(300)
    assert len(stage.searches) == asked
    assert seen.page.locator(".places").is_hidden()


def test_tab_leads_from_an_open_list_to_the_next_field(browser: Browser, stage: Stage) -> None:
    stage.desk.who = may_report(stage)
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    seen.page.keyboard.press("n")
    seen.page.keyboard.press("Tab")
    seen.page.wait_for_selector(".options:not([hidden])")
    # As long as every category is in it: only then does the list scroll.
    seen.measured("document.querySelector('.options:not([hidden])').style.maxHeight = '10px'")
    seen.page.keyboard.press("Tab")
    assert seen.measured("document.activeElement.getAttribute('aria-controls')") == "place-options"


def test_enter_chooses_a_category_only_where_something_was_typed(
    browser: Browser, stage: Stage
) -> None:
    stage.desk.who = may_report(stage)
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    keyboard, field = seen.page.keyboard, seen.page.locator(".report-form [role=combobox]").first
    keyboard.press("n")
    keyboard.press("Tab")
    seen.page.wait_for_selector(".options:not([hidden])")
    keyboard.press("Enter")
    assert field.input_value() == ""
    keyboard.type("积水")
    keyboard.press("Enter")
    chosen = field.input_value()
    assert chosen == "道路积水"
    keyboard.press("Shift+Tab")
    keyboard.press("Tab")
    seen.page.wait_for_selector(".options:not([hidden])")
    keyboard.press("Enter")
    assert field.input_value() == chosen


def may_report(stage: Stage) -> Any:
    assert stage.desk.who is not None
    return replace(stage.desk.who, permissions=frozenset({"desk.view", "report.create"}))


@pytest.mark.parametrize(("width", "height"), WALLS)
def test_the_wall_fits_every_screen_without_scrolling(
    browser: Browser, stage: Stage, width: int, height: int
) -> None:
    seen = Seen(browser, stage.address, "/wall", width, height).ready("wall")
    seen.page.wait_for_timeout(800)
    assert seen.measured("document.documentElement.scrollHeight") == height
    assert seen.measured("document.documentElement.scrollWidth") == width
    clipped = """[...document.querySelectorAll('.card, .figures, .newest')]
        .filter((box) => box.scrollHeight > box.clientHeight + 2).map((box) => box.className)"""
    assert seen.measured(clipped) == []
    smallest = """Math.min(...[...document.querySelectorAll('.wall *')]
        .filter((e) => e.offsetHeight && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
        .map((e) => parseFloat(getComputedStyle(e).fontSize))) / innerHeight"""
    assert seen.measured(smallest) >= 0.0169
    assert seen.said == []


def test_a_critical_case_takes_the_wall(browser: Browser, stage: Stage) -> None:
    seen = Seen(browser, stage.address, "/wall").ready("wall")
    assert seen.page.locator("#takeover").is_hidden()
    stage.say(2, row(4, priority="P0", alert=alert()))
    seen.page.wait_for_selector("#takeover:not([hidden]) >> text=道路积水")
    seen.page.wait_for_selector("#takeover >> text=正在呼叫：受理员、派遣员")
    stage.say(3, row(4, priority="P0", state="DISPATCHED", alert=alert()))
    stage.say(4, row(4, priority="P0", state="DISPATCHED", alert=None))
    seen.page.wait_for_selector("#takeover", state="hidden")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900)])
def test_the_sign_in_fits_a_phone_and_a_desk(
    browser: Browser, stage: Stage, width: int, height: int
) -> None:
    seen = Seen(browser, stage.address, "/signin?error=locked&minutes=5", width, height)
    assert seen.measured("document.documentElement.scrollWidth") == width
    assert seen.page.locator("button").bounding_box() is not None
    assert seen.said == []
