"""Listeners that take nothing: they cost no memory, they are cut, and the others do not notice."""

import asyncio
import resource
import socket
import time
from pathlib import Path

import pytest

from tests.live.serving import Served, serving

pytestmark = [pytest.mark.server, pytest.mark.slow]

SLEEPERS = 20
PAGE_BYTES = resource.getpagesize()


def rss_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES / 1e6


def sleeper(port: int) -> socket.socket:
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    link.connect(("127.0.0.1", port))
    link.sendall(b"GET /live?from=0 HTTP/1.1\r\nHost: x\r\n\r\n")
    return link


async def flood(served: Served, until: asyncio.Event) -> None:
    n = 0
    while not until.is_set():
        n += 1
        served.hub.hear_readings([[f"S{i}", n + i / 10_000, n] for i in range(5000)])
        served.happens()
        await asyncio.sleep(0.1)


async def test_twenty_that_never_read_are_cut_within_ten_seconds_and_cost_no_memory() -> None:
    async with serving() as served, served.listening("?from=0&lanes=e") as reader:
        await reader.hear("hb")
        done = asyncio.Event()
        flooding = asyncio.create_task(flood(served, done))
        await asyncio.sleep(2)
        before_mb, begun, begun_ms = rss_mb(), time.monotonic(), served.hub.now_ms()
        sleepers = [sleeper(served.port) for _ in range(SLEEPERS)]
        late_ms, worst_mb, heard = [], 0.0, 0
        while served.hub.listeners.cut_n < SLEEPERS and time.monotonic() - begun < 20:
            (frame,) = (await reader.hear("e"))[:1]
            heard += 1
            if frame.data["at"] > begun_ms:
                late_ms.append(served.hub.now_ms() - frame.data["at"])
            worst_mb = max(worst_mb, rss_mb())
        took_s = time.monotonic() - begun
        done.set()
        await flooding
        for link in sleepers:
            link.close()
    assert served.hub.listeners.cut_n == SLEEPERS
    assert took_s <= 10
    assert worst_mb - before_mb <= 50
    assert heard > 20
    assert sorted(late_ms)[len(late_ms) // 2] < 500
