"""A shift at the desk: a step taken back, a record taken along, the hand-over signed by both, a layout that stays."""

import io

import pytest
from pypdf import PdfReader

from tests.journeys.office import Office
from tests.journeys.station import Station

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]
UNDO = ".undo-bar:not([hidden])"


def lowers(desk: Station, priority: str) -> None:
    desk.opens("change_priority")
    desk.page.locator(".action-form select").first.select_option(priority)
    desk.page.fill(".action-form textarea", "看错级别")
    desk.sends()
    desk.page.wait_for_selector(UNDO)


def test_a_step_is_taken_back_unless_somebody_was_faster(office: Office, desk: Station) -> None:
    case = office.report("井盖缺失")
    desk.select(case)
    lowers(desk, "P3")
    desk.page.keyboard.press("u")
    desk.page.wait_for_selector(".toast:has-text('已撤销')")
    assert office.get(f"/cases/{case['id']}")["case"]["priority"] == case["priority"]

    lowers(desk, "P4")
    version = office.get(f"/cases/{case['id']}")["case"]["version"]
    note = {"name": "add_note", "version": version, "arguments": {"text": "另有人在办"}}
    office.post(f"/cases/{case['id']}/commands", note)
    desk.page.click(f"{UNDO} button")
    desk.page.wait_for_selector(".toast:has-text('没有撤销')")
    assert office.get(f"/cases/{case['id']}")["case"]["priority"] == "P4"
    [said] = desk.hush()  # the browser's own word for the 409
    assert "409" in said


def test_a_shift_is_handed_over_from_one_desk_to_the_other(
    office: Office, desk: Station, second: Station
) -> None:
    case = office.report("下穿隧道积水", "E0506")
    desk.page.keyboard.press("s")
    desk.page.fill(".shift-part textarea", "泵车 02:30 到")
    note = desk.page.locator(f"tr:has-text('{case['number']}') input")
    note.fill("盯住水位")
    desk.page.keyboard.press("Escape")
    desk.page.wait_for_selector(".sheet.shift:not([open])", state="attached")
    desk.page.keyboard.press("s")
    desk.page.wait_for_selector(".shift-rows")
    assert note.input_value() == "盯住水位"  # what was written outlives a closed sheet
    for _ in "12":  # pressed twice: the first only says how many cases go
        desk.page.click("[data-act=sign]")
    desk.page.wait_for_selector(".shift-waiting:has-text('待接班人签收')")
    desk.page.keyboard.press("Escape")

    # Who comes is told at once, without asking.
    second.page.wait_for_selector(f".toast:has-text('{office.names['dispatcher']}')")
    second.page.wait_for_selector(".badge:has-text('待您签收')")
    second.page.keyboard.press("s")
    second.page.click(".shift-waiting .main")
    second.page.wait_for_selector("td:has-text('盯住水位')")
    second.page.fill(".shift-part textarea", "清楚")
    second.page.click("[data-act=countersign]")
    line = f"{office.names['dispatcher']} → {office.names['supervisor']}"
    history = second.page.locator(f".shift-history li.is-done:has-text('{line}')")
    with second.page.expect_download() as saved:
        history.locator("text=打印").click()
    paper = PdfReader(io.BytesIO(saved.value.path().read_bytes()))
    text = "".join(page.extract_text() for page in paper.pages)
    assert "盯住水位" in text
    assert "清楚" in text
    second.page.keyboard.press("Escape")


def test_a_record_is_taken_along_and_the_layout_stays(office: Office, desk: Station) -> None:
    case = office.report("井盖缺失")
    desk.select(case)
    desk.page.keyboard.press("e")
    with desk.page.expect_download() as saved:
        desk.page.click("[data-form=pdf]")
    assert saved.value.suggested_filename == f"{case['number']}.pdf"

    wide = "() => document.querySelector('#queue').offsetWidth"
    desk.page.focus(".splitter.is-queue")
    desk.page.keyboard.press("ArrowRight")
    assert desk.measured(wide) == 456
    kept = desk.measured(
        "() => Object.keys(localStorage).filter((n) => n.startsWith('onenet.layout'))"
    )
    assert len(kept) == 1
    desk.page.evaluate("() => document.activeElement.blur()")
    desk.page.keyboard.press("w")
    assert desk.measured(wide) == 440
