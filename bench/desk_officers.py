"""Two hundred officers in a process of their own: a plan comes on stdin, what they met goes out as one line of JSON."""

import asyncio
import random
import resource
import sys
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, Final

import orjson
import uvloop

from bench.desk_door import Door, Unanswered
from vocabulary.ids import new_id

Json = dict[str, Any]
CATEGORY, LEAD = "E0506", "drainage"
# Who does what next with a case, by the pile it lies in.
STEPS: Final[dict[str, tuple[tuple[str, str, Json], ...]]] = {
    "intake": (("NEW", "file", {}),),
    "dispatcher": (("FILED", "dispatch", {"lead": LEAD}),),
    "responder": (
        ("DISPATCHED", "accept", {}),
        ("ACCEPTED", "arrive", {}),
        ("ON_SCENE", "resolve", {"note": "已抽排,路面恢复通行"}),
    ),
    "supervisor": (("RESOLVED", "close", {}),),
}
REPORTS_SHARE: Final = 0.6  # of what an intake officer does; the rest is filing
EMERGENCY_SHARE: Final = 0.3
CONTENDED_SHARE: Final = 0.05  # taken up while a colleague does, too
AGAIN_SHARE: Final = (
    0.05  # sent once more under the same key, as when an answer was lost on its way
)
QUEUE_SHARE: Final = 0.33  # of the acts begin with a look at the queue
WARM_AT_ONCE: Final = 4
CONFLICT: Final = 409
REFUSED: Final = range(400, 500)


class Board:
    """The office: cases by what is to be done next, and what was met."""

    def __init__(self, plan: Json) -> None:
        self.plan = plan
        self.piles: dict[str, deque[Json]] = {
            pile: deque() for row in STEPS.values() for pile, *_ in row
        }
        self.known: deque[Json] = deque(maxlen=500)
        self.samples: dict[str, list[float]] = {"command": [], "read": []}
        self.counts: Counter[str] = Counter()
        self.told: list[
            list[Any]
        ] = []  # [what, key, case id, seqs or text] of everything that was acknowledged

    def put(self, case: Json) -> None:
        """Lay a case on the pile of who comes next."""
        emergency = case["state"] == "NEW" and case["lane"] == "emergency"
        pile = "FILED" if emergency else case["state"]
        self.known.append(case)
        if pile in self.piles:
            self.piles[pile].append(case)

    def take(self, role: str) -> tuple[Json, str, Json] | None:
        """Return a case, the command and its arguments for who has this role, None where nothing waits."""
        waiting = [row for row in STEPS[role] if self.piles[row[0]]]
        if not waiting:
            return None
        pile, name, arguments = random.choice(waiting)  # noqa: S311
        case = self.piles[pile].popleft()
        if random.random() < CONTENDED_SHARE:  # noqa: S311
            self.piles[pile].append(case)
        return case, name, arguments

    def note(self, role: str) -> tuple[Json, str, Json] | None:
        """Return a case to write a note into; a department sees its own alone."""
        seen = [case for case in self.known if role != "responder" or case["lead"] == LEAD]
        return (random.choice(seen), "add_note", {"text": "已电话回访"}) if seen else None  # noqa: S311

    def restart(self) -> None:
        """Forget what was measured; what was acknowledged stays."""
        self.samples = {"command": [], "read": []}


