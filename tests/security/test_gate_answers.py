"""What the gate answers, and how every answer is dressed."""

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from security.edge import Edge
from security.gate import Gate, current
from security.routes import rule
from tests.security.house import ORIGIN, House, with_session

HTML = {"Accept": "text/html,application/xhtml+xml"}


def test_a_problem_speaks_the_readers_language(signed_in: TestClient) -> None:
    told = signed_in.get("/nowhere", headers={"Accept-Language": "en-GB,en;q=0.9"}).json()
    assert told["detail"].startswith("There is nothing at /nowhere")
    assert told["title"] == "Not Found"
    assert told["status"] == 404
    chinese = signed_in.get("/nowhere", headers={"Accept-Language": "fr"}).json()
    assert chinese["detail"].startswith("没有这个地址")


def test_the_language_chosen_on_the_page_goes_before_the_browsers(house: House) -> None:
    headers = {"Cookie": "onenet_language=en", "Accept-Language": "zh-CN"}
    assert "sign in" in house.browser().get("/who", headers=headers).json()["detail"]


def test_a_page_leads_to_signing_in_and_back(house: House) -> None:
    answer = house.browser().get("/desk?case=1&x=%2F%2Fevil", headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/signin?next=/desk%3Fcase%3D1%26x%3D%252F%252Fevil"
    assert answer.headers["cache-control"] == "no-store"
    assert house.browser().post("/who", headers=HTML | ORIGIN).status_code == 401


async def test_a_page_that_is_not_theirs_says_so_in_their_language_and_leads_back(
    house: House,
) -> None:
    await house.person("sun", "auditor")
    browser = with_session(house, (await house.signs_in("sun")).token)
    answer = browser.get("/tile/3", headers=HTML)
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert "查看地图" in answer.text
    assert "see the map" not in answer.text
    assert 'href="/"' in answer.text
    problem = browser.get("/tile/3", headers={"Accept-Language": "en"}).json()
    assert problem["code"] == "security.forbidden"
    assert "see the map" in problem["detail"]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_page_that_is_not_there_is_told_on_a_page_in_the_chosen_theme(
    signed_in: TestClient, theme: str
) -> None:
    signed_in.cookies.set("onenet_theme", theme)
    answer = signed_in.get("/nowhere", headers=HTML | {"Accept-Language": "en"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is nothing at /nowhere" in answer.text
    assert f'data-theme="{theme}"' in answer.text


@pytest.mark.parametrize("path", ["/healthz", "/who", "/nowhere"])
def test_every_answer_is_dressed(signed_in: TestClient, path: str) -> None:
    headers = signed_in.get(path).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self' 'sha256-abc='" in policy
    assert "unsafe-eval" not in policy
    assert policy.count("unsafe-inline") == 1
    for part in ("frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"):
        assert part in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "geolocation=(self)" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers
    assert "server" not in headers
    assert len(headers["x-request-id"]) == 26


def test_request_ids_differ(signed_in: TestClient) -> None:
    made = {signed_in.get("/who").headers["x-request-id"] for _ in range(3)}
    assert len(made) == 3


def test_https_alone_promises_https(house: House) -> None:
    browser = house.browser(Edge(public_origin="https://county.example"))
    assert "max-age" in browser.get("/healthz").headers["strict-transport-security"]


def test_only_what_a_rule_calls_cacheable_is_cached(signed_in: TestClient) -> None:
    assert signed_in.get("/healthz").headers["cache-control"] == "no-store"
    assert signed_in.get("/who").headers["cache-control"] == "no-store"
    assert signed_in.get("/tile/3").headers["cache-control"] == "public"


@pytest.mark.parametrize(
    ("forwarded", "proxies", "ip"),
    [
        ("6.6.6.6", (), "10.1.1.1"),
        ("6.6.6.6, 10.9.9.9", ("10.1.0.0/16",), "10.9.9.9"),
        ("6.6.6.6, 10.9.9.9, 10.1.2.2", ("10.1.0.0/16",), "10.9.9.9"),
        ("", ("10.1.0.0/16",), "10.1.1.1"),
    ],
)
async def test_a_forwarded_address_is_believed_from_trusted_proxies_alone(
    house: House, forwarded: str, proxies: tuple[str, ...], ip: str
) -> None:
    text, _ = await house.key("integrator")
    browser = TestClient(house.gate(Edge(trusted_proxies=proxies)), client=("10.1.1.1", 5))
    headers = {"X-API-Key": text, "X-Forwarded-For": forwarded}
    assert browser.get("/who", headers=headers).json()["ip"] == ip


def test_behind_a_trusted_proxy_https_is_believed(house: House) -> None:
    headers = {"X-Forwarded-Proto": "https"}
    trusting = TestClient(house.gate(Edge(trusted_proxies=("127.0.0.1",))), client=("127.0.0.1", 5))
    assert "strict-transport-security" in trusting.get("/healthz", headers=headers).headers
    plain = house.browser().get("/healthz", headers=headers)
    assert "strict-transport-security" not in plain.headers


def test_while_the_store_is_away_the_public_is_served_and_others_are_told_to_come_back(
    house: House, signed_in: TestClient
) -> None:
    house.journal.write_blocking(
        lambda transaction: transaction.connection.exec_driver_sql("DROP TABLE sessions")
    )
    assert signed_in.get("/healthz").status_code == 200
    answer = signed_in.get("/who")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "2"


async def test_a_refusal_from_behind_the_gate_is_told_in_the_same_shape(house: House) -> None:
    async def refusing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        current().need("case.close")

    text, _ = await house.key("integrator")
    gate = Gate(refusing, [rule("GET", "/x", "case.read")], house.credentials)
    answer = TestClient(gate).get("/x", headers={"X-API-Key": text})
    assert answer.status_code == 403
    assert answer.json()["permission"] == "case.close"
    assert "x-request-id" in answer.headers
