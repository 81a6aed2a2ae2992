"""The duty officer's journey: a call becomes a case, goes its way on every screen, through a killed server, and ends."""

from typing import Any

import pytest

from tests.browsing import OUTBOX
from tests.journeys.office import Office
from tests.journeys.station import Station, agree, outage

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]


def test_a_call_goes_its_way_on_every_screen_and_through_a_killed_server(
    office: Office,
    desk: Station,
    second: Station,
    wall: Station,
    crew: Station,
    stations: list[Station],
) -> None:
    screens = [desk, second, wall]
    text = "人民路井盖不见了,有人绊倒"
    desk.takes(text, "不明井盖", office.place())
    desk.has_left_the_form()
    case = office.the(text)
    agree(office, screens)
    wall.page.wait_for_selector("#newest >> text=不明井盖")
    file_and_dispatch(case, desk, second)
    crew.waits_for(case, "DISPATCHED")
    agree(office, screens)

    with outage(office, stations):
        assert not office.answers()

    crew.select(case)
    for action, state in (("accept", "ACCEPTED"), ("arrive", "ON_SCENE"), ("resolve", "RESOLVED")):
        crew.does(action)
        for officer in (desk, second):
            officer.waits_for(case, state)
        agree(office, screens)
    desk.does("close")
    for station in stations:
        station.waits_until_gone(case)
    agree(office, stations)
    assert office.open_cases() == {}
    assert office.the(text)["state"] == "CLOSED"


def file_and_dispatch(case: dict[str, Any], desk: Station, watcher: Station) -> None:
    """File by the keyboard, dispatch by the button; somebody else watches both, in the list and in the panel."""
    desk.page.wait_for_selector("[data-action=file]")
    desk.page.keyboard.press("1")
    desk.page.wait_for_selector(".action-form select:focus")
    desk.page.keyboard.press("Enter")
    watcher.waits_for(case, "FILED")
    watcher.select(case)
    desk.does("dispatch")
    watcher.waits_for(case, "DISPATCHED")
    watcher.panel_says("DISPATCHED")


def test_a_place_is_found_by_its_initials_and_the_case_stands_there(
    office: Office, desk: Station, second: Station
) -> None:
    text = "按地名接警"
    desk.fills(text, "不明井盖")
    desk.page.keyboard.type("qyjd")
    desk.page.wait_for_selector(".places:not([hidden]) [data-index='0'] >> text=青云街道")
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.press("Control+Enter")
    desk.has_left_the_form()
    case = office.the(text)
    assert case["town"] == "青云街道"
    second.waits_for(case, "NEW")


def test_a_report_taken_while_the_server_is_dead_is_kept_and_taken_once(
    office: Office, desk: Station, stations: list[Station]
) -> None:
    text = "服务器停了也要接警"
    with outage(office, stations):
        desk.takes(text, "不明井盖", office.place())
        desk.page.wait_for_selector(OUTBOX + ":not([hidden])")
    desk.page.wait_for_selector(OUTBOX, state="hidden")
    assert len(office.found(text)) == 1
    agree(office, stations)
