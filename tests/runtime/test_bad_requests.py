"""Somebody asks the real console for what is not there, in ways that cannot be: a sentence each time, and none is a 500."""

import json
import re

import pytest

from tests.console_process import ConsoleProcess
from tests.runtime.wire import Wire

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("no_fault_of_ours")]
CHINESE = re.compile("[一-鿿]")


def test_a_case_that_is_not_there_is_not_found(wire: Wire) -> None:
    for case in ("01KAMZ6Q9Z0000000000000000", "%27%20OR%201=1", "None"):
        assert wire.ask("GET", f"/api/v1/cases/{case}").problem["status"] == 404


@pytest.mark.parametrize(
    "query",
    ["q=" + "x" * 60_000, "q=%00", "limit=-1", "limit=NaN", "limit=%EF%BC%95", "limit=" + "9" * 5000,
     "cursor=garbage", "since=x", "bbox=1", "&&&=", "open=perhaps", "state=NONE"],
    ids=lambda query: query[:12],
)  # fmt: skip
def test_a_filter_that_cannot_be_is_refused(query: str, wire: Wire) -> None:
    answer = wire.ask("GET", f"/api/v1/cases?{query}")
    assert (answer.status, bool(answer.problem["detail"])) == (422, True)


@pytest.mark.parametrize("after", ["-1", "abc", "9" * 30, "9223372036854775808", "%00"])
def test_a_number_no_event_has_is_refused(after: str, wire: Wire) -> None:
    assert wire.ask("GET", f"/api/v1/events?after={after}").problem["status"] == 422


PATHS = (
    "/nonsense", "/api/v1/nonsense", "/api/v1//cases", "//evil.example", "/assets/../app.py", "/assets/..%2fapp.py",
    "/assets/%2e%2e/%2e%2e/app.py", "/assets//etc/passwd", "/assets/%00", "/assets/%ff", "/assets/", "/assets/nothing.css",
    "/tiles/dark/10/../../../app.py", "/tiles/dark/5/1/..%2f1", "/tiles/dark/99/1/1", "/tiles/dark/10/-1/1",
    "/tiles/dark/10/1.5/1", "/tiles/pink/10/1/1", f"/tiles/dark/10/{'9' * 400}/1",
    f"/tiles/dark/10/{'9' * 5000}/1", "/tiles/dark/10/%EF%BC%91/1", "/fonts/nothing.otf",
    "/desk/_dash-component-suites/nosuch/a.js", "/desk/_dash-component-suites/dash/nosuch.js",
    "/desk/_dash-component-suites/dash/..%2f..%2fapp.py", "/live/nothing",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:40])
def test_a_path_that_leads_nowhere_is_not_found_and_leads_nowhere_else(
    path: str, wire: Wire, console: ConsoleProcess
) -> None:
    answer = wire.ask("GET", path)
    assert (answer.status, bool(answer.problem["detail"])) == (404, True)
    assert b"import" not in answer.body
    assert Wire(console.port).ask("GET", path).status in {401, 404}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "POST"])
@pytest.mark.parametrize("path", ["/api/v1/cases", "/desk", "/readyz", "/live/snapshot"])
def test_a_method_that_is_not_taken_is_told_with_those_that_are(
    method: str, path: str, wire: Wire
) -> None:
    answer = wire.ask(method, path)
    assert answer.problem["status"] == 405
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/v1/cases", "/assets/tokens.css"])
def test_head_says_what_get_would_without_its_body(path: str, wire: Wire) -> None:
    head, get = wire.ask("HEAD", path), wire.ask("GET", path)
    assert (head.status, get.status) == (200, 200)
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers["content-length"] == str(len(get.body))


@pytest.mark.parametrize(
    "body",
    [b"{", b"null", b"[]", b'{"output": "x.y", "inputs": []}', b'{"output": 1, "inputs": "x"}'],
)
def test_a_callback_nobody_has_is_not_found(body: bytes, wire: Wire) -> None:
    headers = {"Content_Type": "application/json"}
    answer = wire.ask("POST", "/desk/_dash-update-component", body, **headers)
    assert (answer.status, answer.problem["code"]) == (404, "views.no_callback")


@pytest.mark.parametrize(
    "raw",
    [b"\x16\x03\x01\x02\x00", b"FOO / HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /\x00 HTTP/1.1\r\n\r\n"],
)  # fmt: skip
def test_bytes_that_are_no_http_are_told_so_in_both_languages(raw: bytes, wire: Wire) -> None:
    answer = wire.say(raw)
    assert answer.problem["code"] == "exchange.not_http"
    assert CHINESE.search(answer.problem["detail"])
    assert "no valid HTTP" in answer.problem["detail"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer x"}, {"Authorization": "\xff"}, {"X_API_Key": "x" * 5000}, {"Cookie": "onenet_session=x"}],
    ids=["nothing", "junk", "bytes", "long", "cookie"],
)  # fmt: skip
def test_nobody_gets_in_with_junk(headers: dict[str, str], console: ConsoleProcess) -> None:
    answer = Wire(console.port).ask("GET", "/api/v1/cases", **headers)
    assert answer.problem["status"] == 401


def test_every_line_of_the_log_is_json(console: ConsoleProcess, wire: Wire) -> None:
    wire.say(b"\x16\x03\x01")
    lines = console.log.read_text("utf-8").splitlines()
    started = next(number for number, line in enumerate(lines) if console.url in line)
    assert all(json.loads(line)["level"] for line in lines[started + 1 :])
