"""Warnings by the console in memory: the real rules over dictionaries, in a county of two towns."""

from exchange.ports import Json, Once
from incidents.warnings import handlers
from incidents.warnings.hand import called_off, identifier_at, issued
from incidents.warnings.messages import CancelWarning, IssueWarning, TakeWarning
from incidents.warnings.model import WarningMessage
from incidents.warnings.reach import reach_of
from incidents.warnings.rules import need_standing
from incidents.warnings.summary import warning_row
from security.principal import Principal
from tests.exchange.memory import Memory
from tests.exchange.unit_console import Kept
from tests.incidents.warned import COUNTY, ZONE, MemoryWarningStore
from vocabulary.errors import Refused


class MemoryWarnings:
    """`exchange.warning_ports.WarningService`."""

    memory: Memory
    warnings_kept: MemoryWarningStore

    async def warnings(self, principal: Principal, *, past: bool, limit: int) -> Json:
        found = [one for one in self.warnings_kept.kept.values() if one.open is not past]
        return {"items": [warning_row(one) for one in found[:limit]], "seq": self._seq}

    async def warning(self, principal: Principal, identifier: str) -> Json:
        found = self.warnings_kept.load(identifier)
        if found is None:
            raise Refused("warnings.unknown", value=identifier)
        return warning_row(found)

    async def take_warning(self, principal: Principal, wish: TakeWarning) -> Kept:
        return self._take(principal, wish.message)

    async def issue_warning(self, principal: Principal, wish: IssueWarning, once: Once) -> Kept:
        now, identifier = self.memory.clock.now(), self._identifier()
        told = issued(wish, COUNTY, identifier=identifier, actor=principal.actor, at=now)
        return self._take(principal, told)

    async def cancel_warning(self, principal: Principal, wish: CancelWarning, once: Once) -> Kept:
        kept, now = self.warnings_kept, self.memory.clock.now()
        standing = need_standing(kept.load(wish.identifier), wish.identifier, now)
        identifier = self._identifier()
        told = called_off(wish, standing, identifier=identifier, actor=principal.actor, at=now)
        self._take(principal, told)
        return Kept(200, {"warning": warning_row(kept.kept[standing.id]), "seq": self._seq})

    def _take(self, principal: Principal, message: WarningMessage) -> Kept:
        reach, now = reach_of(message.areas, COUNTY), self.memory.clock.now()
        store = self.warnings_kept
        taken = handlers.take(store, message, reach, actor=principal.actor, at=now)
        body = {"warning": warning_row(taken.warning), "seq": self._seq}
        return Kept(200 if taken.seq is None else 201, body, replayed=taken.seq is None)

    def _identifier(self) -> str:
        number = len(self.warnings_kept.kept) + 1
        return identifier_at(COUNTY, ZONE, self.memory.clock.now(), number)

    @property
    def _seq(self) -> int:
        return len(self.warnings_kept.journal)
