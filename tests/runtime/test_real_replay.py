"""Real measurements played at ×3600 through a broker into the whole console: each is kept once, as it was measured."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.replay.sensors.catalogue import READERS
from exchange.replay.sensors.model import DataSet, Sample
from exchange.replay.sensors.player import Played, play
from exchange.wires.mqtt_link import MqttLink, read_broker
from exchange.wires.refused import WireBook
from runtime.own_broker import find_mosquitto
from sensors.kinds import STALE_PERIODS, kinds
from sensors.model import Device
from storage.devices import Wished, keep_wished
from tests.console_process import free_port
from tests.runtime.citizens import Office, an_office
from vocabulary.clock import SystemClock
from vocabulary.errors import Refused

pytestmark = [pytest.mark.server, pytest.mark.realdata, pytest.mark.slow]
SPEED = 3600
# So much of each: a day and a half of 12 stations, half an hour of 207 detectors, what two gauges have.
LIMITS = {"beijing-air": 12 * 36, "metr-la": 207 * 6, "usgs": 300}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    try:
        find_mosquitto()
    except Refused as missing:
        pytest.skip(missing.text("en"))
    ports = {"mqtt_url": "own", "mqtt_port": str(free_port())}
    with an_office(tmp_path_factory.mktemp("played"), **ports) as office:
        yield office


def register(office: Office, data: DataSet) -> None:
    """Make the stations known in the middle of our county: Beijing and Los Angeles lie outside it and would be refused."""
    wished = [
        Wished(
            device=Device(
                id=one.device, name=one.name, kind=one.kind, place=office.console.county.center, department="data",
            ),
            name=channel.name,
            unit=channel.unit,
            period_s=one.period_s,
            stale_s=STALE_PERIODS * one.period_s,
            low=None,
            high=None,
        )
        for one in data.stations
        for channel in kinds()[one.kind].channels
    ]  # fmt: skip

    async def keep() -> None:
        journal = office.console.journal
        await journal.write(lambda transaction: keep_wished(transaction.connection, wished))
        await office.console.sensing.refresh()

    assert office.client.portal is not None
    office.client.portal.call(keep)


async def played(data: DataSet, port: str, limit: int) -> Played:
    broker = read_broker(f"mqtt://127.0.0.1:{port}")
    link = MqttLink(broker, "test-replay", WireBook(SystemClock()))
    running = asyncio.create_task(link.run())
    try:
        async with asyncio.timeout(60):
            await link.connected.wait()
        return await play(data, link, county="test", speed=SPEED, limit=limit)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def heard(office: Office) -> None:
    """Wait until the console hears the broker: what is played to nobody is kept by nobody."""
    link = office.console.wires.link
    assert link is not None
    async with asyncio.timeout(60):
        await link.connected.wait()


async def taken_in(office: Office, wanted: int) -> None:
    tally = office.console.sensing.tally
    async with asyncio.timeout(120):
        while tally.accepted < wanted:  # noqa: ASYNC110 - the door tells nobody
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("name", LIMITS)
def test_what_a_data_set_says_is_kept_once_each(office: Office, real_data: Path, name: str) -> None:
    folder, limit = real_data / "sensors" / name.replace("-", "_"), LIMITS[name]
    register(office, READERS[name](folder))
    console, portal = office.console, office.client.portal
    assert portal is not None
    portal.call(heard, office)
    before = console.sensing.tally.accepted
    told = portal.call(played, READERS[name](folder), str(console.settings.mqtt_port), limit)
    sent = first(READERS[name](folder), limit)
    wanted = len({(one.device, channel, one.at_ms) for one in sent for channel in one.values})
    portal.call(taken_in, office, before + wanted)
    assert told.readings == sum(len(one.values) for one in sent)
    assert console.sensing.tally.accepted - before == wanted
    assert (console.sensing.tally.refused, console.wires.book.wires()["mqtt"].unknown) == (0, 0)
    last = sent[-1]
    channel, value = next((name, v) for name, v in last.values.items() if v is not None)
    [number] = [one.number for one in console.sensing.registry.channels_of(last.device) if one.name == channel]  # fmt: skip
    kept = console.sensing.readings.raw(number, last.at_ms * 1000, last.at_ms * 1000 + 1)
    assert kept.value.tolist() == [pytest.approx(value)]


def first(data: DataSet, limit: int) -> list[Sample]:
    return [one for _, one in zip(range(limit), data.samples, strict=False)]
