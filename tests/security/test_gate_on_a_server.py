"""The gate in front of a real server: what goes over the wire."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn

from security.sessions import COOKIE
from tests.security.house import House

pytestmark = pytest.mark.server


@pytest.fixture
async def port(house: House) -> AsyncIterator[int]:
    config = uvicorn.Config(
        house.gate(), port=0, log_level="warning", server_header=False, proxy_headers=False
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the server offers nothing to wait for
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving


async def talk(port: int, *parts: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for part in parts:
        writer.write(part)
        await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    return answer


async def test_a_chunked_body_is_refused_when_it_grows_too_large(house: House, port: int) -> None:
    key, _ = await house.key("dispatcher")
    head = (
        f"POST /dispatch HTTP/1.1\r\nHost: x\r\nX-API-Key: {key}\r\n"
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    chunk = b"3e8\r\n" + b"x" * 1000 + b"\r\n"
    answer = await talk(port, head.encode(), chunk, chunk, b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"security.body_too_large" in answer


async def test_the_server_does_not_say_what_it_is(port: int) -> None:
    answer = await talk(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert head.startswith(b"http/1.1 200")
    assert b"\r\nserver:" not in head
    assert head.count(b"content-security-policy") == 1


async def test_a_stream_arrives_while_it_is_made(house: House, port: int) -> None:
    await house.person()
    token = (await house.signs_in()).token
    head = f"GET /live HTTP/1.1\r\nHost: x\r\nCookie: {COOKIE}={token}\r\nConnection: close\r\n\r\n"
    made: list[int] = []
    house.apps[-1].state.on_frame = made.append
    answer = await talk(port, head.encode())
    assert made == [0, 1, 2]
    assert answer.partition(b"\r\n\r\n")[2].count(b"data: ") == 3
    assert b"text/event-stream" in answer


async def test_a_socket_is_refused_to_strangers_over_the_wire(port: int) -> None:
    head = (
        b"GET /socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    assert (await talk(port, head)).startswith(b"HTTP/1.1 403")
