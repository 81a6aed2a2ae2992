"""Several hands at one case: a hold that two voices grant, and a department that assists and answers for itself."""

from typing import Any

import pytest

from tests.journeys.office import COVER, Office, until
from tests.journeys.station import Station

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]


def grants(station: Station, case: dict[str, Any]) -> None:
    """Approve what waits, in the panel."""
    station.select(case)
    station.page.click(".approval [data-step=approve]")
    station.page.wait_for_selector(".action-form .hint")
    station.sends()
    station.page.wait_for_selector(".action-form", state="detached")


def held(case: dict[str, Any]) -> str:
    return f"#queue .row[data-id='{case['id']}'] .left.is-held"


def test_a_hold_begins_with_the_second_voice_and_every_clock_stands_still(
    office: Office, desk: Station, second: Station, leader: Station
) -> None:
    case = office.report("井盖等配件", COVER)
    desk.select(case)
    desk.opens("suspend")
    desk.page.wait_for_selector(".action-form .hint:has-text('须经值班长、领导依次批准')")
    desk.page.fill(".action-form input[type=datetime-local]", tomorrow(desk))
    desk.page.fill(".action-form textarea", "等配件到货")
    desk.page.keyboard.press("Control+Enter")
    desk.page.wait_for_selector(".approval:has-text('等配件到货')")
    assert desk.page.locator(".approval [data-step=approve]").count() == 0

    grants(second, case)
    desk.page.wait_for_selector(f".approval:has-text('{office.names['supervisor']} 已批准')")
    assert desk.page.locator(held(case)).count() == 0

    grants(leader, case)
    for station in (desk, second, leader):
        station.page.wait_for_selector(held(case))
        station.page.wait_for_selector(".clock.is-held:has-text('暂停至')")
    assert office.get(f"/cases/{case['id']}")["clock"]["paused"] is True

    desk.does("resume")
    second.page.wait_for_selector(held(case), state="detached")
    second.page.wait_for_selector(".clock.is-running:not(.is-held)")


def tomorrow(station: Station) -> str:
    """Return this time tomorrow as a browser's field takes it."""
    script = """() => {
        const day = new Date(Date.now() + 864e5);
        day.setMinutes(day.getMinutes() - day.getTimezoneOffset());
        return day.toISOString().slice(0, 16);
    }"""
    return str(station.page.evaluate(script))


def test_an_assisting_department_accepts_and_answers_for_its_own_part(
    office: Office, desk: Station, crew: Station
) -> None:
    case = office.report("积水漫过井盖", COVER, lane="emergency")
    desk.select(case)
    office.command(case, "dispatch", lead="drainage", assists=["urban_management"])
    own = ".department[data-department=urban_management]"
    desk.page.wait_for_selector(f"{own}:has-text('待签收')")

    crew.waits_for(case, "DISPATCHED")
    crew.select(case)
    crew.page.wait_for_selector(own)
    assert crew.page.locator(".department[data-department=drainage] [data-step]").count() == 0
    crew.opens_for("urban_management", "accept")
    crew.sends()
    desk.page.wait_for_selector(f"{own}:has-text('已签收')")
    crew.opens_for("urban_management", "clear_assist")
    crew.page.fill(".action-form textarea", "围挡已设好")
    crew.sends()
    desk.page.wait_for_selector(f"{own}.is-done:has-text('围挡已设好')")
    lead = ".department[data-department=drainage]"
    assert "待签收" in desk.page.locator(lead).inner_text()
    parts = {one["department"]: one for one in office.get(f"/cases/{case['id']}")["parts"]}
    assert parts["urban_management"]["note"] == "围挡已设好"
    assert until(lambda: desk.page.locator(f"{lead} .left").inner_text() != "")
