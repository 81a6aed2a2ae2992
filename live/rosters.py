"""The rosters as last read: who the units are and where the sensors stand; read anew when a unit's events say so."""

import asyncio
from contextlib import suppress
from typing import Any, Final

from live.guard import guarded
from live.lanes import Lane
from live.ports import Roster

GATHER_S: Final = 0.1  # several events about units cost one reading


class Rosters:
    """Rows of units and points; what is read about units is told on their lane."""

    def __init__(self, roster: Roster, lane: Lane, period_s: float) -> None:
        self.units: tuple[list[Any], ...] = ()
        self.points: tuple[list[Any], ...] = ()
        self._roster, self._lane, self._period_s = roster, lane, period_s
        self._stale = asyncio.Event()

    def stir(self) -> None:
        """Say that something about a unit has changed."""
        self._stale.set()

    async def follow(self) -> None:
        """Read on for ever: when stirred, and once in a period."""
        while True:
            self._stale.clear()
            await guarded(self.refresh)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._period_s):
                    await self._stale.wait()
                await asyncio.sleep(GATHER_S)

    async def refresh(self) -> None:
        """Read both now."""
        self.units = tuple(list(row) for row in await self._roster.units())
        self.points = tuple(list(row) for row in await self._roster.points())
        self._lane.hear(row for row in self.units if row[1] is not None)


class NoRoster:
    """`live.ports.Roster` where nobody keeps one."""

    async def units(self) -> list[list[Any]]:
        """Return nothing."""
        return []

    async def points(self) -> list[list[Any]]:
        """Return nothing."""
        return []
