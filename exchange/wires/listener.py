"""A TCP port on which field devices call: bounded in connections, bytes, idle time and patience with what cannot be read."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

import structlog

from vocabulary.errors import Unavailable

log = structlog.get_logger()

CHUNK: Final = 16_384
TICK_S: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one port bears. A source above its rate is not read for a while, which its own TCP then feels; nothing is dropped."""

    connections: int = 2000
    of_one_source: int = 200
    idle_s: float = 900.0
    bytes_a_second: int = 200_000
    broken_in_a_row: int = 16
    write_s: float = 10.0


class HangUp(Exception):
    """The caller is let go: what it sends makes no sense, or comes too fast to bear."""


class Conversation(Protocol):
    """What is said on one connection."""

    async def hear(self, data: bytes) -> bytes:
        """Take bytes as they come; return what is answered. Raises HangUp, and Unavailable where nothing can be kept."""
        ...

    async def tick(self) -> None:
        """Do what is due without new bytes (packets that never came)."""
        ...

    async def end(self) -> None:
        """Take notice that the connection is gone."""
        ...


class Listener:
    """Serves one wire on one port; `port` is the one really listened on once `open` has returned."""

    def __init__(
        self,
        wire: str,
        host: str,
        port: int,
        converse: Callable[[str], Conversation],
        limits: Limits = Limits(),
    ) -> None:
        self.wire, self.host, self.port, self.limits = wire, host, port, limits
        self._converse = converse
        self._sources: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.turned_away = 0
        self._server: asyncio.Server | None = None

    @property
    def connections(self) -> int:
        """Return how many callers are there now."""
        return self._sources.total()

    @property
    def is_open(self) -> bool:
        """Say whether it listens."""
        return self._server is not None and self._server.is_serving()

    async def open(self) -> None:
        """Listen; OSError where the port cannot be had."""
        self._server = await asyncio.start_server(self._meet, self.host, self.port, limit=CHUNK)
        self.port = self._server.sockets[0].getsockname()[1]
        log.info("wire_listens", wire=self.wire, host=self.host, port=self.port)

    async def close(self) -> None:
        """Let everybody go."""
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        for task in list(self._tasks):
            with suppress(asyncio.CancelledError):
                await task

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a server's callback always runs in one
        self._tasks.add(task)
        source = str((writer.get_extra_info("peername") or ("unix",))[0])
        try:
            if (
                self.connections >= self.limits.connections
                or self._sources[source] >= self.limits.of_one_source
            ):
                self.turned_away += 1
                return
            self._sources[source] += 1
            try:
                await self._talk(self._converse(source), reader, writer)
            finally:
                self._sources[source] -= 1
                self._sources += Counter()  # forgets those at nought
        except (ConnectionError, TimeoutError, asyncio.CancelledError):
            pass  # a caller that is gone, or a console that stops: nothing unacknowledged was promised
        except Exception:  # the guard around one connection
            log.exception("wire_failed", wire=self.wire, source=source)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _talk(
        self,
        conversation: Conversation,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        loop = asyncio.get_running_loop()
        heard_s = loop.time()
        try:
            while loop.time() - heard_s < self.limits.idle_s:
                try:
                    data = await asyncio.wait_for(reader.read(CHUNK), TICK_S)
                except TimeoutError:
                    await conversation.tick()
                    continue
                if not data:
                    return
                heard_s = loop.time()
                answer = await conversation.hear(data)
                if answer:
                    writer.write(answer)
                    await asyncio.wait_for(writer.drain(), self.limits.write_s)
                await conversation.tick()
                await asyncio.sleep(len(data) / self.limits.bytes_a_second)
        except (HangUp, Unavailable) as reason:
            log.warning("wire_hung_up", wire=self.wire, reason=str(reason))
        finally:
            await conversation.end()
