"""The sweep: everything the real console offers is asked for without signing in, and again as who may do least."""

from collections.abc import Iterable, Iterator

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from runtime.console import Console
from runtime.first_start import prepare_county
from runtime.settings import read_settings
from runtime.web import build_app
from security.gate import Gate
from security.kiosks import WALL_ASKS
from security.policy import ROLES
from security.routes import SIGNED_IN, WEBSOCKET, rule
from security.sessions import COOKIE
from tests import sample_county
from tests.security.sweeping import (
    EVERY_METHOD,
    Door,
    House,
    every_door,
    every_path,
    filled,
    key_of,
    kiosk_of,
    server_of,
    shut,
    without_rule,
)
from views.page import PAGE_PERMISSIONS
from views.permission import CALLBACK_PERMISSIONS
from vocabulary.clock import SystemClock

pytestmark = [pytest.mark.server, pytest.mark.slow]

# All that a stranger is answered, each by name.
PUBLIC = {
    "/healthz": "GET HEAD",
    "/readyz": "GET HEAD",
    "/signin": "GET HEAD POST",
    "/signout": "POST",
    "/language": "POST",
    "/kiosk": "GET HEAD POST",
    "/assets/kiosk.mjs": "GET HEAD",
    "/assets/tokens.css": "GET HEAD",
    "/assets/signin.css": "GET HEAD",
    "/assets/favicon.svg": "GET HEAD",
    "/fonts/NotoSansSC.otf": "GET HEAD",
    "/assets/field-192.png": "GET HEAD",
    "/assets/field-512.png": "GET HEAD",
    "/field/worker.js": "GET HEAD",
    "/field/manifest.webmanifest": "GET HEAD",
    "/assets/report.css": "GET HEAD",
    "/assets/report.mjs": "GET HEAD",
    "/assets/report_map.mjs": "GET HEAD",
    "/report": "GET HEAD POST",
    "/report/places": "GET HEAD",
    "/report/status": "GET HEAD",
    "/report/status/x": "GET HEAD",
    "/report/tiles/x/x/x": "GET HEAD",
}
# What is public and, asked with nothing or nonsense in hand, says so.
SAYS_NO = {
    Door("POST", "/kiosk"): 422,
    Door("POST", "/report"): 422,
    **{Door(method, "/report/status/x"): 404 for method in ("GET", "HEAD")},
    **{Door(method, "/report/tiles/x/x/x"): 404 for method in ("GET", "HEAD")},
}
SHUT = shut()
# All that the role which may do least may do; and where a service asks for more than the door does.
MAY = ROLES["auditor"].permissions
WALL_MAY = ROLES["operator"].permissions
NARROWER = {"/api/v1/admin/accounts": "account.manage"}
TRICKS = (
    *("/desk/", "//desk", "/./desk", "/desk/.", "/DESK", "/desk%2f", "/desk;x=/assets/signin.css"),
    *("/assets/../desk", "/assets/signin.css/../../desk", "/assets/%2e%2e/views/desk.py"),
    *("/signin/../desk", "/signin/x", "/healthz/", "/healthz/../api/v1/cases", "/fonts/x"),
    *("/tiles/dark/1/1/1.png/", "/api/v1/", "/api/v2/cases", "/openapi.json", "/docs", "/_dash-layout"),
)  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("sweep")
    sample_county.put_into(home)
    settings = read_settings({}, home=str(home))
    console = Console(settings, prepare_county(settings, lambda _line: None), SystemClock())
    try:
        gate = build_app(console)
        assert isinstance(gate, Gate)
        with TestClient(gate, follow_redirects=False) as client:
            portal = client.portal
            assert portal is not None
            keys = [portal.call(key_of, console, role) for role in ("auditor", "supervisor")]
            yield House(gate, console, client, *({"X-API-Key": key} for key in keys))
    finally:
        console.close()


def public(paths: Iterable[str]) -> set[Door]:
    return {Door(method, path) for path in paths for method in PUBLIC.get(path, "").split()}


def answered(client: TestClient, paths: Iterable[str]) -> set[Door]:
    """Return the doors at which a stranger is not told to sign in, over HTTP with every method."""
    return {
        Door(method, path)
        for path in paths
        for method in EVERY_METHOD
        if client.request(method, path).status_code != 401
    }


def opened(client: TestClient, path: str, headers: dict[str, str]) -> bool:
    """Say whether a socket opens at the path."""
    try:
        with client.websocket_connect(path, headers=headers):
            return True
    except WebSocketDisconnect as closed:
        return closed.code != 1008


# --- a stranger ---


def test_a_stranger_is_answered_only_what_is_public_by_name(house: House) -> None:
    paths = house.paths
    assert len(paths) > 80
    assert answered(house.client, paths) == public(PUBLIC)


def test_what_is_public_is_answered(house: House) -> None:
    codes = {door: house.client.request(door.method, door.path).status_code for door in public(PUBLIC)}  # fmt: skip
    assert {door: code for door, code in codes.items() if code not in (200, 303)} == SAYS_NO


def test_a_stranger_who_asks_for_a_page_is_led_to_the_sign_in(house: House) -> None:
    for path in set(house.paths) - set(PUBLIC):
        answer = house.client.get(path, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.headers["location"][:7]) == (303, "/signin"), path


def test_no_socket_opens_for_a_stranger(house: House) -> None:
    assert [path for path in house.paths if opened(house.client, path, {})] == []


