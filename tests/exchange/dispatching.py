"""Dispatching in memory behind the real API: plans are read as the console reads them, nobody is there to be sent."""

from datetime import datetime
from typing import Any

from dispatch.plans.reading import read_plan
from exchange.dispatch_ports import PlanWish, Sending
from exchange.ports import Once
from incidents.rulebook import shipped_tables
from runtime.plan_view import plan_view
from runtime.plan_work import known_to
from security.principal import Principal
from tests.exchange.unit_console import Kept
from vocabulary.errors import Refused

Json = dict[str, Any]
KNOWN = known_to(shipped_tables())


class MemoryDispatching:
    """`exchange.dispatch_ports.DispatchService`."""

    async def recommendation(self, principal: Principal, case_id: str) -> Json:
        raise Refused("exchange.case_unknown", value=case_id)

    async def send_recommended(
        self, principal: Principal, case_id: str, wish: Sending, once: Once
    ) -> Kept:
        raise Refused("exchange.case_unknown", value=case_id)

    async def recommendation_figures(
        self, principal: Principal, since: datetime | None, until: datetime | None
    ) -> Json:
        return {"n": 0}

    async def plans(self, principal: Principal) -> list[Json]:
        return []

    async def plan_versions(self, principal: Principal, plan_id: str) -> list[Json]:
        raise Refused("dispatch.unknown_plan", plan=plan_id)

    async def keep_plan(
        self, principal: Principal, raw: dict[str, Any], base: int, note: str, *, dry_run: bool
    ) -> Json:
        return plan_view(read_plan(raw, KNOWN))

    async def response(self, principal: Principal, case_id: str) -> Json:
        raise Refused("exchange.case_unknown", value=case_id)

    async def respond(self, principal: Principal, case_id: str, wish: PlanWish, once: Once) -> Kept:
        raise Refused("exchange.case_unknown", value=case_id)

    async def cover(self, principal: Principal) -> Json:
        return {"areas": []}

    async def cover_figures(
        self, principal: Principal, since: datetime | None, until: datetime | None
    ) -> Json:
        return {"minutes": 0}
