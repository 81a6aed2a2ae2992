"""The three forms: in, out, and in which language."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from starlette.testclient import TestClient

from security.answers import own_path
from security.edge import Edge
from security.sessions import COOKIE
from tests.security.house import ORIGIN, PASSWORD, House


def sign_in(browser: TestClient, user_name: str = "wang", **more: str) -> tuple[int, str, str]:
    form = {"username": user_name, "password": PASSWORD} | more
    answer = browser.post("/signin", data=form, headers=ORIGIN)
    return answer.status_code, answer.headers["location"], answer.headers.get("set-cookie", "")


async def test_signing_in_leads_on_with_a_cookie_no_script_can_read(house: House) -> None:
    await house.person()
    browser = house.browser()
    status, location, cookie = sign_in(browser, next="/desk?case=7")
    assert (status, location) == (303, "/desk?case=7")
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    for part in ("Secure", "Max-Age", "Domain"):
        assert part not in cookie
    assert browser.get("/who").status_code == 200


async def test_over_https_the_cookie_stays_on_https(house: House) -> None:
    await house.person()
    browser = house.browser(Edge(public_origin="http://testserver"))
    assert "Secure" not in sign_in(browser)[2]
    secure = TestClient(house.gate(), base_url="https://testserver", follow_redirects=False)
    form = {"username": "wang", "password": PASSWORD}
    answer = secure.post("/signin", data=form, headers={"Origin": "https://testserver"})
    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("role", "home"),
    [("dispatcher", "/desk"), ("operator", "/wall"), ("leader", "/desk"), ("auditor", "/admin")],
)
async def test_signing_in_leads_each_role_to_its_own_screen(
    house: House, role: str, home: str
) -> None:
    await house.person("wang", role)
    assert sign_in(house.browser())[1] == home


async def test_a_walls_cookie_outlives_its_browser(house: House) -> None:
    await house.person("wall", "operator")
    assert f"Max-Age={30 * 24 * 3600}" in sign_in(house.browser(), "wall")[2]


async def test_a_wrong_password_leads_back_with_a_code_and_the_way_on(house: House) -> None:
    await house.person()
    answer = sign_in(house.browser(), password="wrong", next="/desk")
    assert answer == (303, "/signin?error=wrong_credentials&next=%2Fdesk", "")


async def test_a_locked_name_is_told_for_how_long(house: House) -> None:
    browser = house.browser()
    for _ in range(5):
        sign_in(browser)
    assert sign_in(browser)[1] == "/signin?error=locked&minutes=30"
    house.clock.advance(timedelta(minutes=12, seconds=30))
    assert sign_in(browser)[1] == "/signin?error=locked&minutes=18"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe=1", b"&".join([b"a=1"] * 50), b"{}"])
def test_a_form_that_makes_no_sense_is_a_wrong_password(house: House, body: bytes) -> None:
    answer = house.browser().post("/signin", content=body, headers=ORIGIN)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/signin?error=wrong_credentials"


def test_a_form_as_large_as_a_book_is_refused(house: House) -> None:
    answer = house.browser().post("/signin", content=b"x" * 8193, headers=ORIGIN)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%5Cevil.example",
        "/%2Fevil.example",
        "/\t/evil.example",
        "/x\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "desk",
        "",
    ],
)
async def test_signing_in_never_sends_people_elsewhere(house: House, path: str) -> None:
    await house.person()
    assert sign_in(house.browser(), next=path)[1] == "/desk"


@given(some.text(max_size=40))
def test_a_path_to_lead_to_is_always_plain_and_ours(path: str) -> None:
    led = own_path(path)
    assert led.startswith("/")
    assert not led.startswith("//")
    assert led.isascii()
    assert led.isprintable()
    assert "\\" not in led
    assert own_path(led) in (led, "/")


async def test_signing_out_ends_the_session_at_once_and_takes_the_cookie(house: House) -> None:
    await house.person()
    browser = house.browser()
    sign_in(browser)
    token = browser.cookies[COOKIE]
    answer = browser.post("/signout", headers=ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    stolen = house.browser()
    stolen.cookies.set(COOKIE, token)
    assert stolen.get("/who").status_code == 401
    assert house.browser().post("/signout", headers=ORIGIN).status_code == 303


async def test_another_site_cannot_sign_somebody_out(house: House) -> None:
    await house.person()
    browser = house.browser()
    sign_in(browser)
    assert browser.post("/signout", headers={"Origin": "https://evil.example"}).status_code == 403
    assert browser.get("/who").status_code == 200


async def test_signing_in_over_an_old_session_ends_it(house: House) -> None:
    await house.person()
    browser = house.browser()
    sign_in(browser)
    old = browser.cookies[COOKIE]
    assert browser.get("/who").status_code == 200
    sign_in(browser)
    again = house.browser()
    again.cookies.set(COOKIE, old)
    assert again.get("/who").status_code == 401


def test_the_language_is_kept_for_a_year_and_only_if_we_speak_it(house: House) -> None:
    browser = house.browser()
    answer = browser.post("/language", data={"language": "en", "next": "/wall"}, headers=ORIGIN)
    assert answer.headers["location"] == "/wall"
    assert "onenet_language=en" in answer.headers["set-cookie"]
    other = browser.post("/language", data={"language": "<b>"}, headers=ORIGIN)
    assert "set-cookie" not in other.headers
