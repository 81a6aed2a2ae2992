"""What stays open stays open only as long as the right to it; what keeps a session alive and what does not."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from security.administration import SYSTEM_PRINCIPAL
from security.gate import Gate
from security.principal import acting_as
from security.routes import rule
from security.sessions import COOKIE
from tests.security.house import ORIGIN, House, with_session


async def test_what_a_page_asks_by_itself_keeps_no_person_signed_in(house: House) -> None:
    await house.person()
    browser = with_session(house, (await house.signs_in()).token)
    for _ in range(3):
        house.clock.advance(timedelta(minutes=4))
        assert browser.get("/background").status_code == 200
    house.clock.advance(timedelta(minutes=4))
    assert browser.get("/background").status_code == 401


async def test_what_a_person_asks_keeps_them_signed_in(house: House) -> None:
    await house.person()
    browser = with_session(house, (await house.signs_in()).token)
    for _ in range(5):
        house.clock.advance(timedelta(minutes=14))
        assert browser.get("/who").status_code == 200


async def test_a_wall_that_refreshes_itself_stays_for_weeks(house: House) -> None:
    await house.person("wall", "operator")
    browser = with_session(house, (await house.signs_in("wall")).token)
    for _ in range(70):
        house.clock.advance(timedelta(hours=10))
        assert browser.get("/background").status_code == 200
    house.clock.advance(timedelta(hours=20))
    assert browser.get("/background").status_code == 401


async def test_a_stream_goes_through_frame_by_frame(house: House) -> None:
    await house.person()
    frames: list[bytes] = []

    def on_frame(number: int) -> None:
        assert len(frames) == number  # each frame is out before the next is made

    sent = await a_stream(house, (await house.signs_in()).token, frames, on_frame)
    assert frames == [b"data: 0\n\n", b"data: 1\n\n", b"data: 2\n\n"]
    assert sent[0]["status"] == 200
    assert (b"cache-control", b"no-store") in sent[0]["headers"]


async def test_an_open_stream_ends_within_seconds_of_its_session(house: House) -> None:
    await house.person()
    signed_in = await house.signs_in()
    frames: list[bytes] = []

    def on_frame(number: int) -> None:
        if number == 1:
            house.journal.write_blocking(
                lambda transaction: house.people_on(transaction.connection).drop_session(
                    signed_in.session.hash
                )
            )
            house.clock.advance(timedelta(seconds=15))

    sent = await a_stream(house, signed_in.token, frames, on_frame)
    assert frames == [b"data: 0\n\n"]
    assert sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}


async def test_an_open_stream_keeps_nobody_signed_in(house: House) -> None:
    await house.person()
    frames: list[bytes] = []

    def on_frame(_number: int) -> None:
        house.clock.advance(timedelta(minutes=7, seconds=30))

    await a_stream(house, (await house.signs_in()).token, frames, on_frame)
    assert frames == [b"data: 0\n\n"]


async def never() -> Message:
    await asyncio.sleep(3600)
    return {"type": "http.disconnect"}


async def a_stream(
    house: House, token: str, frames: list[bytes], on_frame: Callable[[int], None]
) -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and message["body"]:
            frames.append(message["body"])

    scope = {
        "type": "http",
        "asgi": {"spec_version": "2.3"},
        "method": "GET",
        "scheme": "http",
        "path": "/live",
        "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"cookie", f"{COOKIE}={token}".encode())],
        "client": ("10.0.0.7", 1),
    }
    gate = house.gate()
    house.apps[-1].state.on_frame = on_frame
    await gate(scope, never, send)
    return sent


def test_a_socket_that_sends_more_than_it_may_is_closed(house: House) -> None:
    rules = [rule("WEBSOCKET", "/echo", None, body_limit=10)]
    gate = Gate(Starlette(routes=[WebSocketRoute("/echo", _repeat)]), rules, house.credentials)
    with TestClient(gate).websocket_connect("/echo") as socket:
        socket.send_text("0123456789")
        assert socket.receive_text() == "0123456789"
        socket.send_text("县" * 4)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
    assert closed.value.code == 1009


async def _repeat(socket: WebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(text)


async def test_an_open_socket_ends_within_seconds_of_its_account(house: House) -> None:
    account = await house.person()
    token = (await house.signs_in()).token
    rules = [rule("WEBSOCKET", "/echo", "live.listen")]
    app = Starlette(routes=[WebSocketRoute("/echo", _repeat)])
    browser = TestClient(Gate(app, rules, house.credentials, ticks=house.clock.ticks))
    browser.cookies.set(COOKIE, token)
    with browser.websocket_connect("/echo", headers=ORIGIN) as socket:
        socket.send_text("1")
        assert socket.receive_text() == "1"
        with acting_as(SYSTEM_PRINCIPAL):
            await house.administration.disable(account.id)
        house.clock.advance(timedelta(seconds=15))
        socket.send_text("2")
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
    assert closed.value.code == 1008
