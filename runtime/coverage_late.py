"""Planning of coverage, loaded when it is asked for first: its machine code and filters cost a start over a second."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exchange.api_coverage_planning import PlanBody
from exchange.sheet import Sheet
from runtime.living_coverage import LivingCoverage
from runtime.rooms import Rooms
from security.principal import Principal

if TYPE_CHECKING:
    from runtime.coverage_planning import CoveragePlanning

Json = dict[str, Any]


class LatePlanning:
    """`exchange.api_coverage_planning.PlanningService`."""

    def __init__(self, rooms: Rooms, living: LivingCoverage, home: Path) -> None:
        self._given = rooms, living, home
        self._made: CoveragePlanning | None = None

    async def plan(self, principal: Principal, body: PlanBody) -> Json:
        """Return the picks in their order."""
        return await (await self._loaded()).plan(principal, body)

    async def measured(
        self, principal: Principal, sheet: Sheet, operator: str, *, apply: bool
    ) -> Json:
        """Return measured over predicted."""
        return await (await self._loaded()).measured(principal, sheet, operator, apply=apply)

    async def correction(self, principal: Principal) -> Json:
        """Return whether the prediction is corrected."""
        return await (await self._loaded()).correction(principal)

    async def undo_correction(self, principal: Principal, at: str) -> Json:
        """Go back to what stood before."""
        return await (await self._loaded()).undo_correction(principal, at)

    async def _loaded(self) -> "CoveragePlanning":
        if self._made is None:
            self._made = await asyncio.to_thread(self._load)
        return self._made

    def _load(self) -> "CoveragePlanning":
        from runtime.coverage_planning import CoveragePlanning

        return CoveragePlanning(*self._given)
