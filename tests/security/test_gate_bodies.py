"""A body is counted as it comes, whatever its announced length says."""

import asyncio
from collections.abc import Iterable

import pytest
from starlette.types import Message, Receive, Scope, Send

from security.gate import Gate
from security.routes import rule
from tests.security.house import House

LIMIT = 1000  # of /dispatch


def scope_of(path: str, key: str, *more: tuple[bytes, bytes]) -> Scope:
    return {
        "type": "http",
        "asgi": {"spec_version": "2.3"},
        "method": "POST",
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"x-api-key", key.encode()), *more],
        "client": ("10.0.0.7", 1),
    }


class Wire:
    """A client that sends chunks and notes how many were taken and what came back."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = list(chunks)
        self.taken = 0
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        if self.taken == len(self._chunks):
            await asyncio.sleep(3600)
        chunk = self._chunks[self.taken]
        self.taken += 1
        more = self.taken < len(self._chunks)
        return {"type": "http.request", "body": chunk, "more_body": more}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        starts = [each for each in self.sent if each["type"] == "http.response.start"]
        assert len(starts) == 1
        return int(starts[0]["status"])


async def post(
    gate: Gate, path: str, key: str, chunks: Iterable[bytes], *more: tuple[bytes, bytes]
) -> Wire:
    wire = Wire(chunks)
    await gate(scope_of(path, key, *more), wire.receive, wire.send)
    return wire


async def test_a_body_at_the_limit_is_taken_whole(house: House) -> None:
    key, _ = await house.key("dispatcher")
    wire = await post(house.gate(), "/dispatch", key, [b"x" * 400, b"x" * 600])
    assert wire.status == 200
    assert wire.sent[-1]["body"] == b'{"taken":1000}'


async def test_one_byte_more_is_refused_in_chunks_too_and_the_rest_is_not_read(
    house: House,
) -> None:
    key, _ = await house.key("dispatcher")
    wire = await post(house.gate(), "/dispatch", key, [b"x" * LIMIT, b"x", *[b"x" * 100] * 50])
    assert wire.status == 413
    assert wire.taken == 2
    assert b"security.body_too_large" in wire.sent[1]["body"]
    assert (b"x-content-type-options", b"nosniff") in wire.sent[0]["headers"]


async def test_a_length_announced_too_large_is_refused_before_a_byte_is_read(
    house: House,
) -> None:
    key, _ = await house.key("dispatcher")
    wire = await post(house.gate(), "/dispatch", key, [b"x"], (b"content-length", b"1001"))
    assert wire.status == 413
    assert wire.taken == 0


async def test_a_length_that_lies_changes_nothing(house: House) -> None:
    key, _ = await house.key("dispatcher")
    wire = await post(
        house.gate(), "/dispatch", key, [b"x" * 600, b"x" * 600], (b"content-length", b"3")
    )
    assert wire.status == 413


@pytest.mark.parametrize("length", [b"-1", b"1e3", b"", b"12,13", "٣".encode()])
async def test_a_length_that_is_no_number_is_refused(house: House, length: bytes) -> None:
    key, _ = await house.key("dispatcher")
    wire = await post(house.gate(), "/dispatch", key, [b"x"], (b"content-length", length))
    assert wire.status == 400


async def test_a_rule_may_allow_more(house: House) -> None:
    key, _ = await house.key("dispatcher")
    assert (await post(house.gate(), "/upload", key, [b"x" * 5000])).status == 200
    assert (await post(house.gate(), "/upload", key, [b"x" * 5001])).status == 413


async def test_strangers_are_refused_before_their_body_is_read(house: House) -> None:
    wire = await post(house.gate(), "/dispatch", "", [b"x" * 10_000])
    assert wire.status == 401
    assert wire.taken == 0


async def test_an_app_that_turns_the_refusal_into_an_answer_of_its_own_is_not_heard(
    house: House,
) -> None:
    async def stubborn(_scope: Scope, receive: Receive, send: Send) -> None:
        try:
            while (await receive())["more_body"]:
                pass
        except OSError:
            await send({"type": "http.response.start", "status": 400, "headers": []})

    key, _ = await house.key("dispatcher")
    gate = Gate(stubborn, [rule("POST", "/x", "case.read", body_limit=10)], house.credentials)
    assert (await post(gate, "/x", key, [b"x" * 8, b"x" * 8, b"x"])).status == 413


async def test_a_failure_of_the_app_itself_is_not_swallowed(house: House) -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise OSError("disk")

    key, _ = await house.key("dispatcher")
    gate = Gate(broken, [rule("POST", "/x", "case.read")], house.credentials)
    with pytest.raises(OSError, match="disk"):
        await post(gate, "/x", key, [b""])


async def test_lifespan_goes_through(house: House) -> None:
    heard: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        heard.append(scope["type"])

    wire = Wire([])
    gate = Gate(app, [], house.credentials)
    await gate({"type": "lifespan"}, wire.receive, wire.send)
    await gate({"type": "quic"}, wire.receive, wire.send)
    assert heard == ["lifespan"]
