"""A conversation that was let in: its body is counted, its answer gets the headers, and it ends when the right to it ends."""

import time
from collections.abc import Callable
from typing import Final

from starlette.types import Message, Receive, Send

from security.answers import Headers, refusal
from security.credentials import Right
from security.edge import Visit
from security.routes import Rule
from vocabulary.errors import Refused

# A stream may stay open for weeks: whether its listener may still hear is asked this often, and whenever a right ended.
LOOK_AGAIN_S: Final = 15.0
POLICY_VIOLATION: Final = 1008  # RFC 6455
TOO_BIG: Final = 1009
_REPLACED: Final = frozenset({b"server", b"x-powered-by", b"cache-control"})


class Ended(OSError):
    """The conversation is over; servers raise OSError too when the other side has gone."""


class Conversation:
    """Stands between the server and the console for one request or socket."""

    def __init__(
        self,
        visit: Visit,
        rule: Rule,
        headers: Headers,
        channel: tuple[Receive, Send],
        right: Right | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.over = False
        self.started = False
        self._visit, self._rule, self._headers = visit, rule, headers
        self._receive, self._send = channel
        self._right, self._ticks = right, ticks
        self._looked_at, self._changes = ticks(), right.changes if right else 0
        self._taken = 0

    async def receive(self) -> Message:
        """Hand on what comes in, until it is more than the rule allows; what Content-Length claimed does not matter."""
        message = await self._receive()
        if message["type"] == "websocket.receive":
            size = len(message.get("bytes") or (message.get("text") or "").encode())
            if size > self._rule.body_limit:
                await self._end(TOO_BIG)
            if right := self._to_ask():
                await self._look_again(right)
        elif message["type"] == "http.request":
            self._taken += len(message.get("body", b""))
            if self._taken > self._rule.body_limit:
                await self._refuse_body()
        return message

    async def send(self, message: Message) -> None:
        """Hand on what goes out, with the headers; nothing more once the conversation is over."""
        if self.over:
            raise Ended
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            self.started = True
            message = {**message, "headers": self._dressed(message.get("headers", []))}
        elif message.get("more_body", True) and (right := self._to_ask()):  # a stream or a socket
            await self._look_again(right)
        await self._send(message)

    def _dressed(self, given: Headers) -> Headers:
        given = [(bytes(name).lower(), bytes(value)) for name, value in given]
        ours = {name for name, _ in self._headers}
        kept = [pair for pair in given if pair[0] not in ours and pair[0] not in _REPLACED]
        cache = [pair for pair in given if pair[0] == b"cache-control" and self._rule.cacheable]
        return [*kept, *(cache[:1] or [(b"cache-control", b"no-store")]), *self._headers]

    async def _refuse_body(self) -> None:
        if not self.started:
            self.started = True
            failure = Refused("security.body_too_large", limit=self._rule.body_limit)
            await refusal(self._visit, failure).send(self._send, self._headers)
        self.over = True
        raise Ended

    def _to_ask(self) -> Right | None:
        # Before every frame to every screen: the right, where it is time to ask whether it holds.
        right = self._right
        if right is None:
            return None
        due = right.changes != self._changes or self._ticks() - self._looked_at >= LOOK_AGAIN_S
        return right if due else None

    async def _look_again(self, right: Right) -> None:
        self._looked_at, self._changes = self._ticks(), right.changes
        if not await right.holds():
            await self._end(POLICY_VIOLATION)

    async def _end(self, code: int) -> None:
        self.over = True
        if self._visit.websocket:
            await self._send({"type": "websocket.close", "code": code})
        else:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        raise Ended
