"""A console's sensing rooms in one process: a real store, the small sample county, a clock that is moved by hand, no bus."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bus.cloudevents import CloudEventWriter, Heard
from bus.codec import Codec
from county.store import load
from runtime.flow import handler_of
from runtime.home import open_journal
from runtime.kinds import EVENTS
from runtime.living_county import LivingCounty
from runtime.living_tables import LivingTables
from runtime.own_tables import own_tables
from runtime.people import open_secrets
from runtime.reading_teller import ReadingTeller
from runtime.redaction import Redaction
from runtime.rooms import Rooms
from runtime.sensing import Sensing
from runtime.storms import storm_flow
from runtime.suppressing import Suppressing
from sensors.alarm import Alarm
from sensors.batch import Batch, batch_of, to_us
from sensors.model import Channel, Device, Taken
from storage.alarms import recent_alarms
from storage.case_list import open_cases
from storage.devices import Wished, keep_wished
from storage.engine import open_store, store_url
from storage.reading_databases import open_readings
from storage.schema import prepare_schema
from tests import sample_county
from tests.clocks import ManualClock
from vocabulary.errors import Unavailable
from vocabulary.message import Actor
from vocabulary.place import Place

ENGINEER = Actor(id="p1", name="感知工程师", kind="person", roles=frozenset({"engineer"}))


@cache
def ground() -> LivingCounty:
    """Return the small county, read once: nobody changes it."""
    return LivingCounty(sample_county.home_of(), load(sample_county.home_of()))


class NoBus:
    """A bus that is down."""

    async def publish(self, _channel: str, _payload: bytes) -> None:
        raise Unavailable("bus.unavailable", problem="down")


@dataclass
class Ears:
    """What screens would hear."""

    rows: dict[str, list[Any]] = field(default_factory=dict)

    def hear_readings(self, rows: list[list[Any]]) -> None:
        self.rows |= {row[0]: row for row in rows}


class Office:
    """Everything a test asks for; `step` moves the clock and lets time pass for the rules."""

    def __init__(self, home: Path, clock: ManualClock) -> None:
        self.clock, self.home = clock, home
        self.store = open_store(store_url("", home))
        prepare_schema(self.store)
        self.journal = open_journal(self.store, clock)
        secrets, codec = open_secrets(home), Codec(EVENTS)
        tables = LivingTables(own_tables(home), self.journal)
        self.journal.read_blocking(tables.read)
        self.rooms = Rooms(
            clock=clock,
            journal=self.journal,
            codec=codec,
            cloudevents=CloudEventWriter("/onenet/test", Redaction(codec)),
            keyring=secrets.keyring,
            audit_key=secrets.audit_key,
            ground=ground(),
            living_tables=tables,
        )
        self.middle = self.rooms.county.center
        self.ears = Ears()
        self.open_sensing()
        self.suppressing = Suppressing(self.rooms)
        self.flow = handler_of(storm_flow(self.rooms), self.journal)
        self.told = 0

    def open_sensing(self) -> None:
        """Open the room as a start does; again: as a start after a kill does."""
        self.readings = open_readings(self.store, self.home)
        teller = ReadingTeller(NoBus(), self.ears)  # type: ignore[arg-type]
        self.sensing = Sensing(self.journal, self.readings, self.clock, teller)

    def place(self, east_m: float = 0.0) -> Place:
        return Place(self.middle.lon_deg + east_m / 96_000, self.middle.lat_deg)

    async def bring(self, *devices: tuple[str, str, str, float], **channel: Any) -> None:
        """Register (device, kind, channel, metres east of the county's middle)."""
        given: dict[str, Any] = {
            "unit": "cm", "period_s": 60, "stale_s": 180, "low": None, "high": 15.0, **channel
        }  # fmt: skip
        wished = [
            Wished(
                device=Device(
                    id=name, name=name, kind=kind, place=self.place(east), department="drainage"
                ),
                name=quantity,
                **given,
            )
            for name, kind, quantity, east in devices
        ]
        await self.journal.write(lambda transaction: keep_wished(transaction.connection, wished))
        await self.sensing.refresh()

    def number(self, device: str) -> int:
        channel: Channel = self.sensing.registry.channels_of(device)[0]
        return channel.number

    def batch(self, *said: tuple[str, float]) -> Batch:
        now_us = to_us(self.clock.now())
        numbers = [self.number(device) for device, _ in said]
        return batch_of(numbers, [now_us] * len(said), now_us, [value for _, value in said])

    async def say(self, *said: tuple[str, float]) -> Taken:
        """Take readings of now."""
        taken = await self.sensing.take_batch(self.batch(*said))
        await self.sensing.keep_alarms()
        return taken

    async def step(self, seconds: float) -> None:
        """Let time pass, second 0 and the last one being looked at."""
        self.clock.advance(timedelta(seconds=seconds))
        await self.sensing.turn()
        await self.sensing.keep_alarms()

    async def follow(self) -> None:
        """Let the flow to cases hear what was kept."""
        for recorded in await self.journal.events_after(self.told, 5000):
            self.told = recorded.seq
            await self.flow(
                Heard(
                    seq=recorded.seq,
                    event_id=recorded.event_id,
                    stream=recorded.stream,
                    version=recorded.version,
                    event=recorded.event,
                    recorded_at=recorded.recorded_at,
                )
            )

    async def alarms(self) -> list[Alarm]:
        found: Sequence[Alarm] = await self.journal.read(lambda c: recent_alarms(c, 500))
        return list(reversed(found))

    async def cases(self) -> list[Any]:
        return await self.journal.read(open_cases)

    def close(self) -> None:
        self.readings.close()
        self.journal.stop()
        self.store.close()


@asynccontextmanager
async def an_office(home: Path) -> AsyncIterator[Office]:
    """Yield an office whose readings' road runs."""
    import asyncio

    office = Office(home, ManualClock())
    await office.sensing.refresh()
    road = asyncio.create_task(office.sensing.run())
    try:
        yield office
    finally:
        road.cancel()
        office.close()
