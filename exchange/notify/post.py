"""Puts notifications on their way: a line in a file, or one POST within limits; what comes of it is judged, never raised."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import httpx2
import orjson

from exchange.notify.model import Channel, Kind, Notification, Recipient, Told
from exchange.notify.requests import MAKERS, judged
from vocabulary.clock import to_text

TIMEOUT_S: Final = 10.0
ANSWER_MOST: Final = 65_536
SINK: Final = "sink.jsonl"


class Post:
    """One client for every channel; nothing is followed elsewhere, and no proxy of the environment is believed."""

    def __init__(self, folder: Path, *, timeout_s: float = TIMEOUT_S) -> None:
        self._folder = folder
        self._timeout_s = timeout_s
        self._client: httpx2.AsyncClient | None = None

    async def send(self, channel: Channel, to: Recipient, told: Notification, at: datetime) -> Told:
        """Try once."""
        if channel.kind is Kind.DESK:
            return Told()
        if channel.kind is Kind.FILE:
            return await asyncio.to_thread(self._write, to, told, at)
        outgoing = MAKERS[channel.kind](channel, to, told, at)
        try:
            async with asyncio.timeout(self._timeout_s):
                status, body = await self._posted(outgoing.address, outgoing.headers, outgoing.body)
        except TimeoutError:
            return Told(problem="no answer in time")
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as problem:
            return Told(
                problem=type(problem).__name__
            )  # its text may hold the address with its key
        return judged(channel.kind, status, body)

    async def _posted(
        self, address: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        if self._client is None:
            self._client = httpx2.AsyncClient(
                trust_env=False, follow_redirects=False, timeout=self._timeout_s
            )
        received = bytearray()
        async with self._client.stream("POST", address, headers=headers, content=body) as answer:
            async for chunk in answer.aiter_bytes():
                received += chunk
                if len(received) > ANSWER_MOST:
                    break
            return answer.status_code, bytes(received[:ANSWER_MOST])

    def _write(self, to: Recipient, told: Notification, at: datetime) -> Told:
        line: dict[str, Any] = {
            "at": to_text(at),
            "id": told.id,
            "event": told.event,
            "case_id": told.case_id,
            "recipient": to.name,
            "text": told.text,
        }
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = self._folder / SINK
            with file.open("ab") as sink:
                sink.write(orjson.dumps(line) + b"\n")
        except OSError as problem:
            return Told(problem=problem.strerror or type(problem).__name__)
        return Told()

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None
