"""The console's road of readings in a process of its own: link, door, sensing with its rules, store. Told by lines on stdin."""

import asyncio
import os
import sys
from datetime import datetime
from pathlib import Path
from time import process_time
from typing import Any, Final, cast

import orjson
from sqlalchemy import select

from bench.ingest_load import ALARMING, DEVICES, device_of
from bus.port import Bus
from exchange.wires.door import Door
from exchange.wires.mqtt import MqttReadings
from exchange.wires.mqtt_link import MqttLink, read_broker
from exchange.wires.refused import WireBook
from runtime.home import open_journal, open_prepared_store
from runtime.reading_teller import ReadingTeller
from runtime.sensing import Sensing
from runtime.settings import Settings
from runtime.tasks import Tasks
from sensors.kinds import kinds
from sensors.messages import AlarmRaised
from sensors.model import Device
from storage.devices import Wished, keep_wished
from storage.journal import Journal
from storage.reading_databases import open_readings
from storage.tables import events
from vocabulary.clock import SystemClock
from vocabulary.place import Place

TURN_S, TIDY_S = 1.0, 20.0


class Nobody:
    """A bus and a hub that nobody listens to; what is told is thrown away, as with no screen open."""

    async def publish(self, *_told: Any) -> None:
        """Throw away."""

    def hear_readings(self, _rows: list[list[Any]]) -> None:
        """Throw away."""


def wished() -> list[Wished]:
    """Return the fleet: devices of one alarming kind, three channels each, limits as a county's."""
    kind = kinds()[ALARMING]
    return [
        Wished(
            device=Device(
                id=device_of(number),
                name=device_of(number),
                kind=kind.id,
                place=Place(119.9, 30.6),
                department="data",
            ),
            name=name,
            unit="1",
            period_s=60,
            stale_s=180,
            low=None,
            high=20.0 if name == kind.channels[0].name else None,
        )
        for number in range(DEVICES)
        for name in (kind.channels[0].name, "second", "third")
    ]


async def alarms(journal: Journal) -> list[float]:
    """Return, for each alarm that was raised, the seconds from its reading's instant to being kept."""

    def work(connection: Any) -> list[float]:
        kind = AlarmRaised.__dataclass_fields__["kind"].default
        found = connection.execute(select(events).where(events.c.kind == kind)).all()
        late = []
        for row in found:
            onset = orjson.loads(row.data)["onset_at"]
            late.append((row.recorded_at - datetime.fromisoformat(onset)).total_seconds())
        return late

    return await journal.read(work)


async def figures(
    journal: Journal, sensing: Sensing, book: WireBook, link: MqttLink
) -> dict[str, Any]:
    """Return what it cost and what became of what came."""
    tally = book.wires().get("mqtt")
    return {
        "cpu_s": process_time(),
        "accepted": sensing.tally.accepted,
        "duplicate": sensing.tally.duplicate,
        "refused": sensing.tally.refused,
        "unknown": tally.unknown if tally else 0,
        "messages": link.state.handled,
        "broker_dropped": link.state.broker_dropped,
        "alarms": await alarms(journal),
    }


async def keep(home: Path, port: int) -> None:
    """Take what the broker has until stdin says `end`; a line `report` is answered with figures."""
    settings, clock = Settings(home=home), SystemClock()
    journal = open_journal(open_prepared_store(settings), clock)
    await journal.write(
        lambda transaction: keep_wished(transaction.connection, wished()), timeout_s=120
    )
    nobody = Nobody()
    readings = open_readings(journal.store, home)
    sensing = Sensing(journal, readings, clock, ReadingTeller(cast(Bus, nobody), nobody))
    await sensing.refresh()
    book = WireBook(clock)
    door = Door(lambda: sensing.registry, sensing, clock, book)
    link = MqttLink(read_broker(f"mqtt://127.0.0.1:{port}"), "bench-keeper", book)
    MqttReadings(door, clock).join(link)
    tasks = Tasks()
    for name, work in (("door", door.run()), ("link", link.run()), ("sensing", sensing.run())):
        tasks.run(name, work)
    tasks.run("alarms", sensing.run_alarms())
    tasks.every("turn", TURN_S, sensing.turn)
    tasks.every("tidy", TIDY_S, sensing.tidy)
    await link.connected.wait()
    await asyncio.sleep(0.5)
    print("ready", flush=True)
    while (await asyncio.to_thread(sys.stdin.readline)).strip() == "report":
        told = await figures(journal, sensing, book, link) | {"waiting": door.waiting}
        print(orjson.dumps(told).decode(), flush=True)
    await tasks.stop()
    journal.stop()


CORE: Final = 0

if __name__ == "__main__":
    os.sched_setaffinity(0, {CORE})
    asyncio.run(keep(Path(sys.argv[1]), int(sys.argv[2])))
