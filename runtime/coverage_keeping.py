"""What follows when the coverage changes: screens hear at once, and the figures are kept for the trend."""

import asyncio
from typing import Final

from live.hub import Hub
from runtime.coverage_trend import keep_trend, measured
from runtime.living_coverage import LivingCoverage
from runtime.rooms import Rooms

QUIET: Final = frozenset({"predicting", "renewing"})


class CoverageKeeping:
    """Listens to the coverage in use."""

    def __init__(self, rooms: Rooms, living: LivingCoverage, hub: Hub) -> None:
        self._rooms, self._living, self._hub = rooms, living, hub
        self._measuring: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """Be told of every change from now on."""
        self._living.on_change(self._changed)

    async def _changed(self, reason: str) -> None:
        self._hub.beat_now()
        if reason in QUIET or self._living.ready is None:
            return
        if self._measuring is not None:
            self._measuring.cancel()  # what it measured is past already
        self._measuring = asyncio.create_task(self._measure(reason))

    async def _measure(self, reason: str) -> None:
        atlas = self._living.ready
        if atlas is None:
            return
        told = await asyncio.to_thread(measured, atlas)
        await self._rooms.journal.write(lambda t: keep_trend(t, atlas.version, reason, told))
