"""Listening on Redis: one connection per listener, which notices a server that is silent and connects again by itself."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from typing import Any, Final, Self

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

log = structlog.get_logger()

SILENT_S: Final = 3.0  # after so long without a message the server is asked for a sign of life
ANSWER_S: Final = 1.0
FIRST_WAIT_S: Final = 0.05
LONGEST_WAIT_S: Final = 2.0
LOST: Final = (RedisError, OSError, TimeoutError)


class RedisSubscription:
    """`bus.port.Subscription` over one connection."""

    def __init__(self, client: Redis, patterns: Sequence[str]) -> None:
        self._client = client
        self._patterns = [one for one in patterns if set(one) & set("*?[")]
        self._channels = [one for one in patterns if one not in self._patterns]
        self._link: PubSub | None = None
        self._wait_s = FIRST_WAIT_S
        self._heard_at = 0.0
        self._asked = False
        self._closed = False
        self._connecting = asyncio.Lock()

    async def ready(self) -> None:
        """Wait until the server knows of it."""
        while self._link is None and not self._closed:
            await self._connect()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> tuple[str, bytes]:
        while not self._closed:
            await self.ready()
            try:
                message = await self._next()
            except LOST as problem:
                log.warning("bus_subscription_lost", problem=type(problem).__name__)
                await self._drop()
                continue
            if message is not None:
                return message
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Stop listening."""
        self._closed = True
        await self._drop()

    async def _connect(self) -> None:
        async with self._connecting:
            if self._link is not None or self._closed:
                return
            link = self._client.pubsub(ignore_subscribe_messages=False)
            try:
                async with asyncio.timeout(ANSWER_S):
                    await self._subscribe(link)
            except LOST:
                with suppress(*LOST):
                    await link.aclose()  # type: ignore[no-untyped-call]
                await asyncio.sleep(self._wait_s)
                self._wait_s = min(self._wait_s * 2, LONGEST_WAIT_S)
                return
            self._link, self._wait_s = link, FIRST_WAIT_S
            self._heard_at, self._asked = monotonic(), False

    async def _subscribe(self, link: PubSub) -> None:
        if self._channels:
            await link.subscribe(*self._channels)
        if self._patterns:
            await link.psubscribe(*self._patterns)
        for _ in range(len(self._channels) + len(self._patterns)):
            await link.parse_response(block=True)

    async def _next(self) -> tuple[str, bytes] | None:
        link = self._link
        if link is None:
            return None
        message: dict[str, Any] | None = await link.get_message(timeout=ANSWER_S)
        if message is not None:
            self._heard_at, self._asked = monotonic(), False
            if message["type"] in ("message", "pmessage"):
                return message["channel"].decode(), message["data"]
        elif self._asked:
            raise TimeoutError
        elif monotonic() - self._heard_at > SILENT_S:
            self._asked = True
            async with asyncio.timeout(ANSWER_S):
                await link.ping()
        return None

    async def _drop(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            with suppress(*LOST):
                await link.aclose()  # type: ignore[no-untyped-call]
