"""Cases and units in one store, as the console's own effects see them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from dispatch.assigning import Desk, call_units, lapse, take_step
from dispatch.assignment import Assignment
from dispatch.assignment_rules import Step
from dispatch.handlers import follow_case, register_unit
from dispatch.messages import UnitRegistered
from dispatch.model import Unit
from incidents.commands import Dispatch, ReceiveReport
from incidents.handlers import command_case, receive_report
from incidents.model import Case, Lane, Priority
from incidents.rulebook import shipped_tables
from incidents.store import Located
from security.sealing import open_keyring
from storage.assignments import list_assignments, load_assignment
from storage.case_work import CasesInTransaction
from storage.cases import load_case
from storage.journal import Journal
from storage.transaction import Transaction
from storage.units import UnitsInTransaction, load_unit
from tests.clocks import ManualClock
from vocabulary.ids import UnitId
from vocabulary.message import Actor, Event, Recorded
from vocabulary.place import Place

T = TypeVar("T")
PATIENCE_S = 60.0  # a busy machine is no reason to lose a race
SCENE = Place(119.9, 30.5)


def dispatcher(name: str = "张三") -> Actor:
    return Actor(id=name, name=name, kind="person", roles=frozenset({"dispatcher"}))


def crew(department: str = "fire") -> Actor:
    return Actor(
        id="crew", name="车组", kind="person", roles=frozenset({"responder"}), department=department
    )


def _register(unit: UnitRegistered, desk: Desk) -> bool:
    return register_unit(desk.units, unit, dispatcher())


def _follow(told: Recorded[Event], desk: Desk) -> None:
    follow_case(desk.units, told.event, told.event_id, desk.at)


class Office:
    """The centre over a real store; time is moved by hand."""

    def __init__(self, journal: Journal, clock: ManualClock, folder: Path) -> None:
        self.journal, self.clock = journal, clock
        self.keyring = open_keyring(folder / "sealing")
        self.heard = 0

    def desk(self, transaction: Transaction) -> Desk:
        return Desk(
            units=UnitsInTransaction(transaction),
            cases=CasesInTransaction(transaction, self.keyring),
            tables=shipped_tables(),
            at=self.clock.now(),
        )

    async def do(self, work: Callable[[Desk], T]) -> T:
        return await self.journal.write(
            lambda transaction: work(self.desk(transaction)), PATIENCE_S
        )

    async def register(self, *units: UnitRegistered) -> None:
        for unit in units:
            await self.do(partial(_register, unit))

    async def open_case(self, priority: Priority = Priority.P0) -> Case:
        report = ReceiveReport(
            text="三楼冒烟", category="Y0201", place=SCENE, lane=Lane.EMERGENCY, priority=priority
        )

        def work(desk: Desk) -> Case:
            return receive_report(
                desk.cases, report, actor=dispatcher(), at=desk.at, tables=desk.tables,
                locate=lambda _place: Located(division="990101"),
            ).case  # fmt: skip

        return await self.do(work)

    async def dispatch(
        self, case: Case, *units: str, by: str = "张三", assists: tuple[str, ...] = ()
    ) -> Case:
        wish = Dispatch(lead="fire", assists=assists, units=tuple(map(UnitId, units)))

        def work(desk: Desk) -> Case:
            outcome = command_case(
                desk.cases, case.id, case.version, wish, actor=dispatcher(by), at=desk.at, tables=desk.tables,
            )  # fmt: skip
            call_units(desk, outcome.case, [one.event for one in outcome.recorded], dispatcher(by))
            return outcome.case

        return await self.do(work)

    async def step(
        self, held: Assignment, step: Step, reason: str = "", by: Actor | None = None
    ) -> Unit:
        return await self.do(lambda desk: take_step(desk, held, step, reason, by or crew()))

    async def lapse(self, held: Assignment) -> bool:
        return await self.do(lambda desk: lapse(desk, held))

    async def hear_cases(self) -> None:
        """Let units follow what cases told since the last time, as the console's flow does."""
        for one in await self.journal.events_after(self.heard, 10_000):
            self.heard = one.seq
            if one.event.kind.startswith("incidents."):
                await self.do(partial(_follow, one))

    async def case(self, id: str) -> Case:
        found = await self.journal.read(lambda connection: load_case(connection, id))
        assert found is not None
        return found

    async def unit(self, id: str) -> Unit:
        found = await self.journal.read(lambda connection: load_unit(connection, id))
        assert found is not None
        return found

    async def assignment(self, id: str) -> Assignment:
        found = await self.journal.read(lambda connection: load_assignment(connection, id))
        assert found is not None
        return found

    async def held(self, unit: str) -> Assignment:
        found = (await self.unit(unit)).open_assignment
        assert found is not None
        return found

    async def of_case(self, case: Case) -> list[Assignment]:
        return await self.journal.read(
            lambda connection: list_assignments(
                connection, case_id=case.id, unit_id=None, open=None
            )
        )
