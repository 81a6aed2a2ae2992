"""An exercise (演练) is called so on every screen, stands behind what is real, and is in no figure."""

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.office import COVER, Office, until
from tests.journeys.station import WITHIN_MS, Station, agree
from tests.journeys.test_field import UNIT, Phone
from tests.journeys.test_own_work import Person

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

WORD = "演练"
BANNERS = """[...document.querySelectorAll('.alert-banner .alert')]
    .map((line) => [line.classList.contains('is-exercise'), line.dataset.watermark ?? ''])"""
URGENT = """[...document.querySelectorAll('#newest .lines')][0].querySelectorAll('li').length === 2
    && [...[...document.querySelectorAll('#newest .lines')][0].querySelectorAll('li')]
    .map((line) => [line.querySelector('.chip').textContent, line.textContent.includes('演练')])"""
MARK = """getComputedStyle(document.querySelector('.map .mark.is-exercise'), '::after').content"""
WATERMARK = "getComputedStyle(document.querySelector('.task.is-exercise'), '::after').content"
NEWS = """[...document.querySelectorAll('#newest .lines')][1].querySelector('li .flag.is-exercise') !== null"""


def test_an_exercise_is_called_so_on_desk_and_wall_and_never_stands_before_what_is_real(
    office: Office, desk: Station, wall: Station
) -> None:
    drill = office.report("演练燃气泄漏", COVER, priority="P0", lane="emergency", exercise=True)
    real = office.report("井盖缺失", COVER, priority="P1")
    agree(office, [desk])
    assert until(lambda: desk.measured(BANNERS) == [[False, ""], [True, WORD]])
    assert WORD in desk.page.inner_text("#top .flag.is-exercise")
    assert desk.page.inner_text("#queue .count") == "1 起"  # the real one alone
    assert desk.measured(MARK) == '"演"'
    desk.select(drill)
    assert desk.page.get_attribute(".case.is-exercise", "data-watermark") == WORD
    wall.page.wait_for_selector("#takeover:not([hidden]) .alert.is-exercise")
    assert wall.page.get_attribute("#takeover .alert", "data-watermark") == WORD
    assert WORD in wall.page.inner_text("#wall-top .flag.is-exercise")
    assert until(lambda: wall.measured(URGENT) == [["P1", False], ["P0", True]])
    assert wall.measured(NEWS)
    assert wall.open_figure() == 1  # the real one alone
    office.command(drill, "void", reason="演练结束")
    desk.page.wait_for_selector("#top .flag.is-exercise", state="hidden")
    assert until(lambda: desk.measured(BANNERS) == [[False, ""]])
    assert real["id"] in desk.rows()


def test_a_crew_sees_on_its_phone_that_it_is_an_exercise(browser: Browser, office: Office) -> None:
    phone = Phone(browser, office)
    phone.sign_in()
    case = office.report("演练:厂房冒烟", lane="emergency", exercise=True)
    office.command(case, "dispatch", lead="fire", units=[UNIT])
    card = phone.page.locator(".task.is-open.is-exercise")
    expect(card).to_have_attribute("data-watermark", WORD, timeout=WITHIN_MS)
    assert WORD in card.inner_text().splitlines()
    assert phone.page.evaluate(WATERMARK) == f'"{WORD}"'
    assert phone.faults() == []
    phone.context.close()


def test_what_was_an_exercise_is_one_in_the_past_too_and_says_so_across_the_map(
    browser: Browser, office: Office
) -> None:
    office.report("演练:回放", COVER, exercise=True)
    back = Person(browser, office, "supervisor", "/replay")
    back.ready("replay")
    back.page.keyboard.press("End")
    mark = back.page.locator("#middle .watermark")
    expect(mark).to_contain_text(WORD, timeout=WITHIN_MS)
    expect(back.page.locator(".news-line.is-exercise").first).to_be_visible(timeout=WITHIN_MS)
    told, of_map = mark.bounding_box(), back.page.locator("#middle").bounding_box()
    assert told is not None
    assert of_map is not None
    assert told["x"] >= of_map["x"]
    assert told["y"] + told["height"] <= of_map["y"] + of_map["height"]
    assert told["width"] > told["height"]  # a line, or the word across the map
    back.leaves()
