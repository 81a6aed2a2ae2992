"""Each by their own powers: who takes reports dispatches nobody and signs no shift; who leads supervises, and all see it."""

import pytest
from playwright.sync_api import Browser

from tests.journeys.office import COVER, Office
from tests.journeys.station import Station

SIGNERS = "签字由派遣员或值班长进行"
pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]


def test_who_takes_reports_files_them_and_who_leads_supervises(
    browser: Browser, office: Office, leader: Station
) -> None:
    intake = Station(browser, office, "intake", "/desk")
    intake.takes("学校门口井盖缺失", COVER, office.place())
    intake.has_left_the_form()
    [case] = office.open_cases().values()
    intake.does("file")
    intake.panel_says("FILED")
    offered = intake.page.locator(".case-actions [data-action]")
    names = {button.get_attribute("data-action") for button in offered.all()}
    assert "add_note" in names
    assert not names & {"dispatch", "close", "void", "supervise"}
    intake.page.keyboard.press("s")
    intake.page.wait_for_selector(f".shift-part:has-text('{SIGNERS}')")
    assert intake.page.locator("[data-act=sign]").count() == 0
    intake.page.keyboard.press("Escape")

    leader.select(case)
    leader.opens("supervise")
    leader.page.fill(".action-form textarea", "学校附近,限今天办结")
    leader.page.keyboard.press("Control+Enter")
    for station in (leader, intake):
        station.page.wait_for_selector(f"#queue .row.is-supervised[data-id='{case['id']}']")
    assert office.get(f"/cases/{case['id']}")["case"]["supervised"] is True
    assert intake.hush() == []
    intake.context.close()
