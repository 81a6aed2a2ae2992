"""The parts of the live bench: Redis to pixel, fan-out to hundreds, and the polling page; each gives a row of the table."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
from playwright.sync_api import Page
from redis import ConnectionError, Redis

from bench.live_target import Target, wait_until
from bench.processes import Child
from live.latency import Percentiles, of_samples
from vocabulary.clock import SystemClock

CLOCK = SystemClock()
HEADINGS = f"{'':<50} {'p50 ms':>8} {'p95':>8} {'p99':>8} {'n':>6} {'lost':>5} {'cpu %':>6}"


@dataclass(frozen=True, slots=True)
class Plan:
    """How long each part takes."""

    rate: float
    seconds: float
    fan_seconds: float
    baseline_points: tuple[int, ...]
    baseline_seconds: float


@dataclass(slots=True)
class Row:
    """One line of the table."""

    name: str
    latency: Percentiles
    lost: int
    cpu: float
    note: str = ""
    samples: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        told = [ms(value) for value in (self.latency.p50, self.latency.p95, self.latency.p99)]
        return (
            f"{self.name:<50} {told[0]:>8} {told[1]:>8} {told[2]:>8} {self.latency.n:>6} "
            f"{self.lost:>5} {self.cpu * 100:>6.0f}  {self.note}"
        )


def now_ms() -> float:
    """Return the machine's clock in milliseconds."""
    return CLOCK.now().timestamp() * 1000


class Published:
    """When each event came by on Redis, as any other department's program hears it."""

    def __init__(self, url: str) -> None:
        self.at: dict[int, float] = {}
        self._link = Redis.from_url(url).pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        self._link.subscribe("onenet.cases")
        threading.Thread(target=self._hear, daemon=True).start()

    def _hear(self) -> None:
        with suppress(
            ConnectionError
        ):  # the console, and its Valkey with it, went down: the bench is over
            for message in self._link.listen():
                heard = now_ms()
                self.at[int(orjson.loads(message["data"])["sequence"])] = heard


def steadily(rate: float, seconds: float, act: Callable[[], Any]) -> list[Any]:
    """Act `rate` times a second for so long, whatever each act takes; return what the acts returned."""
    begun, told = time.monotonic(), []
    for number in range(int(rate * seconds)):
        if (wait := begun + number / rate - time.monotonic()) > 0:
            time.sleep(wait)
        told.append(act())
    return told


def painted(page: Page, *, last: int = 0, count: int = 0) -> list[dict[str, Any]]:
    """Return what the page's probe noted, once that is `count` notes and one of `last`; after five seconds as it is."""
    for _ in range(50):
        notes: list[dict[str, Any]] = page.evaluate("window.onenetPainted")
        if len(notes) >= count and (not last or any(note["seq"] >= last for note in notes)):
            break
        page.wait_for_timeout(100)
    return page.evaluate("window.onenetPainted.splice(0)")  # type: ignore[no-any-return]


@contextmanager
def listening(target: Target, count: int, lanes: str = "e,u,s") -> Iterator[Child]:
    """Hold `count` streams open; `finish()` tells what they heard."""
    child = Child(
        ["-m", "bench.live_listen", "--url", f"{target.url}/live", "--count", str(count)]
        + ["--lanes", lanes]
        + [part for header in target.headers for part in ("--header", header)]
    )
    try:
        assert child.line() == "ready"
        yield child
    finally:
        child.end()


@contextmanager
def others_opening_pages(target: Target, wanted: bool) -> Iterator[None]:
    """Have other people's pages rendered meanwhile."""
    stop = threading.Event()
    opening = threading.Thread(target=target.keep_busy, args=(stop,))
    if wanted:
        opening.start()
    try:
        yield
    finally:
        stop.set()
        if wanted:
            opening.join()


def to_the_pixel(
    target: Target, page: Page, published: Published, count: int, plan: Plan, busy: bool = False
) -> Row:
    """Measure Redis → painted in Chromium while `count` others listen."""
    with listening(target, count) as others, others_opening_pages(target, busy):
        page.wait_for_timeout(2000)
        page.evaluate("window.onenetPainted.splice(0)")
        cpu_s, begun = target.child.cpu_s(), time.monotonic()
        seqs: list[int] = []
        acting = threading.Thread(
            target=lambda: seqs.extend(steadily(plan.rate, plan.seconds, target.happen))
        )
        acting.start()
        while acting.is_alive():  # the page's messages are served only while we wait in it
            page.wait_for_timeout(200)
        notes = painted(page, last=max(seqs))
        cores = (target.child.cpu_s() - cpu_s) / (time.monotonic() - begun)
        heard = orjson.loads(others.finish())
    return _pixel_row(
        f"live feed, {count} listeners + Chromium{busy * ', pages opened'}",
        seqs,
        notes,
        published,
        heard,
        cores,
    )


