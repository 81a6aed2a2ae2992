"""A flood of two thousand reports merged in bulk, two thousand cases assigned and closed. `python -m bench.flood [--quick]`."""

import argparse
import asyncio
import os
import random
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import orjson

from bench.desk import county, database, free_port, quantile_ms, store_name, wait_until_ready
from bench.desk_door import Door
from bench.desk_store import sign_in
from bench.processes import Child
from county.sample.make import ensure_sample
from county.sample.size import SMALL
from county.store import county_folder
from runtime.settings import Settings
from tests import postgres
from vocabulary.ids import new_id

FLOOD, QUICK_FLOOD = 2_000, 200
PART: Final = 50  # as the desk sends them, so that its bar moves and nobody waits long
TAKERS: Final = 8
CATEGORY, LEAD = "E0506", "drainage"
ALONE: Final = 40  # of the baseline: the same step, a request each
BAR: Final = "2,000 reports merged, 2,000 cases assigned and closed in bulk: 0 lost, 0 doubled, cheaper than one by one"
READY_WITHIN_S: Final = 600
PATIENCE_S: Final = 300.0
SPREAD: Final = 0.005  # some five hundred metres: inside any county
SEED: Final = 20261122
LIFE: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("file", {}),
    ("dispatch", {"lead": LEAD}),
    ("accept", {"department": LEAD}),
    ("arrive", {"department": LEAD}),
    ("resolve", {"department": LEAD, "note": "已抽排,路面恢复通行"}),
    ("close", {}),
)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One command for many: how long it took, what the server spent, and what a colleague waited meanwhile."""

    what: str
    count: int
    seconds: float
    cpu_ms: float
    other_p99_ms: float
    refused: int

    def __str__(self) -> str:
        each = (
            f"{self.seconds * 1000 / self.count:5.1f} ms each, {self.cpu_ms:5.1f} ms of processor"
        )
        return (
            f"  {self.what:<22} {self.count:5d} in {self.seconds:6.1f} s  {each}"
            f"  a colleague's note p99 {self.other_p99_ms:5.0f} ms  refused {self.refused}"
        )


class Flood:
    """A supervisor at the desk during a flood, and a colleague who writes notes meanwhile."""

    def __init__(self, server: Child, port: int, officers: list[dict[str, str]]) -> None:
        headers = {one["role"]: one["headers"] for one in officers}
        self.server = server
        self.doors = [Door(port, headers["supervisor"], PATIENCE_S) for _ in range(TAKERS)]
        self.colleague = Door(port, headers["dispatcher"], PATIENCE_S)
        self.center = (0.0, 0.0)
        self.noted: list[float] = []
        self.steps: list[Step] = []

    async def post(self, door: Door, path: str, body: Json, key: str) -> Json:
        """Post and return what was answered."""
        answer = await door.ask("POST", f"/api/v1{path}", body, key)
        if answer.status not in (200, 201):
            raise RuntimeError(f"{path}: {answer.status} {answer.body.decode()[:300]}")
        told: Json = orjson.loads(answer.body)
        return told

    async def reports(self, count: int, what: str, spread: float) -> list[str]:
        """Let so many reports come in, several at a time; return their cases."""
        numbers, cases = iter(range(count)), list[str]()

        async def take(door: Door) -> None:
            for number in numbers:
                lon, lat = (at + random.gauss(0, spread) for at in self.center)
                text = f"大雨后下穿通道积水,车辆熄火 {what}{number}"
                body = {"text": text, "category": CATEGORY, "lon": lon, "lat": lat}
                told = await self.post(door, "/reports", body | {"lane": "routine"}, new_id())
                cases.append(told["case"]["id"])

        await asyncio.gather(*map(take, self.doors))
        return cases

    async def in_bulk(self, name: str, ids: list[str], arguments: Json) -> None:
        """Do one command to many, in parts, while a colleague writes notes; keep what was met."""
        going = asyncio.Event()
        notes = asyncio.create_task(self._notes(self.noted_case, going))
        refused, cpu, started = 0, self.server.cpu_s(), perf_counter()
        for start in range(0, len(ids), PART):
            body = {"ids": ids[start : start + PART], "command": name, "arguments": arguments}
            key = new_id()
            told = await self.post(self.doors[0], "/cases/bulk", body, key)
            refused += told["refused"]
            if start == 0:  # as after an answer that was lost on its way
                again = await self.post(self.doors[0], "/cases/bulk", body, key)
                replayed = sum(one["replayed"] for one in again["results"])
                refused += again["done"] - replayed
        seconds, spent = perf_counter() - started, self.server.cpu_s() - cpu
        going.set()
        waited = sorted(await notes)
        each = spent * 1000 / len(ids)
        step = Step(name, len(ids), seconds, each, quantile_ms(waited, 0.99), refused)
        self.steps.append(step)
        print(step, flush=True)

    async def _notes(self, case_id: str, ended: asyncio.Event) -> list[float]:
        waited = []
        while not ended.is_set():
            seen = orjson.loads((await self.colleague.ask("GET", f"/api/v1/cases/{case_id}")).body)
            body = {"name": "add_note", "version": seen["case"]["version"], "arguments": {"text": "已回访"}}  # fmt: skip
            started = perf_counter()
            await self.post(self.colleague, f"/cases/{case_id}/commands", body, new_id())
            waited.append(perf_counter() - started)
            await asyncio.sleep(0.2)
        return waited

    async def alone(self, ids: list[str]) -> float:
        """Do the first step one request each; return the server's milliseconds of processor for one."""
        cpu = self.server.cpu_s()
        for case_id in ids:
            seen = orjson.loads((await self.doors[0].ask("GET", f"/api/v1/cases/{case_id}")).body)
            name, arguments = LIFE[0]
            body = {"name": name, "version": seen["case"]["version"], "arguments": arguments}
            await self.post(self.doors[0], f"/cases/{case_id}/commands", body, new_id())
        return (self.server.cpu_s() - cpu) * 1000 / len(ids)

    async def run(self, count: int) -> Json:
        """Merge one flood, assign and close another; return what is wrong."""
        [self.noted_case] = await self.reports(1, "另一起", 0.0)
        cases = await self.reports(count, "同一处", 0.0005)
        master, *others = cases
        await self.in_bulk("merge", others, {"master": master})
        seen = orjson.loads((await self.doors[0].ask("GET", f"/api/v1/cases/{master}")).body)
        many = await self.reports(count, "各处", SPREAD)
        baseline = await self.alone(await self.reports(ALONE, "逐件", SPREAD))
        for name, arguments in LIFE:
            await self.in_bulk(name, many, arguments)
        closed = 0
        for case_id in many:
            told = await self.doors[0].ask("GET", f"/api/v1/cases/{case_id}")
            closed += orjson.loads(told.body)["case"]["state"] == "CLOSED"
        return {
            "lost": (count - closed) + abs(seen["case"]["reports"] - count),
            "refused": sum(step.refused for step in self.steps),
            "alone_cpu_ms": round(baseline, 1),
        }


