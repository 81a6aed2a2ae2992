"""The whole call as the console does it: units, positions, plans and case from the store, weighed, made into JSON."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, Final, cast

import orjson

from bench.roads import NOW, Day
from county.closures import InForce
from county.travel import Travel
from dispatch.handlers import equip_unit, register_unit
from dispatch.kinds import Waits, answer_within
from dispatch.messages import UnitEquipped, UnitRegistered
from dispatch.model import Position, Unit
from incidents.commands import ReceiveReport
from incidents.handlers import receive_report
from incidents.model import Lane, Priority
from incidents.rulebook import Tables, shipped_tables
from incidents.store import Located
from runtime.home import open_journal, open_prepared_store
from runtime.memory import settle_memory
from runtime.plan_work import bring_plans
from runtime.recommending import Recommending
from runtime.road_network import RoadNetwork
from runtime.rooms import Rooms
from runtime.settings import Settings
from security.audit import AuditKey
from security.policy import permissions_of
from security.principal import Principal
from security.sealing import Keyring, open_keyring
from storage.case_work import CasesInTransaction
from storage.journal import Journal
from storage.transaction import Transaction
from storage.units import UnitsInTransaction, keep_position
from vocabulary.ids import UnitId
from vocabulary.message import SYSTEM, Actor
from vocabulary.place import Place

CATEGORY: Final = "Y0207"  # a gas leak: the plan that the bench takes is the one for it
WHO: Final = Principal(
    actor=Actor(id="bench", name="值班长", kind="person", roles=frozenset({"supervisor"})),
    permissions=permissions_of(["supervisor"]),
)


class StoppedClock:
    """The instant at which the fleet was seen."""

    def now(self) -> datetime:
        """Return it."""
        return NOW


@dataclass
class _Rooms:
    """What of `Rooms` a recommendation asks."""

    journal: Journal
    keyring: Keyring
    clock: StoppedClock = field(default_factory=StoppedClock)
    tables: Tables = field(default_factory=shipped_tables)
    audit_key: AuditKey = field(default_factory=lambda: AuditKey(b"b" * 32))
    waits: Waits = field(default_factory=answer_within)


@dataclass
class _Roads:
    """`RoadNetwork` over the day's map and closures."""

    travel_or_none: Travel
    force: InForce | None = None

    async def in_force(self) -> InForce:
        """Return the closures of the moment."""
        assert self.force is not None
        return self.force


def whole_calls(
    day: Day, units: Sequence[Unit], seen: Mapping[UnitId, Position], plan: Path, times: int
) -> list[tuple[float, float]]:
    """Return what each call took, in seconds of the clock and of the processor, over a SQLite of its own."""
    with TemporaryDirectory() as folder:
        journal = open_journal(
            open_prepared_store(Settings(home=Path(folder))), cast("Any", StoppedClock())
        )
        try:
            rooms = _Rooms(journal, open_keyring(Path(folder) / "sealing"))
            assert not bring_plans(journal, [plan], rooms.tables)
            journal.write_blocking(lambda transaction: _bring(transaction, units, seen))
            settle_memory()  # as the console does once it stands
            return asyncio.run(_ask(day, rooms, times))
        finally:
            journal.stop()
            journal.store.close()


def _bring(
    transaction: Transaction, units: Sequence[Unit], seen: Mapping[UnitId, Position]
) -> None:
    known = UnitsInTransaction(transaction)
    for unit in units:
        registered = UnitRegistered(
            unit_id=unit.id, name=unit.name, unit_kind=unit.kind, department=unit.department,
            home=unit.home,
        )  # fmt: skip
        register_unit(known, registered, SYSTEM)
        gear = UnitEquipped(
            unit_id=unit.id, name_en="", skills=unit.skills, crew=4, vehicle="", radio=""
        )
        equip_unit(known, gear, SYSTEM)
        keep_position(transaction.connection, seen[unit.id])


async def _ask(day: Day, rooms: _Rooms, times: int) -> list[tuple[float, float]]:
    roads = _Roads(day.travel)
    recommending = Recommending(cast("Rooms", rooms), cast("RoadNetwork", roads))
    taken = []
    for number in range(times):
        place, roads.force = day.moves_on(number)
        case_id = await _open(rooms, place)
        started, used = perf_counter(), process_time()
        orjson.dumps(await recommending.recommendation(WHO, case_id))
        taken.append((perf_counter() - started, process_time() - used))
    return taken


async def _open(rooms: _Rooms, place: Place) -> str:
    report = ReceiveReport(
        text="燃气泄漏", category=CATEGORY, place=place, lane=Lane.EMERGENCY, priority=Priority.P0
    )

    def work(transaction: Transaction, /) -> str:
        cases = CasesInTransaction(transaction, rooms.keyring)
        opened = receive_report(
            cases, report, actor=WHO.actor, at=NOW, tables=rooms.tables,
            locate=lambda _place: Located(division="990101"),
        )  # fmt: skip
        return opened.case.id

    return await rooms.journal.write(work)
