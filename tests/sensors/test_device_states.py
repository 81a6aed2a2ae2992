"""The word of a broker that has lost a device, from its message to the alarm that is kept."""

from pathlib import Path

import pytest

from exchange.wires.door import Door
from exchange.wires.mqtt import MqttReadings
from exchange.wires.refused import WireBook
from runtime.device_states import DeviceStates, known_devices
from runtime.reading_teller import NEVER, NORMAL
from sensors.model import Device
from storage.devices import Wished, keep_wished
from tests.clocks import ManualClock
from tests.sensors.office import Office, an_office
from vocabulary.errors import Unavailable


async def test_a_last_will_at_the_broker_is_one_kept_alarm_and_none_of_its_children(
    tmp_path: Path,
) -> None:
    async with an_office(tmp_path) as office:
        await with_twenty_children(office)


async def with_twenty_children(office: Office) -> None:
    children = [f"c{n}" for n in range(20)]
    gateway = ("gw", "gateway", "heartbeat", None)
    behind = [(one, "road_water", "depth", "gw") for one in children]
    wished = [
        Wished(
            device=Device(
                id=name, name=name, kind=kind, place=office.place(), department="d", gateway=through
            ),
            name=quantity,
            unit="1",
            period_s=60,
            stale_s=180,
            low=None,
            high=None,
        )
        for name, kind, quantity, through in [gateway, *behind]
    ]
    await office.journal.write(lambda transaction: keep_wished(transaction.connection, wished))
    await office.sensing.refresh()
    await office.say(*((one, 1.0) for one in ["gw", *children]))
    clock, book = office.clock, WireBook(office.clock)
    door = Door(lambda: office.sensing.registry, office.sensing, clock, book)
    states = MqttReadings(door, clock, tell=DeviceStates(office.sensing, clock).hear)
    await states.hear_state("ov1/9901/iot/s/gw/state", b'{"online":false}')
    for _ in range(10):
        await office.step(60)
    (alarm,) = await office.alarms()
    assert (alarm.raised.device_id, alarm.raised.silent_behind) == ("gw", 20)
    await states.hear_state("ov1/9901/iot/s/gw/state", b'{"online":true}')
    await office.step(1)
    (alarm,) = await office.alarms()
    assert not alarm.standing


async def test_before_the_registry_was_read_nobody_is_called_unknown(tmp_path: Path) -> None:
    office = Office(tmp_path, ManualClock())
    try:
        with pytest.raises(Unavailable):
            known_devices(office.sensing)
        with pytest.raises(Unavailable):
            DeviceStates(office.sensing, office.clock).hear("gw", online=False)
        await office.sensing.refresh()
        assert known_devices(office.sensing) is office.sensing.registry
    finally:
        office.close()


async def test_a_device_that_speaks_is_there_though_one_of_its_channels_never_spoke(
    tmp_path: Path,
) -> None:
    async with an_office(tmp_path) as office:
        await office.bring(("a1", "air", "pm25", 0.0), unit="ug/m3", high=None)
        await office.bring(("a1", "air", "pm10", 0.0), unit="ug/m3", high=None)
        await office.step(1)
        assert office.sensing._teller.state_of("a1") == NEVER
        await office.say(("a1", 12.0))
        await office.step(1)
        assert office.sensing._teller.state_of("a1") == NORMAL
