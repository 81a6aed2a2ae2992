"""Listeners of their own process: hold many streams open, count every number, and measure how late frames come."""

import argparse
import asyncio
import re
import sys
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import orjson
import uvloop

from vocabulary.clock import SystemClock

CLOCK: Final = SystemClock()
AT: Final = re.compile(rb'"at":(\d+)')
FROM: Final = re.compile(rb'"from":(\d+)')
MARK: Final = b"id: "
HEAD_BYTES: Final = 4096  # an event's frame is looked at only when this much, or all of it, is here
SAMPLED: Final = 10


@dataclass(slots=True)
class Heard:
    """What all listeners together heard."""

    opened: int = 0
    closed: int = 0
    lost: int = 0
    doubled: int = 0
    resets: int = 0
    seqs: list[int] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)


class Stream(asyncio.Protocol):
    """One listener: a raw HTTP/1.1 stream, read as fast as it comes."""

    def __init__(self, request: bytes, heard: Heard, index: int) -> None:
        self.request, self.heard, self.index = request, heard, index
        self.seq = 0
        self.tail = b""
        self.answered = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        transport.write(self.request)  # type: ignore[attr-defined]

    def connection_lost(self, exc: Exception | None) -> None:
        """Count the loss of a stream."""
        self.heard.closed += 1

    def data_received(self, data: bytes) -> None:
        """Find the event frames in what came; everything else is only swallowed."""
        if not self.answered.is_set():
            head, blank, data = (self.tail + data).partition(b"\r\n\r\n")
            self.tail = b"" if blank else head
            if not blank:
                return
            self.answered.set()
            self.heard.opened += 1
            if b" 200 " not in head[:32]:
                print(head, data[:300], file=sys.stderr, flush=True)
        data, position = self.tail + data, 0
        self.tail = b""
        while (found := data.find(MARK, position)) >= 0:
            close = data.find(b"\n\n", found)
            if close < 0 and len(data) - found < HEAD_BYTES:
                self.tail = data[found:]
                return
            self.frame(data[found : found + HEAD_BYTES])
            position = found + 4
        self.heard.resets += data.count(b"event: reset", position)
        self.tail = next((MARK[:k] for k in (3, 2, 1) if data.endswith(MARK[:k])), b"")

    def frame(self, head: bytes) -> None:
        """Check one event frame's number, and now and then its age."""
        seq = int(head[4 : head.index(b"\n")])
        first = int(found[1]) if (found := FROM.search(head, 0, 120)) else seq
        if self.seq and seq <= self.seq:
            self.heard.doubled += 1
            return
        if self.seq and first > self.seq + 1:
            self.heard.lost += first - self.seq - 1
        self.seq = seq
        if seq % SAMPLED == self.index % SAMPLED and (at := AT.search(head)):
            self.heard.late_ms.append(CLOCK.now().timestamp() * 1000 - int(at[1]))


async def listen(url: str, count: int, header: list[str], lanes: str) -> None:
    """Hold the streams until stdin ends, then print what was heard."""
    parts, heard = urlsplit(url), Heard()
    lines = [f"GET {parts.path}?lanes={lanes} HTTP/1.1", f"Host: {parts.netloc}", *header, "", ""]
    request = "\r\n".join(lines).encode()
    loop = asyncio.get_running_loop()
    streams = [Stream(request, heard, index) for index in range(count)]
    for stream in streams:
        host, port = parts.netloc.split(":")
        await loop.create_connection(lambda one=stream: one, host, int(port))  # type: ignore[misc]
    await asyncio.gather(*(stream.answered.wait() for stream in streams))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    heard.seqs = sorted(stream.seq for stream in streams)
    print(orjson.dumps(heard).decode(), flush=True)


def main() -> None:
    """Read the command line and listen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--lanes", default="e,u,s")
    parser.add_argument("--header", action="append", default=[])
    asked = parser.parse_args()
    uvloop.run(listen(asked.url, asked.count, asked.header, asked.lanes))


if __name__ == "__main__":
    main()
