"""The sensors' room opened: store, engine, teller, the flow to cases, and the tasks that keep it all going."""

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import structlog

from bus.port import Bus
from runtime.flow import Flow
from runtime.reading_teller import Ear, ReadingTeller
from runtime.rooms import Rooms
from runtime.sensing import Sensing
from runtime.settings import Settings
from runtime.storms import storm_flow
from runtime.suppressing import Suppressing
from runtime.tasks import Tasks
from runtime.usual import Usual
from sensors.batch import to_us
from sensors.patience import SignalOf
from storage.archive import Archive
from storage.reading_databases import open_readings

log = structlog.get_logger()

TURN_S: Final = 1.0
REFRESH_S: Final = 2.0
TIDY_S: Final = 20.0
HOUR_S: Final = 3600.0
MINUTE_S: Final = 60.0
ARCHIVED_ANEW: Final = 2  # days: so late a reading still comes into its day's file


class SensingRoom:
    """Made with the console; `run` starts its tasks on the console's loop."""

    def __init__(
        self, rooms: Rooms, home: Path, bus: Bus, hub: Ear, settings: Settings, signal: SignalOf
    ) -> None:
        self._rooms, self._settings = rooms, settings
        self.readings = open_readings(rooms.journal.store, home)
        self.archive = Archive(home / "archive" / "readings")
        self.teller = ReadingTeller(bus, hub)
        self.usual = Usual(self.readings, rooms.clock, rooms.tables.calendar.zone)
        self.sensing = Sensing(
            rooms.journal, self.readings, rooms.clock, self.teller, self.usual, signal
        )
        self.suppressing = Suppressing(rooms)
        self.flow: Flow = storm_flow(rooms)

    def run(self, tasks: Tasks) -> None:
        """Start what runs for ever; readings are taken as soon as the registry is read."""
        tasks.run("readings", self.sensing.run())
        tasks.run("alarms", self.sensing.run_alarms())
        tasks.every("devices", REFRESH_S, self.sensing.refresh)
        tasks.every("alarm-time", TURN_S, self.sensing.turn)
        tasks.every("reading-layout", TIDY_S, self.sensing.tidy)
        tasks.every("suppressions", TURN_S, self.suppressing.end_due)
        tasks.every("usual", HOUR_S, self.learn)
        tasks.every("archive", HOUR_S, self.keep_days)

    async def learn(self) -> None:
        """Learn anew what is usual, for the channels whose rules ask it."""
        await self.usual.learn(self.sensing.engine.deviating())

    async def keep_days(self) -> None:
        """Archive the days that are over, the last ones anew, then forget what is old and stands in the archive."""
        await asyncio.to_thread(self._keep_days)

    def _keep_days(self) -> None:
        now, settings = self._rooms.clock.now(), self._settings
        today, held = now.date(), set(self.archive.days())
        # A day is forgotten as a whole, and only once nothing is written of it anew.
        keep = timedelta(days=max(settings.readings_days, ARCHIVED_ANEW + 1))
        days = [today - keep + timedelta(days=n) for n in range(keep.days)]
        for day in days:
            if day not in held or today - day <= timedelta(days=ARCHIVED_ANEW):
                self._archive(day)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        minutes, quarters = (
            to_us(now - timedelta(days=kept))
            for kept in (settings.readings_minutes_days, settings.readings_quarters_days)
        )
        if gone := self.readings.forget(to_us(midnight - keep), minutes, quarters):
            log.info("readings_forgotten", readings=gone)

    def _archive(self, day: date) -> None:
        if count := self.archive.write(day, self.readings):
            log.info("readings_archived", day=day.isoformat(), readings=count)

    def close(self) -> None:
        """Lay out what waits, and let the store go."""
        self.readings.close()
