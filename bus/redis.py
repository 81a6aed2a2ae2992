"""The bus over Redis 7.2 or Valkey: every call is answered or given up within one second, and says which server is silent."""

import asyncio
import os
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any, Final

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    RedisError,
    ResponseError,
    WatchError,
)
from redis.exceptions import TimeoutError as LinkTimeout

from bus.port import Entry, GroupState, Item
from bus.redis_listening import RedisSubscription
from vocabulary.errors import Refused, Unavailable

CALL_S: Final = 0.9  # the promise is one second, with room for the loop to get to it
# A hung server would cost every caller CALL_S; after one silence the others are told at once for so long.
REST_S: Final = 0.5
FIELD: Final = b"e"  # the one field of an entry


class RedisBus:
    """`bus.port.Bus` over a `redis://`, `rediss://` or `unix://` URL. It connects at the first call, and again by itself."""

    def __init__(self, url: str) -> None:
        self.up = False
        self._rest_until = 0.0
        self._client = client_for(url)
        self.server = server_name(self._client)

    async def check(self) -> None:
        """Raise `Unavailable` unless the server answers and takes our user."""
        async with self._asking():
            await _say(self._client, "PING")

    async def publish(self, channel: str, payload: bytes) -> None:
        """Tell who listens now."""
        async with self._asking():
            await _say(self._client, "PUBLISH", channel, payload)

    def subscribe(self, *patterns: str) -> RedisSubscription:
        """Listen to channels."""
        return RedisSubscription(self._client, patterns)

    async def add(self, stream: str, seq: int, payload: bytes) -> bool:
        """Add one entry; False when the stream already is at `seq` or beyond."""
        async with self._asking():
            try:
                await _say(self._client, "XADD", stream, _id(seq), FIELD, payload)
            except ResponseError as problem:
                if "equal or smaller" in str(problem):
                    return False
                raise
        return True

    async def extend(self, stream: str, after: int, items: Sequence[Item]) -> bool:
        """Add `items` and announce each, all or none, if the last entry is `after`."""
        async with self._asking(), self._client.pipeline(transaction=True) as pipe:
            # WATCH ties the look at the tail to the adding: another relay, or a server that came
            # back with less than it had, makes EXEC do nothing.
            await pipe.watch(stream)
            if await _tail(pipe, stream) != after:
                return False
            pipe.multi()  # type: ignore[no-untyped-call]
            for item in items:
                pipe.execute_command("XADD", stream, _id(item.seq), FIELD, item.payload)
                pipe.execute_command("PUBLISH", item.channel, item.payload)
            try:
                answers = await pipe.execute(raise_on_error=False)
            except WatchError:
                return False
            return _all_added(answers)

    async def last_seq(self, stream: str) -> int:
        """Return the number of the last entry, 0 when there is none."""
        async with self._asking():
            return await _tail(self._client, stream)

    async def trim(self, stream: str, below_seq: int) -> int:
        """Forget the entries below `below_seq`."""
        async with self._asking():
            return int(await _say(self._client, "XTRIM", stream, "MINID", _id(below_seq)))

    async def drop(self, stream: str) -> None:
        """Forget the stream with its groups."""
        async with self._asking():
            await _say(self._client, "DEL", stream)

    async def ensure_group(self, stream: str, group: str) -> None:
        """Make the group unless it is there."""
        async with self._asking():
            await self._make_group(stream, group)

    async def read_group(
        self, stream: str, group: str, consumer: str, count: int, block_ms: int
    ) -> list[Entry]:
        """Give `consumer` the next entries."""
        block = ["BLOCK", block_ms] if block_ms > 0 else []
        words = ["XREADGROUP", "GROUP", group, consumer, "COUNT", count, *block]
        async with self._asking(block_ms / 1000 + CALL_S):
            try:
                answer = await _say(self._client, *words, "STREAMS", stream, ">")
            except ResponseError as problem:
                if "NOGROUP" not in str(problem):
                    raise
                await self._make_group(stream, group)
                return []
        return [
            Entry(_seq(key), parts[FIELD], 1) for _, found in answer or () for key, parts in found
        ]

    async def ack(self, stream: str, group: str, seqs: Sequence[int]) -> None:
        """Say that the group is done with these entries."""
        if seqs:
            async with self._asking():
                await _say(self._client, "XACK", stream, group, *map(_id, seqs))

    async def claim_stale(
        self,
        stream: str,
        group: str,
        consumer: str,
        *,
        idle_ms: int,
        count: int,
        owner: str | None = None,
        skip: Collection[int] = (),
    ) -> list[Entry]:
        """Give `consumer` entries that were left lying."""
        of_owner = () if owner is None else (owner,)
        words = (stream, group, "IDLE", idle_ms, "-", "+", count + len(skip), *of_owner)
        async with self._asking():
            try:
                lying = await _lying(self._client, *words)
            except ResponseError as problem:
                if "NOGROUP" in str(problem):
                    return []
                raise
            times = {_seq(row["message_id"]): int(row["times_delivered"]) for row in lying}
            stale = [seq for seq in times if seq not in skip][:count]
            if not stale:
                return []
            claim = (stream, group, consumer, idle_ms, *map(_id, stale))
            found = await _say(self._client, "XCLAIM", *claim)
        return [Entry(_seq(key), parts[FIELD], times[_seq(key)] + 1) for key, parts in found]

    async def groups(self, stream: str) -> list[GroupState]:
        """Return how far each group is."""
        async with self._asking():
            try:
                found = await self._client.xinfo_groups(stream)
            except ResponseError as problem:
                if "no such key" in str(problem):
                    return []
                raise
            return [await self._state(stream, group) for group in found]

    async def close(self) -> None:
        """Let go of every connection."""
        await self._client.aclose()

    async def _make_group(self, stream: str, group: str) -> None:
        try:
            await _say(self._client, "XGROUP", "CREATE", stream, group, "0", "MKSTREAM")
        except ResponseError as problem:
            if "BUSYGROUP" not in str(problem):
                raise

    async def _state(self, stream: str, group: dict[str, Any]) -> GroupState:
        name, given = _text(group["name"]), _seq(group["last-delivered-id"])
        acked = given
        if group["pending"]:
            oldest = await _lying(self._client, stream, name, "-", "+", 1)
            if oldest:
                acked = _seq(oldest[0]["message_id"]) - 1
        return GroupState(name, given, acked)

    @asynccontextmanager
    async def _asking(self, seconds: float = CALL_S) -> AsyncIterator[None]:
        """Bound one exchange with the server, keep `up`, and turn its failures into `Unavailable`."""
        if monotonic() < self._rest_until:
            raise self._silent("no answer a moment ago")
        try:
            async with asyncio.timeout(seconds):
                yield
        except (TimeoutError, LinkTimeout) as problem:
            self._rest_until = monotonic() + REST_S
            raise self._silent(f"no answer within {seconds:g} s") from problem
        except (RedisError, OSError) as problem:
            raise self._told(problem) from problem
        self.up = True

    def _told(self, problem: Exception) -> Unavailable:
        self.up = False
        if any(
            isinstance(one, AuthenticationError | AuthorizationError) for one in _chain(problem)
        ):
            return Unavailable("bus.sign_in_refused", server=self.server)
        if isinstance(problem, ResponseError):
            return Unavailable("bus.command_refused", server=self.server, problem=str(problem))
        return self._silent(_why(problem))

    def _silent(self, problem: str) -> Unavailable:
        self.up = False
        return Unavailable("bus.unreachable", server=self.server, problem=problem)


