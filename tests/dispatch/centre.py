"""A centre that is recommended units, over a real store and small roads; time, roads and radio reach are moved by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

from county.closures import Closure, Closures, InForce
from county.travel import Travel
from dispatch.handlers import Saying, equip_unit, roster_unit, say_status
from dispatch.kinds import Waits, answer_within
from dispatch.messages import UnitEquipped, UnitRegistered
from dispatch.model import Declared, Position, Shift, UnitKind
from dispatch.plans import handlers as plan_handlers
from dispatch.reach import NotKnown, RadioReach
from exchange.dispatch_ports import PlanWish, Sending
from exchange.ports import Once
from incidents.commands import ReceiveReport
from incidents.handlers import receive_report
from incidents.model import Case, Lane, Priority
from incidents.rulebook import Tables, shipped_tables
from incidents.store import Located
from runtime.plan_work import PlanWork, bring_plans
from runtime.recommending import Recommending
from runtime.road_network import RoadNetwork
from runtime.rooms import Rooms
from security.audit import AuditKey
from security.policy import permissions_of
from security.principal import Principal
from security.sealing import Keyring, open_keyring
from storage.journal import Journal
from storage.plans import PlansInTransaction
from storage.transaction import Transaction
from storage.units import UnitsInTransaction, keep_position
from tests.clocks import ManualClock
from tests.county.road_maps import Way, at, graph
from tests.dispatch.calls import ZONE
from tests.dispatch.desks import Office, dispatcher
from vocabulary.ids import UnitId, new_id
from vocabulary.place import Place

Json = dict[str, Any]
PLANS = Path(__file__).parents[2] / "county" / "sample" / "tables" / "plans"
# A road from west to east over a river, and a way round over a second bridge in the north.
TOWN = (
    Way("west", ((0, 0), (1500, 0)), "primary", name="人民路"),
    Way("bridge", ((1500, 0), (2500, 0)), "primary", name="岚江大桥", bridge=True),
    Way("east", ((2500, 0), (4000, 0)), "primary", name="人民路"),
    Way("round", ((1500, 0), (1500, 2000), (2500, 2000), (2500, 0)), "primary", name="环城路"),
)
BRIDGE = at(2000, 0)
DAYTIME = tuple(Shift(weekday=day, begins_min=8 * 60, ends_min=18 * 60) for day in range(1, 8))


@dataclass
class Roads:
    """`RoadNetwork` over a small map."""

    travel_or_none: Travel | None = field(default_factory=lambda: Travel(graph(*TOWN)))
    closures: Closures = field(default_factory=Closures)
    clock: ManualClock = field(default_factory=ManualClock)

    async def in_force(self) -> InForce:
        return self.closures.in_force(self.clock.now())

    def close(self, place: Place, radius_m: float, hours: float = 2.0) -> None:
        ring = cast("Any", self.travel_or_none).graph.plane
        east, north = ring.metric(_pair(place))[0]
        import shapely

        circle = shapely.transform(shapely.Point(east, north).buffer(radius_m), ring.degrees)
        until = self.clock.now() + timedelta(hours=hours)
        self.closures = self.closures.with_closure(
            Closure(id=new_id(), until_at=until, area_wgs84=circle)
        )


def _pair(place: Place) -> Any:
    import numpy as np

    return np.array([[place.lon_deg, place.lat_deg]])


@dataclass
class FewRooms:
    """What of `Rooms` the two parts of the service use."""

    journal: Journal
    clock: ManualClock
    keyring: Keyring
    tables: Tables = field(default_factory=shipped_tables)
    audit_key: AuditKey = field(default_factory=lambda: AuditKey(b"k" * 32))
    waits: Waits = field(default_factory=answer_within)


def supervisor(name: str = "陈静") -> Principal:
    actor = dispatcher(name)
    return Principal(actor=actor, permissions=permissions_of(["supervisor"]))


class Centre(Office):
    """The office with its plans and recommendations."""

    def __init__(
        self, journal: Journal, clock: ManualClock, folder: Path, reach: RadioReach | None = None
    ) -> None:
        super().__init__(journal, clock, folder)
        self.roads = Roads(clock=clock)
        rooms = cast("Rooms", FewRooms(journal, clock, open_keyring(folder / "sealing")))
        network = cast("RoadNetwork", self.roads)
        self.recommending = Recommending(rooms, network, reach or NotKnown())
        self.plans = PlanWork(rooms)
        assert bring_plans(journal, sorted(PLANS.glob("*.toml")), shipped_tables()) == []

    async def add_unit(
        self,
        id: str,
        home: Place,
        kind: UnitKind,
        department: str,
        *skills: str,
        roster: Sequence[Shift] = (),
    ) -> None:
        """Make a unit known with what it can do and when it is on duty."""
        unit_id = UnitId(id)
        made = UnitRegistered(
            unit_id=unit_id, name=id, unit_kind=kind, department=department, home=home
        )
        await self.register(made)
        gear = UnitEquipped(
            unit_id=unit_id, name_en="", skills=skills, crew=4, vehicle="", radio=""
        )
        await self.do(lambda desk: equip_unit(desk.units, gear, dispatcher()))
        await self.do(lambda desk: roster_unit(desk.units, unit_id, roster, dispatcher()))

    async def opens(self, category: str, place: Place = BRIDGE, *, exercise: bool = False) -> Case:
        """Open an urgent case."""
        report = ReceiveReport(
            text="现场", category=category, place=place, lane=Lane.EMERGENCY, priority=Priority.P0,
            exercise=exercise,
        )  # fmt: skip
        return await self.do(
            lambda desk: receive_report(
                desk.cases, report, actor=dispatcher(), at=desk.at, tables=desk.tables,
                locate=lambda _place: Located(division="990101"),
            ).case
        )  # fmt: skip

    async def seen(self, id: str, place: Place, minutes_ago: float = 0.0) -> None:
        """Keep where a unit was seen."""
        observed = self.clock.now() - timedelta(minutes=minutes_ago)
        seen = Position(unit_id=UnitId(id), place=place, observed_at=observed, received_at=observed)

        def work(transaction: Transaction, /) -> bool:
            return keep_position(transaction.connection, seen)

        assert await self.journal.write(work)

    async def says(self, id: str, status: Declared) -> tuple[str, ...]:
        """Take a crew's word; return the warnings it was taken with."""
        saying = Saying(status=status, said_at=self.clock.now())

        def work(transaction: Transaction, /) -> tuple[str, ...]:
            units = UnitsInTransaction(transaction)
            return say_status(units, id, saying, ZONE, dispatcher()).warnings

        return await self.journal.write(work)

    async def recommended(self, case: Case) -> Json:
        return await self.recommending.recommendation(supervisor(), case.id)

    async def send(
        self, case: Case, told: Json, *units: str, reason: str = "", by: str = "陈静"
    ) -> Json:
        """Send units with the recommendation on the screen."""
        wish = Sending(
            version=(await self.case(case.id)).version,
            units=units or tuple(told["proposed"]),
            proposal=told["proposal"],
            reason=reason,
        )
        once = Once(key=new_id(), fingerprint="")
        answer = await self.recommending.send_recommended(supervisor(by), case.id, wish, once)
        body: Json = answer.body
        await self.hear_cases()
        return body

    async def responds(self, case: Case, step: str, **wish: Any) -> Json:
        """Do one step of a case's response."""
        once = Once(key=new_id(), fingerprint="")
        answer = await self.plans.respond(supervisor(), case.id, PlanWish(step=step, **wish), once)
        body: Json = answer.body
        return body

    async def hear_cases(self) -> None:
        """Let units and plans follow what cases told, as the console's flows do."""
        heard = self.heard
        await super().hear_cases()
        for one in await self.journal.events_after(heard, 10_000):
            await self.journal.write(partial(_plans_follow, one))


def _plans_follow(one: Any, transaction: Transaction, /) -> None:
    plan_handlers.follow_case(PlansInTransaction(transaction), one.event, one.event_id)


def gaps(told: Json) -> list[tuple[str, list[str]]]:
    """Return per need that lacks somebody: its skill and the codes."""
    return [
        (answer["need"]["skill"] or "", [gap["code"] for gap in answer["shortfalls"]])
        for answer in told["answers"]
        if answer["missing"]
    ]


def reasons_of(told: Json, unit: str) -> list[str]:
    """Return the codes of a unit's reasons, wherever it stands in the answer."""
    for answer in told["answers"]:
        for row in (*answer["picks"], *answer["others"]):
            if row["unit"] == unit:
                return [reason["code"] for reason in row["reasons"]]
    return []