def test_a_made_up_key_or_session_is_a_stranger(house: House) -> None:
    made_up = (
        {"Authorization": "Bearer x"},
        {"Authorization": "Bearer onk_00000000_" + "0" * 43},
        {"X-API-Key": "x"},
        {"Cookie": f"{COOKIE}={'0' * 43}"},
        {"X-Forwarded-For": "127.0.0.1", "Cookie": f"{COOKIE}="},
    )
    for headers in made_up:
        for path in set(every_path(house.gate)) - set(PUBLIC):
            assert house.client.get(path, headers=headers).status_code == 401, (path, headers)


def test_a_path_written_oddly_is_no_way_round(house: House) -> None:
    assert {path: house.client.get(path).status_code for path in TRICKS} == dict.fromkeys(
        TRICKS, 401
    )


# --- who may do least ---


def test_the_auditor_is_refused_whatever_the_role_does_not_permit(house: House) -> None:
    for rule_ in house.gate.table.rules:
        for method in rule_.methods - {WEBSOCKET}:
            answer = house.client.request(method, filled(rule_.pattern), headers=house.auditor)
            refused = answer.status_code == 403
            needed = NARROWER.get(rule_.pattern, rule_.permission)
            assert refused == (needed not in (None, SIGNED_IN, *MAY)), (rule_, answer)
            if refused and method != "HEAD":
                assert answer.json()["code"] == "security.forbidden"
                assert answer.json()["permission"] == needed


def test_what_has_no_rule_is_not_there_for_anybody(house: House) -> None:
    for path in house.paths:
        for method in EVERY_METHOD:
            if house.gate.table.find(method, path).rule is None:
                for who in (house.auditor, house.officer):
                    code = house.client.request(method, path, headers=who).status_code
                    assert code in (404, 405), (method, path)


def test_no_socket_opens_for_the_auditor(house: House) -> None:
    assert [path for path in house.paths if opened(house.client, path, house.auditor)] == []


# --- a wall that nobody signed in at ---


def test_a_kiosk_opens_the_wall_and_what_the_wall_asks_and_nothing_else(house: House) -> None:
    portal = house.client.portal
    assert portal is not None
    token = portal.call(kiosk_of, house.console)
    opened = house.client.post("/kiosk", data={"token": token})
    assert (opened.status_code, opened.content) == (204, b"")
    for rule_ in house.gate.table.rules:
        for method in rule_.methods - {WEBSOCKET}:
            if rule_.permission is None or rule_.pattern == "/live":
                continue
            headers = {"Origin": "http://testserver"}
            answer = house.client.request(method, filled(rule_.pattern), headers=headers)
            asked = rule_.pattern in WALL_ASKS and rule_.permission in (SIGNED_IN, *WALL_MAY)
            assert (answer.status_code == 403) == (not asked), (method, rule_.pattern, answer)
    house.client.cookies.clear()


def test_all_that_the_wall_asks_is_there(house: House) -> None:
    assert {rule_.pattern for rule_ in house.gate.table.rules} >= WALL_ASKS


# --- the table ---


def test_every_route_has_a_rule_and_every_rule_a_route(house: House) -> None:
    assert {door.path for door in without_rule(house.gate)} == SHUT
    doors = every_door(house.gate)
    unreached = [
        rule_.pattern
        for rule_ in house.gate.table.rules
        if not any(house.gate.table.find(door.method, door.path).rule is rule_ for door in doors)
    ]
    assert unreached == []


def test_every_callback_carries_a_permission(house: House) -> None:
    for page in PAGE_PERMISSIONS:
        told = house.client.get(f"{page}/_dash-dependencies", headers=house.officer)
        assert told.status_code == 200
        outputs = {callback["output"] for callback in told.json()}
        assert outputs - set(CALLBACK_PERMISSIONS) == set()


# --- that the sweep bites ---


async def _answer(_request: Request) -> Response:
    return PlainTextResponse("here")


async def _accept(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


@pytest.fixture
def forgotten(house: House) -> Iterator[House]:
    """Give the console two routes that nobody wrote a rule for."""
    routes = server_of(house.gate).router.routes
    added = [Route("/forgotten/{id}", _answer), WebSocketRoute("/forgotten-socket", _accept)]
    routes[:0] = added
    yield house
    for route in added:
        routes.remove(route)


def test_a_new_route_without_a_rule_is_found_and_stays_shut(forgotten: House) -> None:
    found = {door for door in without_rule(forgotten.gate) if door.path not in SHUT}
    assert found == {
        Door("GET", "/forgotten/x"),
        Door("HEAD", "/forgotten/x"),
        Door(WEBSOCKET, "/forgotten-socket"),
    }
    assert answered(forgotten.client, ["/forgotten/x", "/forgotten-socket"]) == set()
    assert not opened(forgotten.client, "/forgotten-socket", forgotten.officer)


def test_a_rule_that_lets_everybody_in_is_found(forgotten: House) -> None:
    careless = [rule("GET", "/forgotten/{id}", None), rule(WEBSOCKET, "/forgotten-socket", None)]
    gate = Gate(server_of(forgotten.gate), careless, forgotten.gate._credentials)
    client = TestClient(gate, follow_redirects=False)
    doors = {Door("GET", "/forgotten/x"), Door("HEAD", "/forgotten/x")}
    assert answered(client, ["/forgotten/x", "/forgotten-socket"]) == doors
    assert opened(client, "/forgotten-socket", {})


def test_a_route_of_an_unknown_kind_stops_the_sweep(house: House) -> None:
    server = server_of(house.gate)
    server.mount("/foreign", house.gate)
    try:
        with pytest.raises(TypeError, match="cannot look into"):
            every_door(house.gate)
    finally:
        del server.router.routes[-1]
