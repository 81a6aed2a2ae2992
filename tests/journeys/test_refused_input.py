"""What is refused is told where it was typed; nothing is lost, and the right word is taken at once."""

import pytest

from tests.journeys.office import Office
from tests.journeys.station import Station

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

REFUSED = (
    "Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"
)


def test_a_place_outside_the_county_is_told_at_the_place(office: Office, desk: Station) -> None:
    text = "县界以外的报警"
    desk.takes(text, "不明井盖", (121.5, 31.2))
    error = desk.page.locator(".report-form .field:has(input.num) .field-error:not([hidden])").first
    error.wait_for()
    assert "121.5" in error.inner_text()
    assert desk.page.input_value(".report-form .field textarea") == text
    assert office.found(text) == []
    [said] = desk.hush()
    assert said.startswith(REFUSED)

    lon, lat = office.place()
    place = desk.page.locator(".report-form .field:has(.link) input")
    place.fill(f"{lon}, {lat}")
    place.press("Control+Enter")
    desk.has_left_the_form()
    assert len(office.found(text)) == 1


def test_what_is_missing_is_said_before_anybody_is_asked(office: Office, desk: Station) -> None:
    desk.page.keyboard.press("n")
    desk.page.wait_for_selector(".report-form .field textarea:focus")
    desk.page.keyboard.type("只有文字")
    desk.page.keyboard.press("Control+Enter")
    desk.page.wait_for_selector(
        ".report-form .field:has([role=combobox]) .field-error:not([hidden])"
    )
    assert desk.page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("Escape")
    desk.page.wait_for_selector(".report-form", state="detached")
    desk.page.keyboard.press("n")
    assert desk.page.input_value(".report-form .field textarea") == "只有文字"
    desk.page.fill(".report-form .field textarea", "")
    desk.page.keyboard.press("Escape")
    assert office.found("只有文字") == []


def test_a_note_that_is_too_long_is_told_once_beside_it_and_stays_whole(
    office: Office, desk: Station
) -> None:
    text = "备注" * 5000
    case = office.report("备注太长")
    desk.waits_for(case, "NEW")
    desk.select(case)
    desk.opens("add_note")
    desk.page.fill(".action-form textarea", text)
    desk.sends()
    error = desk.page.locator(".action-form .field-error:not([hidden])")
    error.wait_for()
    assert "2000" in error.inner_text()
    assert len(error.inner_text()) < 40  # not what was written, once more
    assert desk.page.locator(".action-form .notice:not([hidden])").count() == 0
    assert desk.page.input_value(".action-form textarea") == text
    [said] = desk.hush()
    assert said.startswith(REFUSED)
    desk.page.click(".action-form .form-foot button[type=button]")
    desk.page.wait_for_selector(".action-form", state="detached")
