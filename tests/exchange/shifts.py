"""Handing over by the console in memory: the real rules over a dictionary."""

from collections.abc import Sequence

from exchange.ports import Json, Once
from incidents.handover import handlers
from incidents.handover.handlers import Changed
from incidents.handover.messages import CountersignShift, SignShift, WithdrawShift
from incidents.handover.model import Handover
from incidents.handover.rules import apply, make_sheet
from incidents.handover.summary import handover_row, sheet_row
from security.principal import Principal
from tests.exchange.memory import Memory
from tests.exchange.unit_console import Kept
from vocabulary.errors import Refused
from vocabulary.ids import new_id
from vocabulary.message import Actor, Event, Recorded


class MemoryHandovers:
    """`incidents.handover.store.Handovers`."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.kept: dict[str, Handover] = {}

    def load(self, handover_id: str) -> Handover | None:
        return self.kept.get(handover_id)

    def standing(self) -> Sequence[Handover]:
        return [one for one in self.kept.values() if one.open]

    def append(
        self, handover_id: str, version: int, events: Sequence[Event], actor: Actor
    ) -> list[Recorded[Event]]:
        told: list[Recorded[Event]] = []
        for at, event in enumerate(events, start=version + 1):
            now = self.memory.clock.now()
            after = apply(self.load(handover_id), event, version=at, at=now, by=actor)
            assert after is not None
            self.kept[handover_id] = after
            told.append(
                Recorded(
                    seq=len(self.memory.journal) + 1,
                    event_id=new_id(),
                    stream=f"handover:{handover_id}",
                    version=at,
                    event=event,
                    recorded_at=now,
                    source_at=None,
                    actor=actor,
                    cause_id=None,
                    chain="",
                )
            )
        return told


class MemoryShifts:
    """`exchange.shift_ports.ShiftService`."""

    memory: Memory
    handovers_kept: MemoryHandovers

    async def shift_sheet(self, principal: Principal) -> Json:
        return sheet_row(make_sheet(self.memory.cases.values(), self.memory.clock.now()))

    async def handovers(self, principal: Principal, limit: int) -> list[Json]:
        found = list(self.handovers_kept.kept.values())[-limit:]
        return [handover_row(one, items=False) for one in found]

    async def handover(self, principal: Principal, handover_id: str) -> Json:
        found = self.handovers_kept.load(handover_id)
        if found is None:
            raise Refused("shift.unknown", value=handover_id)
        return handover_row(found)

    async def print_handover(self, principal: Principal, handover_id: str, language: str) -> bytes:
        await self.handover(principal, handover_id)
        return b"%PDF-1.7"

    async def sign_shift(self, principal: Principal, wish: SignShift, once: Once) -> Kept:
        sheet = make_sheet(self.memory.cases.values(), self.memory.clock.now())
        actor = principal.actor
        signed = handlers.sign(self.handovers_kept, wish, sheet, handover_id=new_id(), actor=actor)
        return _kept(201, signed)

    async def countersign_shift(
        self, principal: Principal, wish: CountersignShift, once: Once
    ) -> Kept:
        return _kept(200, handlers.countersign(self.handovers_kept, wish, actor=principal.actor))

    async def withdraw_shift(self, principal: Principal, wish: WithdrawShift, once: Once) -> Kept:
        return _kept(200, handlers.withdraw(self.handovers_kept, wish, actor=principal.actor))


def _kept(status: int, changed: Changed) -> Kept:
    return Kept(status, {"handover": handover_row(changed.handover), "seq": changed.seq})
