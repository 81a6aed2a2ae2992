"""Positions in bulk, tracks and terminals in memory, behind the real API."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from exchange.avl import Fix, FixTaken, Terminal
from exchange.ports import Once
from security.principal import Principal
from tests.exchange.unit_console import Kept, UnitConsole
from vocabulary.errors import Refused

Json = dict[str, Any]


class MemoryDoor:
    """`exchange.avl.FixTaker` for one terminal; `down` is what the store says while it does not answer."""

    def __init__(self, *terminals: Terminal) -> None:
        self.known = {one.id: one for one in terminals}
        self.fixes: list[Fix] = []
        self.refused: list[Refused] = []
        self.connected: dict[str, bool] = {}
        self.down: Exception | None = None

    async def take_fixes(self, fixes: Sequence[Fix]) -> list[FixTaken]:
        if self.down:
            raise self.down
        self.fixes += fixes
        return [FixTaken(newest=True) for _fix in fixes]

    async def terminal(self, id: str) -> Terminal | None:
        return self.known.get(id)

    def terminal_code(self, id: str) -> str:
        return f"code-{id}"

    def terminal_heard(self, id: str, *, connected: bool) -> None:
        self.connected[id] = connected

    def refuse(self, wire: str, peer: str, problem: Refused, raw: bytes) -> None:
        self.refused.append(problem)


class AvlConsole(UnitConsole, MemoryDoor):
    """The part of `exchange.avl.AvlService` that is asked over HTTP."""

    def __init__(self) -> None:
        UnitConsole.__init__(self)
        MemoryDoor.__init__(self)

    async def positions(self, principal: Principal, fixes: Sequence[Fix]) -> Json:
        await self.take_fixes(fixes)
        return {"items": [{"unit_id": fix.unit_id, "accepted": True} for fix in fixes]}

    async def track(
        self, principal: Principal, unit_id: str, since: datetime | None, until: datetime | None
    ) -> Json:
        if unit_id not in self.known_units:
            raise Refused("dispatch.unknown_unit", unit=unit_id)
        return {"type": "Feature", "geometry": None, "properties": {}}

    async def terminals(self, principal: Principal) -> list[Json]:
        return [self._shown(one) for one in self.known.values()]

    async def set_terminal(self, principal: Principal, terminal: Terminal) -> Json:
        self.known[terminal.id] = terminal
        return self._shown(terminal)

    def _shown(self, one: Terminal) -> Json:
        return {"id": one.id, "unit_id": one.unit_id, "connected": False, "heard_at": None}

    async def field_tasks(self, principal: Principal, unit_id: str) -> Json:
        if unit_id not in self.known_units:
            raise Refused("dispatch.unknown_unit", unit=unit_id)
        return {"unit": {"id": unit_id}, "items": [], "now": ""}

    async def field_note(
        self,
        principal: Principal,
        assignment_id: str,
        text: str,
        source_at: datetime | None,
        once: Once,
    ) -> Kept:
        raise Refused("dispatch.unknown_assignment", assignment=assignment_id)

    async def field_photo(
        self,
        principal: Principal,
        assignment_id: str,
        content: bytes,
        text: str,
        source_at: datetime | None,
        once: Once,
    ) -> Kept:
        raise Refused("dispatch.unknown_assignment", assignment=assignment_id)

    async def notifications(
        self, principal: Principal, state: str | None, case_id: str | None, limit: int
    ) -> Json:
        return {"items": [], "counts": {}}

    async def notify_again(self, principal: Principal, id: str) -> Json:
        raise Refused("notify.unknown", value=id)

    async def avl(self, principal: Principal) -> Json:
        return {"taken": {}, "refused": {}, "newest_refused": []}
