"""Two officers act on one case at once: the second is told who did what and when, and loses nothing of what was typed."""

import re

import pytest

from tests.journeys.office import Office
from tests.journeys.station import Station

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

CLOCK = r"\d\d:\d\d:\d\d"


def test_the_second_is_told_who_did_what_when_and_what_was_typed_is_kept(
    office: Office, desk: Station, second: Station
) -> None:
    case = office.report("同一案件两人处理")
    second.waits_for(case, "NEW")
    second.select(case)
    second.opens("add_note")
    second.page.fill(".action-form textarea", "已电话联系报警人")
    desk.waits_for(case, "NEW")
    desk.select(case)
    desk.does("file")
    second.waits_for(case, "FILED")
    second.sends()
    notice = second.page.locator(".action-form .notice:not([hidden])")
    notice.wait_for()
    told = notice.inner_text()
    assert re.search(rf"{office.names['dispatcher']}.*{CLOCK}.*立案", told), told
    assert second.page.input_value(".action-form textarea") == "已电话联系报警人"
    second.sends()
    second.page.wait_for_selector(".action-form", state="detached")
    second.page.wait_for_selector(".timeline >> text=已电话联系报警人")
    assert second.hush() == [CONFLICT.format(office.console.url, case["id"])]


def test_an_action_somebody_else_did_first_keeps_what_was_typed_and_says_who_did_it(
    office: Office, desk: Station, second: Station
) -> None:
    case = office.report("两人同时不予立案")
    for officer in (desk, second):
        officer.waits_for(case, "NEW")
        officer.select(case)
        officer.opens("reject")
        officer.page.fill(".action-form textarea", f"{officer.user}: 不属于本县")
    desk.sends()
    desk.page.wait_for_selector(".action-form", state="detached")
    second.panel_says("REJECTED")
    notice = second.page.locator(".action-form .notice:not([hidden])")
    notice.wait_for()
    told = notice.inner_text()
    assert re.search(rf"{office.names['dispatcher']}.*{CLOCK}.*不予立案", told), told
    assert second.page.input_value(".action-form textarea") == "supervisor: 不属于本县"
    assert second.page.locator(".action-form button[type=submit]").is_disabled()
    second.page.click(".action-form .form-foot button[type=button]")
    second.page.wait_for_selector(".action-form", state="detached")


CONFLICT = (
    "Failed to load resource: the server responded with a status of 409 (Conflict) "
    "{}/api/v1/cases/{}/commands"
)