def client_for(url: str) -> Redis:
    """Return a client that never retries by itself (its default is ten tries of up to a second each).

    Time is bounded by `RedisBus._asking`, not by the client's own socket timeout: with that it sends through
    `asyncio.wait_for`, which on Python 3.11 loses a cancellation that comes as the send completes.
    """
    try:
        return Redis.from_url(
            url,
            socket_timeout=None,
            socket_connect_timeout=CALL_S,
            retry=Retry(NoBackoff(), 0),
            protocol=2,  # one shape of answers from Redis 6 to Valkey 9
            client_name="onenet",
        )
    except ValueError:
        # Not chained: the parser's own words may quote a piece of the password.
        raise Refused("bus.bad_address") from None


def server_name(client: Redis) -> str:
    """Return where a client connects to, as host and port or socket path; never its password."""
    options = client.connection_pool.connection_kwargs
    path = options.get("path")
    return str(path) if path else f"{options.get('host', 'localhost')}:{options.get('port', 6379)}"


async def _say(client: Redis | Pipeline, *words: Any) -> Any:
    return await client.execute_command(*words)


async def _lying(client: Redis, *words: Any) -> Any:
    """Return the entries that were given and not acknowledged, with how often they were given."""
    return await client.execute_command("XPENDING", *words, parse_detail=True)  # type: ignore[no-untyped-call]


async def _tail(client: Redis | Pipeline, stream: str) -> int:
    answer = await _say(client, "XREVRANGE", stream, "+", "-", "COUNT", 1)
    return _seq(answer[0][0]) if answer else 0


def _all_added(answers: list[Any]) -> bool:
    """Say whether every answer is good; a refused XADD means that the stream once was further than it shows."""
    for answer in answers:
        if isinstance(answer, ResponseError) and "equal or smaller" in str(answer):
            continue
        if isinstance(answer, Exception):
            raise answer
    return True


def _id(seq: int) -> str:
    return f"{seq}-0"


def _seq(key: bytes | str) -> int:
    return int(_text(key).partition("-")[0])


def _text(word: bytes | str) -> str:
    return word.decode() if isinstance(word, bytes) else word


def _chain(problem: BaseException | None) -> Iterator[BaseException]:
    """Give a failure and what it came from: the client wraps what went wrong while connecting."""
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__


def _why(problem: Exception) -> str:
    """Return the operating system's words for a lost link, without what the client adds about the server."""
    for cause in _chain(problem):
        if isinstance(cause, OSError) and cause.errno is not None:
            return os.strerror(cause.errno) if cause.errno > 0 else str(cause.strerror)
    return "connection lost"
