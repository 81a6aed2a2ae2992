"""A citizen's minute at 360 px: words, a photo, a tap on the map, a code; and the officer sees it with its picture."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browsing import Seen
from tests.journeys.office import Office, until
from tests.runtime.citizens import a_photo

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]


def test_a_report_from_a_phone_is_followed_by_its_code(
    browser: Browser, office: Office, tmp_path: Path
) -> None:
    photo = tmp_path / "井盖.jpg"
    photo.write_bytes(a_photo())
    address = f"http://127.0.0.1:{office.console.port}"
    seen = Seen(browser, address, "/report", 360, 740)
    page = seen.page
    page.fill("#text", "人行道上的井盖不见了")
    page.set_input_files("#photo", photo)
    page.wait_for_selector("#pictures img")
    page.wait_for_selector("#map img")
    page.locator("#map").click(position={"x": 120, "y": 120})
    assert page.input_value("#lon")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.click(".send")
    page.wait_for_url("**/report/status/**")
    assert "正在核实" in page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    case = office.get("/cases?limit=1")["items"][0]
    assert (case["source"], case["state"]) == ("public", "VERIFYING")
    photos = office.get(f"/cases/{case['id']}")["reports"][0]["photos"]
    assert [each["width"] for each in photos] == [300]
    assert until(lambda: seen.said == [])
    seen.context.close()
