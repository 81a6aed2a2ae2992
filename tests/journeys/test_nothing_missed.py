"""Nothing missed: a critical case that nobody acknowledges reaches more people by itself, until one person has seen it."""

import pytest

from tests.journeys.office import COVER, Office, until
from tests.journeys.station import Station

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

BANNER = "#alerts:not([hidden]) .alert[data-id='{}']"
KINDS = ("alert_offered", "acknowledgement_missed", "alert_escalated", "alert_acknowledged")


def test_a_critical_case_nobody_acknowledges_reaches_the_supervisor_who_does(
    office: Office, desk: Station, second: Station, wall: Station
) -> None:
    case = office.report("化工厂冒烟,有人晕倒", COVER, priority="P0", lane="emergency")
    banner = BANNER.format(case["id"])
    desk.page.wait_for_selector(f"{banner}:has-text('正在呼叫：受理员、派遣员')")
    wall.page.wait_for_selector("#takeover:not([hidden])")
    assert second.page.locator(banner).count() == 0

    second.page.wait_for_selector(f"{banner}:has-text('第 1 级')")
    desk.page.wait_for_selector(f"{banner}:has-text('值班长')")
    assert "逾时未响应" in wall.page.locator("#takeover").inner_text()

    second.page.keyboard.press("a")
    for station in (desk, second):
        station.page.wait_for_selector("#alerts", state="hidden")
    wall.page.wait_for_selector("#takeover", state="hidden")
    second.page.wait_for_selector(f".case-head:has-text('{case['number']}')")
    second.page.wait_for_selector(".timeline:has-text('已响应')")

    told = [entry["kind"] for entry in office.get(f"/cases/{case['id']}")["timeline"]]
    wanted = [f"incidents.{kind}.v1" for kind in KINDS]
    assert [kind for kind in told if kind in wanted] == wanted
    alert = next(one for one in office.get("/alerts")["items"] if one["case_id"] == case["id"])
    assert (alert["step"], alert["missed"], alert["implied"]) == (1, True, False)
    assert alert["latency_s"] >= 30
    missed = wall.page.locator(".acknowledged div:has-text('逾时') dd")
    assert until(lambda: missed.count() == 1 and int(missed.inner_text()) >= 1)


def test_who_acts_on_a_case_has_seen_it(office: Office, desk: Station, second: Station) -> None:
    case = office.report("路面塌陷", COVER, priority="P1", lane="emergency")
    desk.page.wait_for_selector(BANNER.format(case["id"]))
    desk.select(case)
    desk.page.wait_for_selector(".notice.is-alert:has-text('待响应')")
    desk.does("dispatch")
    desk.page.wait_for_selector("#alerts", state="hidden")
    desk.page.wait_for_selector(".notice.is-alert", state="detached")
    desk.page.wait_for_selector(".timeline:has-text('以处置代响应')")
    second.waits_for(case, "DISPATCHED")
