"""Plays planned calls through the API: each call along its chain, many side by side, every deed under a key of its own."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from exchange.calllogs.mapping import Mapping
from exchange.calllogs.model import LoggedCall
from exchange.replay.client import Api, GaveUp, Reply
from exchange.replay.fleet import Fleet
from exchange.replay.pace import Pace
from exchange.replay.plan import CallPlan, PlannedCommand
from exchange.replay.tally import Tally
from vocabulary.clock import to_text

_CALLS_AT_ONCE: Final = 12  # where there is no pace to keep
_MOST_READS_ANEW: Final = 8
_MOST_TAKEN: Final = 50
_KEY_REUSED: Final = "idempotency.key_reused"
_TAKEN: Final = "dispatch.unit_taken"  # by the case before
_STALE: Final = 409
_FAULT: Final = 500
_REPORT: Final = "report"

Json = dict[str, Any]


@dataclass(slots=True)
class Played:
    """What became of the calls: the case of each that was taken, and those given up."""

    cases: dict[str, str] = field(default_factory=dict)
    given_up: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Which playing this is: `seed` tells one from another, so that the same log can be played twice on purpose."""

    log: str
    seed: int
    exercise: bool

    @property
    def name(self) -> str:
        """Return the run's name, as keys and texts carry it."""
        return self.log if self.seed == 0 else f"{self.log}.{self.seed}"

    def key(self, call: LoggedCall, label: str) -> str:
        """Return the idempotency key of one step: the same in every run of this log and seed."""
        return f"replay:{self.name}:{call.key}:{label}"

    def mark(self, call: LoggedCall) -> str:
        """Return what the text carries, so that the case can be found again."""
        return f"[{self.name}:{call.key}]"


class Player:
    """Plays calls."""

    def __init__(
        self, run: Run, api: Api, pace: Pace, places: Mapping, fleet: Fleet | None, tally: Tally
    ) -> None:
        self._run, self._api, self._pace, self._places = run, api, pace, places
        self._fleet, self._tally = fleet, tally
        self.played = Played()

    async def play(self, plans: Sequence[CallPlan]) -> Played:
        """Play every call at its time; return when the last is done."""
        self._tally.calls = len(plans)
        self._pace.begin()
        room = asyncio.Semaphore(_CALLS_AT_ONCE if not self._pace.speed else len(plans) + 1)
        async with asyncio.TaskGroup() as group:
            for plan in plans:
                await self._pace.until(plan.call.received_at)
                await room.acquire()
                group.create_task(self._call(plan, room))
        return self.played

    async def _call(self, plan: CallPlan, room: asyncio.Semaphore) -> None:
        try:
            case = await self._report(plan)
            if case:
                async with asyncio.TaskGroup() as group:
                    for work in (self._follow(plan, case), *self._moves(plan)):
                        group.create_task(work)
        except* GaveUp:
            self.played.given_up.append(plan.call.key)
        finally:
            room.release()

    def _moves(self, plan: CallPlan) -> list[Any]:
        if self._fleet is None:
            return []
        scene = self._places.place(plan.call.place)
        return [self._fleet.drive(leg, scene) for leg in plan.legs]

    async def _report(self, plan: CallPlan) -> Json | None:
        call = plan.call
        key = self._run.key(call, "report")
        reply = await self._api.post("reports", self._body(call), key)
        self._count(reply, _REPORT)
        self._tally.reports += 1
        self._despair(plan, reply)
        if not reply.well:
            return None
        case: Json = reply.body["case"]
        self.played.cases[call.key] = case["id"]
        return case

    def _body(self, call: LoggedCall) -> dict[str, Any]:
        place = self._places.place(call.place)
        body: dict[str, Any] = {
            "text": f"{call.text} {self._run.mark(call)}",
            "category": call.category,
            "lon": place.lon_deg,
            "lat": place.lat_deg,
            "source": "911",
            "occurred_at": to_text(self._pace.told_as(call.received_at)),
            "address": call.address[:200],
            "exercise": self._run.exercise,
        }
        if call.units:  # dispatched before it was filed (派遣先行), as the chain shows
            body["lane"] = "emergency"
        if call.priority:
            body["priority"] = call.priority.value
        return body

    async def _follow(self, plan: CallPlan, case: Json) -> None:
        # The version as it was answered to the report, so that a second run sends the very same and is answered the same.
        version = int(case["version"])
        for command in plan.commands:
            await self._pace.until(command.at)
            version = await self._command(plan, str(case["id"]), command, version)

    async def _version(self, case: str, before: int) -> int:
        reply = await self._api.get(f"cases/{case}")
        return int(reply.body["case"]["version"]) if reply.well else before

    async def _command(
        self, plan: CallPlan, case: str, command: PlannedCommand, version: int
    ) -> int:
        reply = await self._ask(plan, case, command, version)
        reply = await self._free_units(plan, case, command, version, reply)
        for _ in range(_MOST_READS_ANEW):
            if reply.status != _STALE or reply.code in (_KEY_REUSED, _TAKEN):
                break
            self._tally.stale += 1
            version = await self._version(case, version)
            reply = await self._ask(plan, case, command, version)
        self._count(reply, command.name)
        self._despair(plan, reply)
        return int(reply.body["case"]["version"]) if reply.well else version

    async def _free_units(
        self, plan: CallPlan, case: str, command: PlannedCommand, version: int, reply: Reply
    ) -> Reply:
        """Clear the units that the log shows on their next call while their last case was not closed yet, and ask again."""
        for _ in range(_MOST_TAKEN):  # played without a pace, other calls may take them again first
            if reply.code != _TAKEN:
                break
            held = str(reply.body["assignment"])
            key = self._run.key(plan.call, f"clear-{held}")
            await self._api.post(f"assignments/{held}/clear", {}, key)
            reply = await self._ask(plan, case, command, version)
        return reply

    async def _ask(self, plan: CallPlan, case: str, command: PlannedCommand, version: int) -> Reply:
        body = {
            "name": command.name,
            "version": version,
            "arguments": command.arguments,
            "occurred_at": to_text(self._pace.told_as(command.at)),
        }
        key = self._run.key(plan.call, command.label)
        return await self._api.post(f"cases/{case}/commands", body, key)

    def _despair(self, plan: CallPlan, reply: Reply) -> None:
        # What we ask may be refused; that the console itself fails is a loss.
        if reply.status >= _FAULT:
            self.played.given_up.append(plan.call.key)

    def _count(self, reply: Reply, name: str) -> None:
        self._tally.sent += 1
        if reply.code == _KEY_REUSED and name != _REPORT:
            self._tally.replayed += 1  # done before, at another version
        elif not reply.well:
            self._tally.refused[f"{name} {reply.code}"] += 1
        elif reply.replayed:
            self._tally.replayed += 1
        else:
            self._tally.accepted += 1
