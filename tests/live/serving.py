"""A real server of the feed, and the plain clients that listen to it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import orjson
import uvicorn

from live.feed import Feed
from live.hub import Hub
from live.ports import Pace
from live.transport import FeedProtocol
from security.policy import permissions_of
from security.principal import Principal
from tests.live.doubles import MemoryJournal
from tests.live.wire import Frame, frames_of
from vocabulary.clock import SystemClock
from vocabulary.message import Actor


def somebody(role: str, department: str | None = None) -> Principal:
    """Return a person of one role."""
    actor = Actor(
        id=f"{role}-1", name=role, kind="person", roles=frozenset({role}), department=department
    )
    return Principal(actor=actor, permissions=permissions_of([role]))


@dataclass(slots=True)
class Served:
    """The feed behind a port; `who` may be changed before each request."""

    hub: Hub
    journal: MemoryJournal
    port: int
    server: uvicorn.Server
    who: Principal = field(default_factory=lambda: somebody("dispatcher"))

    def happens(self) -> str:
        """Take a report and wake the hub."""
        case_id = self.journal.county.report()
        self.hub.wake()
        return case_id

    async def ask(
        self, method: str, path: str, headers: str = "", body: bytes = b""
    ) -> tuple[int, dict[str, str], bytes]:
        """Ask once and return status, headers and body."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        top, _, content = answer.partition(b"\r\n\r\n")
        status, *lines = top.decode().split("\r\n")
        named = dict(line.lower().split(": ", 1) for line in lines)
        return int(status.split()[1]), named, content

    async def snapshot(self) -> dict[str, object]:
        """Take a snapshot."""
        _, _, body = await self.ask("GET", "/live/snapshot")
        told: dict[str, object] = orjson.loads(body)
        return told

    @asynccontextmanager
    async def listening(self, query: str = "", headers: str = "") -> AsyncIterator["Ear"]:
        """Hold a stream open."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(
            f"GET /live{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n".encode()
        )
        ear = Ear(reader)
        try:
            yield ear
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


class Ear:
    """Reads one stream."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self.reader = reader
        self.ended = False

    async def hear(self, event: str, count: int = 1, seconds: float = 5) -> list[Frame]:
        """Return the next `count` frames of one kind, or what there was when the stream ended."""
        found: list[Frame] = []
        async with asyncio.timeout(seconds):
            while len(found) < count and not self.ended:
                found += [frame for frame in await self._next() if frame.event == event]
        return found

    async def head(self) -> str:
        """Return the response's head."""
        return (await self.reader.readuntil(b"\r\n\r\n")).decode()

    async def _next(self) -> list[Frame]:
        try:
            return frames_of(await self.reader.readuntil(b"\n\n"))
        except asyncio.IncompleteReadError:
            self.ended = True
            return []


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(
    pace: Pace | None = None, journal: MemoryJournal | None = None, port: int = 0
) -> AsyncIterator[Served]:
    """Serve the feed by uvicorn, as the console does."""
    journal, port = journal or MemoryJournal(), port or free_port()
    hub = Hub(journal, SystemClock(), pace=pace)
    await hub.start()
    feed = Feed(hub, lambda: served.who)
    config = uvicorn.Config(
        feed,
        port=port,
        http=FeedProtocol,
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    served = Served(hub, journal, port, server)
    running = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield served
    finally:
        server.should_exit = True
        await running
        await hub.stop()
