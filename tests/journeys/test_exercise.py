"""An exercise (演练) is called so on every screen, stands behind what is real, and is in no figure."""

import pytest

from tests.journeys.office import COVER, Office, until
from tests.journeys.station import Station, agree

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

WORD = "演练"
BANNERS = """[...document.querySelectorAll('.alert-banner .alert')]
    .map((line) => [line.classList.contains('is-exercise'), line.dataset.watermark ?? ''])"""
URGENT = """[...document.querySelectorAll('#newest .lines')][0].querySelectorAll('li').length === 2
    && [...[...document.querySelectorAll('#newest .lines')][0].querySelectorAll('li')]
    .map((line) => [line.querySelector('.chip').textContent, line.textContent.includes('演练')])"""
MARK = """getComputedStyle(document.querySelector('.map .mark.is-exercise'), '::after').content"""
NEWS = """[...document.querySelectorAll('#newest .lines')][1].querySelector('li .flag.is-exercise') !== null"""


def test_an_exercise_is_called_so_on_desk_and_wall_and_never_stands_before_what_is_real(
    office: Office, desk: Station, wall: Station
) -> None:
    drill = office.report("演练燃气泄漏", COVER, priority="P0", lane="emergency", exercise=True)
    real = office.report("井盖缺失", COVER, priority="P1")
    agree(office, [desk])
    assert until(lambda: desk.measured(BANNERS) == [[False, ""], [True, WORD]])
    assert WORD in desk.page.inner_text("#top .flag.is-exercise")
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
