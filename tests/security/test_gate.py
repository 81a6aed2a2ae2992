"""The gate: nothing comes in that no rule lets in."""

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from security.policy import ROLES
from security.sessions import COOKIE
from tests.security.house import ORIGIN, RULES, House, with_session


def test_the_public_is_let_in_where_a_rule_says_so(house: House) -> None:
    assert house.browser().get("/healthz").text == "ok"
    assert house.browser().head("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/who", "/unlisted", "/nowhere", "/dispatch", "/docs", "/"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_strangers_learn_nothing_about_what_exists(house: House, method: str, path: str) -> None:
    answer = house.browser().request(method, path, headers=ORIGIN)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "security.sign_in_needed"
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_what_has_no_rule_is_not_found_even_where_the_app_would_answer(
    signed_in: TestClient,
) -> None:
    for path in (
        "/unlisted",
        "/nowhere",
        "/who/",
        "//who",
        "/x/%2e%2e/who",
        "/tile/1/2",
        "/who\\x",
    ):
        answer = signed_in.get(path)
        assert answer.status_code == 404, path
        assert answer.json()["type"] == "/problems/security.not_found"


def test_a_method_without_a_rule_is_told_which_would_do(signed_in: TestClient) -> None:
    answer = signed_in.delete("/who", headers=ORIGIN)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, POST"


def test_who_is_asking_is_known_behind_the_gate(signed_in: TestClient) -> None:
    told = signed_in.get("/who", headers={"Accept-Language": "en"}).json()
    assert told["language"] == "en"
    assert told["ip"] == "testclient"
    assert len(told["id"]) == 26


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_is_let_in_by_its_permissions_alone(house: House, role: str) -> None:
    department = "fire" if ROLES[role].bound else None
    await house.person("someone", role, department)
    browser = with_session(house, (await house.signs_in("someone")).token)
    for row in RULES:
        if row.permission not in ROLES["supervisor"].permissions or "WEBSOCKET" in row.methods:
            continue
        method = next(iter(row.methods))
        status = browser.request(method, row.pattern, headers=ORIGIN).status_code
        assert (status == 403) == (row.permission not in ROLES[role].permissions), row


async def test_a_refusal_names_the_permission_that_is_missing(house: House) -> None:
    await house.person("audit", "auditor")
    browser = with_session(house, (await house.signs_in("audit")).token)
    told = browser.post("/dispatch", headers=ORIGIN).json()
    assert told["status"] == 403
    assert told["permission"] == "case.dispatch"


async def test_a_key_opens_what_its_roles_permit_by_either_header(house: House) -> None:
    text, _ = await house.key("dispatcher")
    browser = house.browser()
    for headers in ({"Authorization": f"Bearer {text}"}, {"X-API-Key": text}):
        assert browser.post("/dispatch", headers=headers).status_code == 200
        assert browser.get("/who", headers=headers).json()["id"].startswith("key:")


async def test_a_wrong_key_is_refused_even_beside_a_good_session(
    house: House, signed_in: TestClient
) -> None:
    answer = signed_in.get("/who", headers={"X-API-Key": "onk_nonsense"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "security.key_refused"


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://testserver"},
    {"Origin": "http://testserver:8050"},
    {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://testserver", "Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_cookie_changes_nothing_when_another_site_sends_it(
    signed_in: TestClient, headers: dict[str, str]
) -> None:
    answer = signed_in.post("/dispatch", headers=headers)
    assert answer.status_code == 403
    assert answer.json()["code"] == "security.foreign_origin"


@pytest.mark.parametrize("headers", [ORIGIN, {"Sec-Fetch-Site": "same-origin"}])
def test_our_own_pages_may(signed_in: TestClient, headers: dict[str, str]) -> None:
    assert signed_in.post("/dispatch", headers=headers).status_code == 200


def test_another_site_cannot_sign_somebody_in(house: House) -> None:
    answer = house.browser().post("/signin", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_socket_with_a_cookie_is_refused_to_other_sites(
    signed_in: TestClient, headers: dict[str, str]
) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        signed_in.websocket_connect("/socket", headers=headers),
    ):
        pass


def test_a_socket_is_open_to_our_own_pages_and_knows_who_asks(signed_in: TestClient) -> None:
    with signed_in.websocket_connect("/socket", headers=ORIGIN) as socket:
        assert socket.receive_text() == "王强"


async def test_a_key_may_open_a_socket_from_anywhere(house: House) -> None:
    text, _ = await house.key("integrator")
    with house.browser().websocket_connect("/socket", headers={"X-API-Key": text}) as socket:
        assert socket.receive_text() == "水务平台"


@pytest.mark.parametrize("path", ["/socket", "/unlisted-socket", "/_dash-ws", "/who"])
def test_sockets_are_closed_to_strangers(house: House, path: str) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        house.browser().websocket_connect(path, headers=ORIGIN),
    ):
        pass
    assert closed.value.code == 1008


@pytest.mark.parametrize("path", ["/unlisted-socket", "/who", "/live"])
def test_a_socket_without_a_rule_is_closed_to_those_signed_in_too(
    signed_in: TestClient, path: str
) -> None:
    with pytest.raises(WebSocketDisconnect), signed_in.websocket_connect(path, headers=ORIGIN):
        pass


def test_an_odd_cookie_of_another_program_does_not_lock_anybody_out(
    house: House, signed_in: TestClient
) -> None:
    token = signed_in.cookies[COOKIE]
    headers = {"Cookie": f'a[b]="x; {COOKIE}={token}; =; q=,,'}
    assert house.browser().get("/who", headers=headers).status_code == 200
