"""One officer's HTTP connection, as thin as it can be, so that the load costs little: sends until it is answered."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

import orjson

PATIENCE_S: Final = 30.0
PAUSE_S: Final = 0.2
UNAVAILABLE: Final = 500


class Unanswered(Exception):
    """Nobody answered in the time an officer waits."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    status: int
    body: bytes


class Door:
    """A kept connection, opened anew where it was closed meanwhile; the same key makes a deed happen once."""

    def __init__(self, port: int, headers: str, patience_s: float = PATIENCE_S) -> None:
        self.retries, self._patience_s = 0, patience_s
        self._port, self._headers = port, headers
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(
        self, method: str, path: str, body: dict[str, Any] | None = None, key: str = ""
    ) -> Answered:
        """Ask until there is an answer that is none of a store or a server that gives way."""
        content = b"" if body is None else orjson.dumps(body)
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n{self._headers}"
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        if key:
            head += f"Idempotency-Key: {key}\r\n"
        request = head.encode() + b"\r\n" + content
        try:
            async with asyncio.timeout(self._patience_s):
                return await self._until_answered(request)
        except TimeoutError:
            self.close()
            raise Unanswered from None

    async def _until_answered(self, request: bytes) -> Answered:
        while True:
            try:
                answer = await self._once(request)
                if answer.status < UNAVAILABLE:
                    return answer
                await asyncio.sleep(PAUSE_S)
            except (OSError, asyncio.IncompleteReadError):
                self.close()
            self.retries += 1

    async def _once(self, request: bytes) -> Answered:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return Answered(int(head[9:12]), await self._reader.readexactly(length))

    def close(self) -> None:
        """Let the connection go."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None
