"""Many reports of one thing: a second caller's joins the case found while it is typed; a flood is merged and ended in bulk."""

from typing import Any

import pytest

from tests.journeys.office import COVER, Office, until
from tests.journeys.station import Station, agree

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]
FLOOD = 40


def test_the_second_callers_report_is_put_to_the_case_found_while_typing(
    office: Office, desk: Station, second: Station
) -> None:
    lon, lat = office.place()
    case = office.report("云桥东头人行道井盖没了", COVER, lon=lon, lat=lat)
    second.waits_for(case, "NEW")
    desk.fills("云桥东头井盖没了,有人绊倒", "不明井盖")
    page, keyboard = desk.page, desk.page.keyboard
    keyboard.type(f"{lon + 0.0002:.5f}, {lat}")
    page.wait_for_selector(f".likely-row[data-case='{case['id']}'] .likely-why:has-text('同小类')")
    keyboard.press("Alt+ArrowDown")
    page.wait_for_selector(".likely-row:focus")
    keyboard.press("Enter")
    page.wait_for_selector(f".attached:has-text('{case['number']}')")
    keyboard.press("Enter")
    desk.has_left_the_form()
    assert until(lambda: office.open_cases()[case["id"]]["reports"] == 2)
    assert list(office.open_cases()) == [case["id"]]
    page.wait_for_selector(f".case-head:has-text('{case['number']}')")
    agree(office, [desk, second])


def in_bulk(station: Station, command: str, *, grave: bool = False) -> None:
    """Do one command to what is picked, as its form stands."""
    page = station.page
    button = page.locator(f"[data-bulk={command}]")
    if not button.is_visible():
        page.click(".bulk-bar details.more > summary")
    button.click()
    page.wait_for_selector(".bulk-form")
    if grave:
        page.locator(".second-look input").check()
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".bulk-results")
    assert page.locator(".bulk-tally .is-late").count() == 0, page.inner_text(".bulk-results")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")


def flood(office: Office) -> list[dict[str, Any]]:
    lon, lat = office.place()
    return [
        office.report(f"大雨后下穿通道积水 {n}", "E0506", lon=round(lon + n * 0.0001, 5), lat=lat)
        for n in range(FLOOD)
    ]


def states(office: Office, cases: list[dict[str, Any]]) -> set[str]:
    return {office.get(f"/cases/{each['id']}")["case"]["state"] for each in cases}


def test_a_flood_of_reports_is_merged_into_one_case_and_taken_back_and_merged_again(
    office: Office, desk: Station, second: Station
) -> None:
    cases = flood(office)
    page = desk.page
    page.wait_for_selector(f".count:has-text('{FLOOD} 起')")
    page.keyboard.press("Shift+KeyA")
    page.wait_for_selector(f".bulk-head b:has-text('{FLOOD}')")
    in_bulk(desk, "merge", grave=True)
    assert until(lambda: len(office.open_cases()) == 1)
    [master] = office.open_cases().values()
    assert master["reports"] == FLOOD
    agree(office, [desk, second])

    desk.select(master)
    page.wait_for_selector(".duplicates .is-joined [data-part]")
    page.click(".duplicates .is-joined [data-part] >> nth=0")
    assert until(lambda: len(office.open_cases()) == 2)
    agree(office, [desk, second])
    page.keyboard.press("Shift+KeyA")
    in_bulk(desk, "merge", grave=True)
    assert until(lambda: len(office.open_cases()) == 1)
    assert states(office, cases) == {"NEW", "MERGED"}


def test_a_double_click_merges_once_and_u_parts_the_two_again(
    office: Office, desk: Station
) -> None:
    lon, lat = office.place()
    first, second = (
        office.report("井盖缺失在学校门口", lon=lon, lat=lat + n * 0.0001) for n in range(2)
    )
    desk.waits_for(second, "NEW")
    desk.select(second)
    desk.page.dblclick(f".duplicates [data-merge='{first['id']}']")
    desk.page.wait_for_selector(".undo-bar:not([hidden])")
    assert states(office, [first, second]) == {"NEW", "MERGED"}
    assert desk.hush() == []  # nothing was asked a second time, so nothing was refused
    desk.page.keyboard.press("u")
    assert until(lambda: states(office, [first, second]) == {"NEW"})
    desk.page.wait_for_selector(".undo-bar", state="hidden")


def test_many_cases_are_refused_in_bulk_and_leave_every_screen(
    office: Office, desk: Station, second: Station, stations: list[Station]
) -> None:
    cases = [office.report(f"误报 {n}", COVER) for n in range(6)]
    desk.page.wait_for_selector(".count:has-text('6 起')")
    desk.page.keyboard.press("Shift+KeyA")
    in_bulk(desk, "reject", grave=True)
    assert until(lambda: office.open_cases() == {})
    assert states(office, cases) == {"REJECTED"}
    agree(office, stations)
