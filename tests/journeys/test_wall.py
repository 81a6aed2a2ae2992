"""The wall with nobody at it: a critical case takes it and gives it back, units move, and nothing scrolls."""

import pytest
from playwright.sync_api import Browser

from tests.browsing import Seen
from tests.journeys.office import COVER, Office
from tests.journeys.station import Station, agree

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

VIEW_STAYS_MS = 11_000  # longer than a view stays before it may follow the next case
MIDDLE = "(({ lng, lat }) => [lng, lat])(window.onenetMaps[0].getCenter())"
BOTH_HALVES = """() => {
    const [first, second] = window.onenetMaps.map((map) => [map.getCenter(), map.getZoom()]);
    return second && first[0].distanceTo(second[0]) < 50 && first[1] === second[1]
        && document.querySelectorAll('.second-half .leaflet-tile-loaded').length > 0
        && document.querySelector('.second-half .leaflet-sensors-pane');
}"""
OUTSIDE_ITS_HALF = """() => [...document.querySelectorAll('.second-half .map-over > *, .middle > .map-over > *')]
    .filter((each) => each.checkVisibility())
    .filter((each) => {
        const half = each.closest('.second-half') ?? document.querySelector('.middle > .map');
        const [box, room] = [each.getBoundingClientRect(), half.getBoundingClientRect()];
        return box.left < room.left - 1 || box.right > room.right + 1 || box.bottom > room.bottom + 1;
    }).map((each) => each.className)"""
SIZE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"


def test_a_critical_case_takes_the_wall_until_a_person_has_seen_it(
    office: Office, wall: Station, desk: Station
) -> None:
    assert wall.page.locator("#takeover").is_hidden()
    office.report("路灯不亮")  # the view is about to follow this one when the other takes it
    case = office.report("燃气泄漏", COVER, priority="P0", lane="emergency")
    banner = wall.page.locator("#takeover:not([hidden])")
    banner.wait_for()
    assert "不明井盖" in banner.inner_text()
    middle = wall.page.evaluate(MIDDLE)
    assert middle == pytest.approx([case["lon"], case["lat"]], abs=0.01)
    office.command(case, "dispatch", lead="gas")
    agree(office, [wall, desk])
    wall.page.wait_for_timeout(VIEW_STAYS_MS)
    middle = wall.page.evaluate(MIDDLE)
    assert middle == pytest.approx([case["lon"], case["lat"]], abs=0.01)
    assert banner.is_visible()
    desk.page.keyboard.press("a")
    wall.page.wait_for_selector("#takeover", state="hidden")
    agree(office, [wall, desk])


def test_nothing_of_what_people_wrote_reaches_the_wall(office: Office, wall: Station) -> None:
    office.report("王先生来电13800138000说家门口井盖没了", caller_phone="13800138000")
    agree(office, [wall])
    answer = wall.page.evaluate("async () => await (await fetch('/live/snapshot')).text()")
    assert "王先生" not in answer
    assert "13800138000" not in answer
    assert wall.page.locator("body").inner_text().count("王先生") == 0


def test_a_unit_moves_on_every_map_as_it_is_heard(
    office: Office, desk: Station, wall: Station
) -> None:
    for _ in range(3):
        lon, lat = office.place()
        office.post("/units/fire-01/position", {"lon": lon, "lat": lat})
        for station in (desk, wall):
            station.waits_for_unit("fire-01", lon, lat)


def test_the_wall_has_no_scroll_bars_whatever_happens(office: Office, wall: Station) -> None:
    cases = [office.report(f"井盖 {number}") for number in range(14)]
    wall.page.set_viewport_size({"width": 3840, "height": 1080})
    agree(office, [wall])
    assert wall.measured(SIZE) == [3840, 1080]
    clipped = """[...document.querySelectorAll('.card, .figures, .newest')]
        .filter((box) => box.scrollHeight > box.clientHeight + 2).map((box) => box.className)"""
    assert wall.measured(clipped) == []
    assert len(cases) == wall.open_figure()
    wall.page.set_viewport_size({"width": 1920, "height": 1080})


def test_two_maps_show_the_same_ground_and_scenes_follow_each_other(
    browser: Browser, office: Office
) -> None:
    address = office.console.command("kiosk", "add", "--name", "分屏").splitlines()[-1]
    wall = Seen(browser, office.console.url, f"/kiosk?scene=split#{address.partition('#')[2]}")
    wall.page.wait_for_url("**/wall?scene=split")
    wall.ready("wall")
    wall.page.wait_for_function(BOTH_HALVES)
    for scene in ("sensing", "split"):
        wall.page.click(f"[data-scene={scene}]")
    wall.page.wait_for_function(BOTH_HALVES)
    assert wall.measured(OUTSIDE_ITS_HALF) == []
    wall.page.goto(office.console.url + "/wall?scene=incidents&cycle=10")
    wall.ready("wall")
    wall.page.wait_for_selector(".wall[data-scene=sensing]", timeout=60_000)
    assert "scene=sensing&cycle=10" in wall.page.url
    wall.page.click("[data-scene=overview]")
    wall.page.wait_for_timeout(12_000)
    assert wall.page.url.endswith("/wall?scene=overview")
    assert wall.said == []
    wall.context.close()


def test_a_wall_opens_with_nobody_at_it_and_closes_when_its_token_is_revoked(
    browser: Browser, office: Office
) -> None:
    address = office.console.command("kiosk", "add", "--name", "大厅").splitlines()[-1]
    token = address.partition("#")[2]
    wall = Seen(browser, office.console.url, f"/kiosk?scene=incidents#{token}")
    wall.page.wait_for_url("**/wall?scene=incidents")
    wall.ready("wall")
    assert wall.page.locator(".wall").get_attribute("data-scene") == "incidents"
    assert "onw_" not in wall.measured("window.location.href + document.cookie")
    office.report("井盖", priority="P1")
    wall.page.wait_for_function("() => document.querySelectorAll('.lines li .chip').length > 0")
    for scene in ("sensing", "coverage", "overview"):
        wall.page.click(f"[data-scene={scene}]")
    for path in ("/desk", "/api/v1/cases", "/sensors"):
        status = wall.measured(f"async () => (await fetch('{path}')).status")
        assert (path, status) == (path, 403)
    wall.page.reload()
    wall.ready("wall")
    refused = [line for line in wall.said if "403" not in line]
    assert refused == []
    office.console.command("kiosk", "revoke", token.split("_")[1])
    wall.page.wait_for_url("**/signin?next=%2Fwall%3Fscene%3Doverview", timeout=40_000)
    wall.context.close()
