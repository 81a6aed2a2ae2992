"""What somebody types at the desk outlives a look elsewhere, a reload, a session that ends and a server that restarts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browsing import OUTBOX
from tests.journeys.office import Json, Office
from tests.journeys.station import WITHIN_MS, Station
from views.words import catalogue

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]
NOTE = ".action-form textarea"
ZH = catalogue("zh")


@pytest.fixture
def officer(browser: Browser, office: Office) -> Iterator[Station]:
    """Seat an officer who may load the page anew."""
    station = Station(browser, office, "dispatcher", "/desk")
    yield station
    station.context.close()


def writes(officer: Station, case: Json, text: str) -> None:
    officer.waits_for(case, "NEW")
    officer.select(case)
    officer.opens("add_note")
    officer.page.fill(NOTE, text)


def says(officer: Station, text: str) -> None:
    expect(officer.page.locator(NOTE)).to_have_value(text, timeout=WITHIN_MS)


def signs_in_again(officer: Station, office: Office) -> None:
    """Sign in over the page."""
    dialog = officer.page.locator("dialog.again")
    dialog.locator("[name=username]").fill("dispatcher")
    dialog.locator("[name=password]").fill(office.passwords["dispatcher"])
    dialog.locator("button").click()
    dialog.wait_for(state="detached")


def test_a_note_begun_is_there_again_after_another_case_and_gone_when_it_is_cancelled(
    office: Office, officer: Station
) -> None:
    case, other = office.report("先写一半的案件"), office.report("中途去看的案件")
    writes(officer, case, "已电话联系报警人,")
    officer.waits_for(other, "NEW")
    officer.select(other)
    officer.opens("add_note")
    says(officer, "")
    officer.select(case)
    officer.opens("add_note")
    says(officer, "已电话联系报警人,")
    officer.page.click(f".action-form >> text={ZH['form.cancel']}")
    officer.opens("add_note")
    says(officer, "")


def test_a_form_that_stood_open_is_open_again_after_a_reload(
    office: Office, officer: Station
) -> None:
    case = office.report("写到一半刷新了页面")
    writes(officer, case, "刷新之前写的")
    officer.page.reload()
    says(officer, "刷新之前写的")
    officer.sends()
    officer.page.wait_for_selector(".timeline >> text=刷新之前写的")
    officer.opens("add_note")
    says(officer, "")


def test_a_session_that_ends_is_begun_again_over_the_page_and_nothing_typed_is_lost(
    office: Office, officer: Station
) -> None:
    case = office.report("登录失效时正在填写")
    writes(officer, case, "失效之前写的")
    officer.context.clear_cookies()
    officer.sends()
    dialog = officer.page.locator("dialog.again")
    dialog.wait_for()
    dialog.locator("[name=username]").fill("dispatcher")
    dialog.locator("[name=password]").fill("不对的密码")
    dialog.locator("button").click()
    expect(dialog.locator("[role=alert]")).to_have_text(
        ZH["signin.error.wrong_credentials"], timeout=WITHIN_MS
    )
    signs_in_again(officer, office)
    says(officer, "失效之前写的")
    officer.sends()
    officer.page.wait_for_selector(".timeline >> text=失效之前写的")
    officer.page.wait_for_selector(".standing.is-live")
    assert officer.never_reloaded


def test_a_report_made_without_a_session_waits_and_is_taken_after_signing_in_again(
    office: Office, officer: Station
) -> None:
    text = "登录失效时接到的报警"
    officer.fills(text, "不明井盖")
    lon, lat = office.place()
    officer.page.keyboard.type(f"{lon}, {lat}")
    officer.context.clear_cookies()
    officer.page.keyboard.press("Control+Enter")
    officer.has_left_the_form()
    expect(officer.page.locator(OUTBOX)).to_be_visible(timeout=WITHIN_MS)
    signs_in_again(officer, office)
    officer.page.wait_for_selector(OUTBOX, state="hidden")
    assert len(office.found(text)) == 1
    assert officer.never_reloaded


def test_who_signs_in_in_another_s_place_sees_nothing_of_what_was_typed(
    office: Office, officer: Station
) -> None:
    officer.fills("第一个人写的", "不明井盖")
    officer.context.clear_cookies()
    officer.page.evaluate("() => fetch('/signout', { method: 'POST' })")
    officer.page.reload()
    officer.page.wait_for_selector("#username:focus")
    officer.page.fill("#username", "supervisor")
    officer.page.fill("#password", office.passwords["supervisor"])
    officer.page.press("#password", "Enter")
    officer.ready("desk")
    officer.page.keyboard.press("n")
    text = officer.page.locator(".report-form .field textarea")
    expect(text).to_have_value("", timeout=WITHIN_MS)


def test_a_server_that_restarts_under_an_open_form_takes_it_afterwards(
    office: Office, officer: Station, desk: Station, second: Station, stations: list[Station]
) -> None:
    case = office.report("服务重启时正在填写")
    writes(officer, case, "重启之前写的")
    assert {desk, second} <= set(stations)
    for station in stations:
        station.hush()
    office.console.kill()
    officer.sends()
    notice = officer.page.locator(".action-form .notice:not([hidden])")
    expect(notice).to_have_text(ZH["action.kept"], timeout=WITHIN_MS)
    office.console.start()
    office.waits_for_roads()
    officer.page.wait_for_selector(".standing.is-live")
    says(officer, "重启之前写的")
    officer.sends()
    officer.page.wait_for_selector(".timeline >> text=重启之前写的")
    for station in stations:
        station.page.wait_for_selector(".standing.is-live")
        station.hush()