def on_store(home: Path, of_county: Path, url: str, count: int) -> Json:
    """Run the flood on one store and return its numbers."""
    print(f"  {store_name(url)}")
    home.mkdir()
    shutil.copytree(county_folder(of_county), county_folder(home))
    port = free_port()
    officers = sign_in(Settings(home=home, database_url=url), 20, f"http://127.0.0.1:{port}")
    environment = {
        "ONENET_LOG_LEVEL": "error",
        "ONENET_COVERAGE": "false",
        "ONENET_DATABASE_URL": url,
    }
    server = Child(["app.py", "--home", str(home), "--port", str(port)], environment, silent=True)
    try:
        wait_until_ready(port, READY_WITHIN_S)
        flood = Flood(server, port, officers)
        west, south, east, north = county(port, officers[0]["headers"])["bbox"]
        flood.center = ((west + east) / 2, (south + north) / 2)
        told = asyncio.run(flood.run(count))
    finally:
        server.end()
    steps = {
        step.what: {"s": round(step.seconds, 1), "cpu_ms": round(step.cpu_ms, 1),
                    "other_p99_ms": round(step.other_p99_ms)}
        for step in flood.steps
    }  # fmt: skip
    return told | {"steps": steps}


def stores(folder: Path, of_county: Path, count: int) -> Iterator[tuple[str, Json]]:
    """Yield the numbers of each store there is."""
    yield "SQLite", on_store(folder / "sqlite", of_county, "", count)
    with postgres.running() as url:
        if url is None:
            print("  PostgreSQL: not on this machine, not measured")
            return
        with database(url, "onenet_flood") as ours:
            yield "PostgreSQL", on_store(folder / "postgres", of_county, ours, count)


def main() -> int:
    """Measure and print one line of JSON."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--quick", action="store_true", help="a tenth of it")
    asked = words.parse_args()
    random.seed(SEED)
    count = QUICK_FLOOD if asked.quick else FLOOD
    with TemporaryDirectory(prefix="onenet-flood-") as folder:
        ensure_sample(Path(folder), SMALL)
        value = dict(stores(Path(folder), Path(folder), count))
    filed = [one["steps"]["file"]["cpu_ms"] for one in value.values()]
    alone = [one["alone_cpu_ms"] for one in value.values()]
    line = {
        "name": "flood", "bar": BAR, "cases": count, "value": value,
        "baseline": {"what": "filed one by one, ms of processor each", "value": alone},
        "ratio": round(alone[0] / filed[0], 2), "lost": sum(one["lost"] for one in value.values()),
        "load": round(os.getloadavg()[0], 1),
        "ok": all(not one["lost"] and not one["refused"] for one in value.values()),
    }  # fmt: skip
    print(orjson.dumps(line).decode())
    return 0 if line["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
