"""What is done with warnings again and again: those over expire, and the sample county's observatory warns now and then."""

from datetime import datetime
from typing import Final

from county.sample.names import CODE
from exchange.cap import read_cap
from exchange.sample_feed.warnings import (
    SampleWarning,
    cap_message,
    of_turn,
    sample_warnings,
    turn_at,
)
from incidents.warnings.messages import TakeWarning
from runtime.rooms import Rooms
from runtime.tasks import Tasks
from runtime.warning_work import WarningWork
from security.administration import SYSTEM_PRINCIPAL

EXPIRES_EVERY_S: Final = 1.0
WARNS_EVERY_S: Final = 5.0


def watch_warnings(tasks: Tasks, rooms: Rooms, warnings: WarningWork, *, sample: bool) -> None:
    """Let what is over expire, and where the sample county speaks let its observatory warn."""
    tasks.every("warnings", EXPIRES_EVERY_S, warnings.expire_warnings)
    if sample:
        tasks.every("sample-warnings", WARNS_EVERY_S, SampleWarner(rooms, warnings).turn)


class SampleWarner:
    """At its first turn it warns of rain where nothing else is in force, then every eight hours of what comes next."""

    def __init__(self, rooms: Rooms, warnings: WarningWork) -> None:
        self._rooms, self._warnings = rooms, warnings
        self._begins_at: datetime | None = None

    async def turn(self) -> None:
        """Send what is due; quiet in every county but the sample's."""
        if self._rooms.county.code != CODE:
            return
        now = self._rooms.clock.now()
        begins_at = turn_at(now)
        if self._begins_at is None:
            standing = await self._warnings.warnings(SYSTEM_PRINCIPAL, past=False, limit=1)
            if not standing["items"]:
                await self._send(sample_warnings()[0], now)
        elif begins_at != self._begins_at:
            await self._send(of_turn(begins_at), begins_at)
        self._begins_at = begins_at

    async def _send(self, told: SampleWarning, sent_at: datetime) -> None:
        message = read_cap(cap_message(told, sent_at, self._rooms.tables.calendar.zone))
        await self._warnings.take_warning(SYSTEM_PRINCIPAL, TakeWarning(message=message))