def _pixel_row(
    name: str,
    seqs: list[int],
    notes: list[dict[str, Any]],
    published: Published,
    heard: dict[str, Any],
    cores: float,
) -> Row:
    seen = {seq: note for note in notes for seq in range(note["from"], note["seq"] + 1)}
    every = range(min(seqs), max(seqs) + 1)
    lost = sum(seq not in seen for seq in every) + heard["lost"] + heard["doubled"]
    # Who commits in our own process may be told before Redis is: the earlier of both counts.
    first = {seq: min(seen[seq]["at"], published.at.get(seq, seen[seq]["at"])) for seq in seen}
    shown = [seq for seq in seqs if seq in seen]
    samples = [seen[seq]["painted"] - first[seq] for seq in shown]
    kept = [n["painted"] - n["recorded"] for seq in shown if (n := seen[seq]).get("recorded")]
    whole = of_samples(kept)
    heard_by = of_samples([seen[seq]["heard"] - seen[seq]["at"] for seq in shown])
    note = (
        f"hub to page {ms(heard_by.p50)} / {ms(heard_by.p99)}; from the event's own instant, durable write included, "
        f"{ms(whole.p50)} / {ms(whole.p99)}; load {os.getloadavg()[0]:.1f}"
    )
    return Row(name, of_samples(samples), lost, cores, note, samples)


def ms(value: float | None) -> str:
    """Return milliseconds as text."""
    return "-" if value is None else f"{value:.1f}"


def fan_out(target: Target, plan: Plan) -> Row:
    """Measure 500 listeners at 50 events a second."""
    with listening(target, 500) as others:
        time.sleep(2)
        cpu_s, begun = target.child.cpu_s(), time.monotonic()
        seqs = steadily(50, plan.fan_seconds, target.happen_once)
        cores = (target.child.cpu_s() - cpu_s) / (time.monotonic() - begun)
        time.sleep(1)
        heard = orjson.loads(others.finish())
    behind = sum(seq < max(seqs) for seq in heard["seqs"])
    lost = heard["lost"] + heard["doubled"] + heard["resets"] + behind
    worst = max(heard["late_ms"])
    note = f"worst {worst:.0f} ms, behind at the end {behind}, RSS {target.child.rss_mb():.0f} MB"
    return Row(
        "500 listeners, 50 events/s (hub → socket)",
        of_samples(heard["late_ms"]),
        lost,
        cores,
        note,
        [worst],
    )


def polling(page: Page, redis_url: str, points: int, plan: Plan) -> Row:
    """Measure the baseline: the whole GeoJSON once a second."""
    port = free_port()
    server = Child(
        f"-m bench.interval_page --port {port} --redis {redis_url} --points {points}".split()
    )
    bus, numbers = Redis.from_url(redis_url), iter(range(1, 1_000_000))
    try:
        server.line()
        open_when_up(page, f"http://127.0.0.1:{port}/")
        wait_until(page, "window.onenetPolled > 2")
        cpu_s, begun = server.cpu_s(), time.monotonic()
        act = lambda: bus.publish(  # noqa: E731
            "onenet.bench", orjson.dumps({"seq": next(numbers), "at": now_ms()})
        )
        acting = threading.Thread(target=lambda: steadily(plan.rate, plan.baseline_seconds, act))
        acting.start()
        while acting.is_alive():
            page.wait_for_timeout(200)
        notes = painted(page, count=int(plan.rate * plan.baseline_seconds))
        cores = (server.cpu_s() - cpu_s) / (time.monotonic() - begun)
    finally:
        server.end()
    samples = [note["painted"] - note["at"] for note in notes]
    missed = int(plan.rate * plan.baseline_seconds) - len({note["seq"] for note in notes})
    return Row(
        f"Dash, dcc.Interval 1 s, {points} incidents, 1 page", of_samples(samples), missed, cores
    )


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def open_when_up(page: Page, url: str) -> None:
    """Open a page as soon as its server answers."""
    for _ in range(100):
        try:
            page.goto(url)
        except Exception:  # noqa: BLE001 - not up yet
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"{url} does not answer")
