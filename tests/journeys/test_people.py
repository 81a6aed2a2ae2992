"""Signing in and out, and who sees what: a department its own cases, nobody anything without a session."""

import pytest
from playwright.sync_api import Browser

from security.sessions import COOKIE
from tests.browsing import Seen
from tests.journeys.office import Office
from tests.journeys.station import Station
from views.words import catalogue

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

FETCHED = """async (path) => {
    const answer = await fetch(path, { headers: { Accept: "application/json" } });
    return [answer.status, await answer.json()];
}"""


def test_a_wrong_password_is_told_and_signing_out_ends_the_session_on_the_server(
    browser: Browser, office: Office
) -> None:
    seen = Seen(browser, office.console.url, "/desk")
    seen.page.wait_for_url("**/signin?next=/desk")
    for password in ("not-this-one", office.passwords["intake"]):
        seen.page.wait_for_selector("#username:focus")
        seen.page.fill("#username", "intake")
        seen.page.fill("#password", password)
        seen.page.press("#password", "Enter")
        if password == "not-this-one":
            seen.page.wait_for_url("**/signin?*error=*")
            told = seen.page.locator(".alert").inner_text()
            assert told == catalogue("zh")["signin.error.wrong_credentials"]
    seen.ready("desk")
    assert seen.page.url == office.console.url + "/desk"
    [kept] = [cookie for cookie in seen.context.cookies() if cookie["name"] == COOKIE]
    assert (kept["httpOnly"], kept["sameSite"]) == (True, "Lax")
    assert seen.page.evaluate("document.cookie").count(COOKIE) == 0

    thief = browser.new_context()
    thief.add_cookies([{"name": COOKIE, "value": kept["value"], "url": office.console.url}])
    asked = f"{office.console.url}/api/v1/cases"
    assert thief.request.get(asked).status == 200
    seen.page.click(".who > summary")
    seen.page.click(f".who .action:has-text('{catalogue('zh')['top.sign_out']}')")
    seen.page.wait_for_url("**/signin")
    assert thief.request.get(asked).status == 401
    assert [cookie["name"] for cookie in seen.context.cookies() if cookie["name"] == COOKIE] == []
    assert seen.said == []
    thief.close()
    seen.context.close()


def test_a_department_sees_its_own_cases_and_no_others(
    office: Office, desk: Station, crew: Station
) -> None:
    own, other = office.report("城管的案件"), office.report("消防的案件")
    for case, lead in ((own, "urban_management"), (other, "fire")):
        filed = office.command(case, "file", condition="01")
        office.command(filed, "dispatch", lead=lead)
    desk.waits_for(other, "DISPATCHED")
    crew.waits_for(own, "DISPATCHED")
    assert set(crew.rows()) == {own["id"]}
    assert len(crew.marks()) == 1
    status, listed = crew.page.evaluate(FETCHED, "/api/v1/cases?open=true")
    assert (status, [row["id"] for row in listed["items"]]) == (200, [own["id"]])
    assert crew.page.evaluate(FETCHED, f"/api/v1/cases/{other['id']}")[0] == 404
    snapshot = crew.page.evaluate(FETCHED, "/live/snapshot")[1]
    assert set(snapshot["rows"]) == {own["id"]}
    assert "消防的案件" not in str(snapshot)
    [said] = crew.hush()
    assert said.endswith(
        f"status of 404 (Not Found) {office.console.url}/api/v1/cases/{other['id']}"
    )
    crew.page.keyboard.press("n")
    crew.page.wait_for_selector(f".toast:has-text('{catalogue('zh')['report.not_permitted']}')")
