"""Readings by MQTT with the rules on, kept durably on one core, beside a Node-RED flow. `python -m bench.ingest [--quick]`.

First the workload that ThingsBoard publishes (1,111 messages a second of three values), then a ladder up to 20,000 readings a
second. Each message is acknowledged to the broker only when its readings are kept; every second a device begins to leak, and its
alarm is timed from the reading's own instant to the journal. The load runs on the other core. Then a year of a sensor is drawn.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import orjson

from bench.ingest_node_red import NodeRed, find_node_red
from bench.ingest_year import BAR_MS, year_ms
from bench.processes import Child
from runtime.own_broker import OwnBroker
from tests.console_process import free_port

THINGSBOARD: Final = (1_111.0, 1)  # messages a second, sets of three values in each
LADDER: Final = (
    (1_111.0, 1),
    (1_667.0, 2),
    (1_667.0, 4),
)  # 3,333, 10,000 and 20,000 readings a second
BAR: Final = "20,000 readings/s with rules on and durable within one core, 0 lost, alarm p99 < 1 s; a year < 300 ms"
ALARM_P99_S: Final = 1.0
CORE: Final = 0
SETTLE_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Step:
    """What one rate cost and whether it held."""

    wanted: float
    rate: float
    readings: int
    lost: int
    cpu_ms_per_1000: float
    core_share: float
    alarms: int
    alarms_missing: int
    alarm_p50_s: float
    alarm_p99_s: float

    @property
    def held(self) -> bool:
        """Say whether nothing was lost, alarms came in time, and the load did come at the rate asked for."""
        return (
            self.lost == 0
            and self.alarms_missing == 0
            and self.alarm_p99_s < ALARM_P99_S
            and self.rate >= 0.97 * self.wanted
        )


@contextmanager
def broker(home: Path) -> Iterator[int]:
    """Run a mosquitto with the shipped configuration; yield its port."""
    own = OwnBroker(home, "127.0.0.1", free_port())
    (home / "mosquitto").mkdir(parents=True)
    file = home / "bench-mosquitto.conf"
    file.write_text(own.configuration(), "utf-8")
    process = subprocess.Popen([own.program, "-c", str(file)], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    try:
        yield own.port
    finally:
        process.terminate()
        process.wait(10)


def load(port: int, rate: float, sets: int, seconds: float, first_leak: int = 0) -> dict[str, Any]:
    """Publish; return what was sent."""
    command = [
        sys.executable,
        "-m",
        "bench.ingest_load",
        str(port),
        str(rate),
        str(sets),
        str(seconds),
        str(first_leak),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, Any] = orjson.loads(done.stdout.strip().splitlines()[-1])
    return told


class Keeper:
    """The console's road of readings in its own process."""

    def __init__(self, home: Path, port: int) -> None:
        self.child = Child(["-m", "bench.ingest_keeper", str(home), str(port)])
        while self.child.line() != "ready":
            pass

    def report(self) -> dict[str, Any]:
        """Return its figures as they stand."""
        assert self.child.process.stdin is not None
        self.child.process.stdin.write("report\n")
        self.child.process.stdin.flush()
        while not (line := self.child.line()).startswith("{"):
            pass
        told: dict[str, Any] = orjson.loads(line)
        return told

    def settled(self, before: dict[str, Any], sent: dict[str, Any]) -> dict[str, Any]:
        """Return its figures once everything sent is there, or nothing more comes for as long as we wait."""
        until = time.monotonic() + SETTLE_S
        while True:
            now = self.report()
            there = now["accepted"] - before["accepted"] >= sent["readings"]
            raised = len(now["alarms"]) - len(before["alarms"]) >= sent["leaks"]
            if (there and raised) or time.monotonic() > until:
                return now
            time.sleep(0.25)


def step(
    keeper: Keeper, port: int, rate: float, sets: int, seconds: float, first_leak: int
) -> Step:
    """Run one rate."""
    before = keeper.report()
    sent = load(port, rate, sets, seconds, first_leak)
    after = keeper.settled(before, sent)
    cpu_s = after["cpu_s"] - before["cpu_s"]
    late = sorted(after["alarms"])
    came = len(after["alarms"]) - len(before["alarms"])
    fresh = sorted(after["alarms"][len(before["alarms"]) :]) or late
    return Step(
        wanted=rate * sets * 3,
        rate=sent["readings"] / sent["spent_s"],
        readings=sent["readings"],
        lost=sent["readings"] - (after["accepted"] - before["accepted"]),
        cpu_ms_per_1000=cpu_s * 1e6 / sent["readings"],
        core_share=cpu_s / sent["spent_s"],
        alarms=came,
        alarms_missing=max(0, sent["leaks"] - came),
        alarm_p50_s=statistics.median(fresh),
        alarm_p99_s=fresh[min(len(fresh) - 1, int(0.99 * len(fresh)))],
    )


