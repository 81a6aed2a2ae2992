"""A road under water: one officer closes it with a click, all see it at once with its end, and it is opened again."""

from typing import Any

import pytest

from tests.journeys.office import Office, until
from tests.journeys.station import Station

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

SPOT = """([lon, lat]) => {
    const map = window.onenetMaps[0];
    map.setView([lat, lon], 17, { animate: false });
    const { x, y } = map.latLngToContainerPoint([lat, lon]);
    const { left, top } = map.getContainer().getBoundingClientRect();
    return [left + x, top + y];
}"""


def a_road(office: Office) -> dict[str, Any]:
    lon, lat = office.center
    for step in range(40):
        status, found = office.console.get(
            f"/api/v1/roads/nearest?lon={lon + step * 5e-4}&lat={lat}", office.key
        )
        if status == 200 and found["length_m"] > 80:
            return dict(found)
    raise AssertionError("no road near the middle of the county")


def labels(station: Station) -> list[str]:
    # Far out labels are hidden, and hidden text is no inner text.
    return station.page.locator(".closure-label").all_text_contents()


def test_a_closed_road_is_on_every_screen_until_it_is_opened(
    office: Office, desk: Station, second: Station, wall: Station
) -> None:
    assert until(lambda: office.console.get("/api/v1/travel?lon=0&lat=0", office.key)[0] != 503)
    line = a_road(office)["line"]["coordinates"]
    first, then = line[len(line) // 2 - 1 : len(line) // 2 + 1]
    middle = [(first[0] + then[0]) / 2, (first[1] + then[1]) / 2]
    desk.page.keyboard.press("b")
    desk.page.wait_for_selector(".closing:not([hidden]) .chosen")
    x, y = desk.page.evaluate(SPOT, middle)
    desk.page.mouse.click(x, y)
    desk.page.wait_for_selector(".closing button[type=submit]:not([disabled])")
    desk.page.locator('.closing [data-field="note"] input').fill("桥下积水 40 厘米")
    desk.page.click(".closing button[type=submit]")
    desk.page.wait_for_selector(".closing", state="hidden")
    for station in (desk, second, wall):
        assert until(lambda s=station: len(labels(s)) == 1), station.user  # type: ignore[misc]
        assert labels(station)[0].startswith("积水 · 至 ")
        station.page.wait_for_selector(".closure.stretch.is-closed", state="attached")
    [closure] = office.get("/closures")["items"]
    assert (closure["closed_by"], closure["note"]) == (
        office.names["dispatcher"],
        "桥下积水 40 厘米",
    )

    second.page.keyboard.press("b")
    button = second.page.locator(f"[data-closure='{closure['id']}'] button")
    button.click()
    button.click()
    for station in (desk, second, wall):
        assert until(lambda s=station: labels(s) == []), station.user  # type: ignore[misc]
    second.page.keyboard.press("Escape")
    [ended] = office.get("/closures?ended=true")["items"]
    assert (ended["ended_by"], ended["by_time"]) == (office.names["supervisor"], False)


def test_the_open_case_shows_what_reaches_it_in_time_and_each_unit_s_minutes(
    office: Office, desk: Station
) -> None:
    case = office.report("路面塌陷需要等时圈")
    desk.waits_for(case, "NEW")
    desk.select(case)
    desk.page.keyboard.press("i")
    desk.page.wait_for_selector("path.reach-5", state="attached")
    assert desk.page.locator("path.reach").count() == 3
    desk.page.keyboard.press("i")
    desk.page.wait_for_selector("path.reach", state="detached")
    desk.does("file")
    desk.waits_for(case, "FILED")
    desk.opens("dispatch")
    desk.page.wait_for_selector(".unit-list .road-time:has-text('分')")
    desk.page.keyboard.press("Escape")


def test_a_circle_is_closed_round_a_case_by_pressing_its_mark(
    office: Office, desk: Station
) -> None:
    case = office.report("桥面塌陷,四周封路")
    desk.waits_for(case, "NEW")
    desk.page.keyboard.press("b")
    desk.page.select_option(".closing [data-field=shape] select", "circle")
    x, y = desk.page.evaluate(SPOT, [case["lon"], case["lat"]])
    desk.page.mouse.click(x, y)
    desk.page.wait_for_selector(".closing button[type=submit]:not([disabled])")
    selected = f"#queue .row[data-id='{case['id']}'][aria-selected=true]"
    assert desk.page.locator(selected).count() == 0  # the place was meant, not the case there
    desk.page.locator(".closing .form-foot button[type=button]").click()
    desk.page.wait_for_selector(".closing", state="hidden")