class Officer:
    """One person at one desk: looks, reads, and does what is next."""

    def __init__(self, board: Board, who: Json) -> None:
        self.board, self.role = board, who["role"]
        self.door = Door(board.plan["port"], who["headers"])

    async def act(self) -> None:
        """Do one thing."""
        board = self.board
        if random.random() < QUEUE_SHARE:  # noqa: S311
            await self._read("/api/v1/cases?open=true&limit=100")
        if self.role == "intake" and random.random() < REPORTS_SHARE:  # noqa: S311
            await self._report()
            return
        if work := board.take(self.role) or board.note(self.role):
            case, name, arguments = work
            seen = await self._read(f"/api/v1/cases/{case['id']}")
            await self._command(seen["case"], name, arguments)

    async def _read(self, path: str) -> Json:
        started = perf_counter()
        answer = await self.door.ask("GET", path)
        self.board.samples["read"].append(perf_counter() - started)
        if answer.status in REFUSED:
            raise RuntimeError(f"{path}: {answer.body.decode()[:300]}")
        told: Json = orjson.loads(answer.body)
        return told

    async def _report(self) -> None:
        key, (lon, lat) = new_id(), self.board.plan["center"]
        text = f"道路积水,车辆无法通行 {key}"
        where = {"lon": lon + random.gauss(0, 0.02), "lat": lat + random.gauss(0, 0.02)}
        lane = "emergency" if random.random() < EMERGENCY_SHARE else "routine"  # noqa: S311
        caller = {"caller_phone": f"138{random.randrange(10**8):08d}", "caller_name": "王女士"}  # noqa: S311
        body = {"text": text, "category": CATEGORY, "lane": lane, **where, **caller}
        told = await self._deed("/api/v1/reports", body, key)
        if told is not None:
            self.board.told.append(["report", key, told["case"]["id"], text])
            self.board.put(told["case"])

    async def _command(self, case: Json, name: str, arguments: Json) -> None:
        body = {"name": name, "version": case["version"], "arguments": arguments}
        key = new_id()
        told = await self._deed(f"/api/v1/cases/{case['id']}/commands", body, key)
        if told is not None:
            seqs = [event["seq"] for event in told["events"]]
            self.board.told.append(["command", key, case["id"], seqs])
            if name != "add_note":
                self.board.put(told["case"])

    async def _deed(self, path: str, body: Json, key: str) -> Json | None:
        """Send until it is answered; return the answer, None where it was refused."""
        counts, started = self.board.counts, perf_counter()
        answer = await self.door.ask("POST", path, body, key)
        self.board.samples["command"].append(perf_counter() - started)
        counts["commands"] += 1
        if answer.status in REFUSED:
            counts["conflicts" if answer.status == CONFLICT else "refused"] += 1
            return None
        if random.random() < AGAIN_SHARE:  # noqa: S311
            again = await self.door.ask("POST", path, body, key)
            counts["sent_again"] += 1
            counts["answered_otherwise"] += (again.status, again.body) != (
                answer.status,
                answer.body,
            )
        told: Json = orjson.loads(answer.body)
        return told


class PlainOfficer(Officer):
    """For the baseline: every act is one insert."""

    async def act(self) -> None:
        """Send a body as large as a report's."""
        body = {
            "text": "道路积水,车辆无法通行" * 2,
            "category": CATEGORY,
            "lon": 120.0,
            "lat": 30.0,
        }
        started = perf_counter()
        await self.door.ask("POST", "/plain", body, new_id())
        self.board.counts["commands"] += 1
        self.board.samples["command"].append(perf_counter() - started)


async def work(plan: Json) -> Json:
    """Warm up, work as on a day, then all at once; return what was met."""
    board = Board(plan)
    kind = PlainOfficer if plan["plain"] else Officer
    officers = [kind(board, who) for who in plan["officers"]]
    await _in_turn(board, officers, plan["warm"])
    board.restart()
    cpu, started = _cpu_s(), perf_counter()
    print(orjson.dumps({"phase": "day"}).decode(), flush=True)
    await asyncio.gather(*(_day(board, one, started + plan["seconds"]) for one in officers))
    day = _phase(board, perf_counter() - started, _cpu_s() - cpu)
    board.restart()
    print(orjson.dumps({"phase": "burst"}).decode(), flush=True)
    cpu, started = _cpu_s(), perf_counter()
    for _ in range(plan["bursts"]):
        await asyncio.gather(*(_guarded(board, one.act) for one in officers))
    burst = _phase(board, perf_counter() - started, _cpu_s() - cpu)
    retries = sum(one.door.retries for one in officers)
    return {
        "day": day,
        "burst": burst,
        "counts": {**board.counts, "retries": retries},
        "told": board.told,
    }


async def _in_turn(board: Board, officers: list[Officer], rounds: int) -> None:
    turns = asyncio.Semaphore(WARM_AT_ONCE)

    async def turn(officer: Officer) -> None:
        async with turns:
            await _guarded(board, officer.act)

    for _ in range(rounds):
        await asyncio.gather(*map(turn, officers))


async def _day(board: Board, officer: Officer, until: float) -> None:
    think_s = board.plan["think_s"]
    pause_s = random.uniform(0, think_s)  # noqa: S311
    while perf_counter() + pause_s < until:
        await asyncio.sleep(pause_s)
        await _guarded(board, officer.act)
        pause_s = random.expovariate(1 / think_s)


async def _guarded(board: Board, act: Callable[[], Awaitable[None]]) -> None:
    try:
        await act()
    except Unanswered:
        board.counts["unanswered"] += 1


def _phase(board: Board, seconds: float, cpu_s: float) -> Json:
    samples = {name: sorted(values) for name, values in board.samples.items()}
    return {"seconds": seconds, "client_cpu_s": cpu_s, **samples}


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Read the plan, work, and tell."""
    plan = orjson.loads(sys.stdin.buffer.read())
    random.seed(plan["seed"])
    print(orjson.dumps(uvloop.run(work(plan))).decode(), flush=True)


if __name__ == "__main__":
    main()