def node_red(home: Path, port: int, seconds: float) -> dict[str, Any] | None:
    """Let Node-RED do ThingsBoard's workload; None, with the reason printed, where there is none."""
    named = os.environ.get("ONENET_BENCH_NODE_RED")
    program = find_node_red(Path(named) if named else home / "node-red")
    if program is None:
        print("no Node-RED: npm cannot install it here (ONENET_BENCH_NODE_RED may name a folder)")
        return None
    flow = NodeRed(program, home / "flow", port, CORE)
    try:
        before_s = flow.cpu_s()
        sent = load(port, *THINGSBOARD, seconds)
        kept = flow.settled(sent["messages"])
        cpu_s = flow.cpu_s() - before_s
    finally:
        flow.end()
    return {
        "cpu_ms_per_1000": cpu_s * 1e6 / sent["readings"],
        "core_share": cpu_s / sent["spent_s"],
        "lost": (sent["messages"] - kept) * 3,
        "readings": sent["readings"],
    }


def measure(seconds: float, beside_too: bool) -> tuple[list[Step], int, dict[str, Any] | None]:
    """Run everything on one broker; return the steps, what the broker dropped, and Node-RED's figures."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(TemporaryDirectory(prefix="onenet-ingest-")))
        port = stack.enter_context(broker(home))
        beside = node_red(home, port, seconds) if beside_too else None
        keeper = Keeper(home, port)
        try:
            steps = [
                step(keeper, port, rate, sets, seconds, 100 * number)
                for number, (rate, sets) in enumerate(LADDER)
            ]
            return steps, keeper.report()["broker_dropped"], beside
        finally:
            keeper.child.end()


def a_year(*, quick: bool) -> tuple[float, float]:
    """Return median and worst time in ms to draw a year of one sensor."""
    with TemporaryDirectory(prefix="onenet-year-") as folder:
        return year_ms(Path(folder) / "home", *((2, 15) if quick else (10, 5)))


def tell(steps: list[Step], beside: dict[str, Any] | None) -> None:
    """Print a line a step, and Node-RED's."""
    for one in steps:
        print(
            f"{one.rate:8.0f} of {one.wanted:6.0f} readings/s  {one.readings} sent, {one.lost} lost"
            f"  {one.cpu_ms_per_1000:6.1f} ms CPU per 1,000  {one.core_share:4.0%} of a core"
            f"  alarms {one.alarms} ({one.alarms_missing} missing) p50 {one.alarm_p50_s:.3f} s p99 {one.alarm_p99_s:.3f} s"
        )
    if beside:
        print(
            f"Node-RED, 3,333 readings/s: {beside['lost']} lost  {beside['cpu_ms_per_1000']:.1f} ms CPU per 1,000"
            f"  {beside['core_share']:.0%} of a core (appends to a file, nothing synced)"
        )


def main() -> int:
    """Run the steps, print a line each, and the last as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under a minute")
    given = parser.parse_args()
    os.environ.setdefault("ONENET_LOG_LEVEL", "error")
    beside_too = not given.quick or "ONENET_BENCH_NODE_RED" in os.environ
    steps, dropped, beside = measure(6.0 if given.quick else 30.0, beside_too)
    tell(steps, beside)
    year_p50_ms, year_worst_ms = a_year(quick=given.quick)
    print(f"a year of one sensor: {year_p50_ms:.0f} ms, at worst {year_worst_ms:.0f} ms")
    first, top = steps[0], steps[-1]
    told = {
        "name": "ingest",
        "bar": BAR,
        "value": round(top.rate),
        "cpu_ms_per_1000": round(top.cpu_ms_per_1000, 1),
        "cpu_ms_per_1000_thingsboard": round(first.cpu_ms_per_1000, 1),
        "alarm_p99_s": round(max(one.alarm_p99_s for one in steps), 3),
        "year_ms": round(year_worst_ms, 1),
        "baseline": round(beside["cpu_ms_per_1000"], 1) if beside else None,
        "ratio": round(beside["cpu_ms_per_1000"] / first.cpu_ms_per_1000, 2) if beside else None,
        "lost": sum(one.lost for one in steps),
        "broker_dropped": dropped,
        "load": os.getloadavg()[0],
        "ok": all(one.held for one in steps) and dropped == 0 and year_worst_ms < BAR_MS,
    }
    print(orjson.dumps(told).decode())
    return 0 if told["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
