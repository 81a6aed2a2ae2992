"""The TCP listener of JT/T 808: one task per vehicle, bounded, each under its own guard."""

import asyncio
from contextlib import suppress
from typing import Final

import structlog

from exchange.avl import FixTaker
from exchange.jt808.conversation import WIRE, Conversation
from exchange.jt808.frame import Splitter, read_frame, write_frame
from vocabulary.errors import Refused

log = structlog.get_logger()
CONNECTIONS_MOST: Final = 5_000
READ_MOST: Final = 8_192
IDLE_S: Final = 900.0  # terminals beat every minute or so; who is silent this long is gone
WRITE_S: Final = 10.0
REFUSED_IN_A_ROW: Final = 20  # after so many, who speaks is no terminal


class Jt808Listener:
    """Listens once `open` has been called, and `open` again does nothing; where `port` is None it never listens."""

    def __init__(self, taker: FixTaker, host: str, port: int | None) -> None:
        self._taker, self._host, self._port = taker, host, port
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def connections(self) -> int:
        """Return how many terminals are connected."""
        return len(self._tasks)

    @property
    def port(self) -> int:
        """Return the port it listens on, 0 where it does not."""
        return int(self._server.sockets[0].getsockname()[1]) if self._server else 0

    async def open(self) -> None:
        """Listen; where the port cannot be had it is said, and the next turn tries again."""
        if self._server is not None or self._port is None:
            return
        try:
            self._server = await asyncio.start_server(self._meet, self._host, self._port)
        except OSError as problem:
            log.warning("jt808_not_listening", port=self._port, problem=str(problem))
            return
        log.info("jt808_listening", port=self.port)

    async def close(self) -> None:
        """End every connection and stop listening."""
        server, self._server = self._server, None
        if server:
            server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._tasks) >= CONNECTIONS_MOST:
            writer.close()
            return
        self._tasks.add(task)
        peer = str((writer.get_extra_info("peername") or ("?",))[0])
        talk = Conversation(self._taker, peer)
        try:
            await self._talk(talk, peer, reader, writer)
        except (OSError, TimeoutError):
            pass  # a vehicle that drove into a tunnel
        except Exception:
            log.exception("jt808_failed", peer=peer)
        finally:
            self._tasks.discard(task)
            if talk.known:
                self._taker.terminal_heard(talk.known.id, connected=False)
            writer.close()

    async def _talk(
        self,
        talk: Conversation,
        peer: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        splitter, refused = Splitter(), 0
        while refused < REFUSED_IN_A_ROW:
            async with asyncio.timeout(IDLE_S):
                data = await reader.read(READ_MOST)
            if not data:
                return
            for wire in splitter.feed(data):
                try:
                    if isinstance(wire, Refused):
                        raise wire
                    frame = read_frame(wire)
                except Refused as problem:
                    refused += 1
                    self._taker.refuse(
                        WIRE, peer, problem, wire if isinstance(wire, bytes) else data
                    )
                    continue
                refused = 0
                answer = await talk.hear(frame)
                if answer is not None:
                    writer.write(write_frame(answer))
            async with asyncio.timeout(WRITE_S):
                await writer.drain()
        log.warning("jt808_hung_up", peer=peer, refused=refused)
