"""Who goes, at the desk: where a unit has been of late."""

from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.office import Office
from tests.journeys.station import Station
from vocabulary.clock import SystemClock, to_text

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

ENGINE = "fire-01"
CLICK = """(id) => window.onenetMaps[0].eachLayer((layer) => { if (layer.unit?.id === id) layer.fire('click'); })"""


def test_a_units_track_shows_its_gap_and_what_came_late(office: Office, desk: Station) -> None:
    now, (lon, lat) = SystemClock().now(), office.center
    minutes_ago = [50, 49, 48, 1, 0]
    items: list[dict[str, Any]] = [
        {
            "unit_id": ENGINE,
            "lon": round(lon + n * 0.001, 5),
            "lat": lat,
            "observed_at": to_text(now - timedelta(minutes=ago)),
        }
        for n, ago in enumerate(minutes_ago)
    ]
    office.post("/positions", {"items": items})
    desk.waits_for_unit(ENGINE, items[-1]["lon"], lat)
    desk.page.evaluate(CLICK, ENGINE)
    desk.page.wait_for_selector(".unit-card:not([hidden])")
    desk.page.click(".unit-card [data-hours='1']")
    desk.page.wait_for_selector(".unit-card [role=status]:has-text('1 处中断')")
    told = desk.page.inner_text(".unit-card [role=status]")
    assert "3 个迟到" in told or "4 个迟到" in told, told  # a slow minute makes the fourth late
    assert desk.page.locator("path.track.is-gap").count() == 1
    desk.page.evaluate("() => document.activeElement.blur()")
    desk.page.keyboard.press("Escape")
    desk.page.wait_for_selector(".unit-card", state="hidden")
    assert desk.page.locator("path.track").count() == 0
