"""The whole console with its wires open: a frame on a port, a message at the broker and a batch over HTTP are in one store."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from exchange.wires.hj212 import Segment, read_segment, write_segment
from exchange.wires.hj212_frames import Frame, FrameFinder, write_frame
from exchange.wires.mqtt_link import MqttLink, read_broker
from exchange.wires.mqtt_payloads import write_observations
from exchange.wires.refused import WireBook
from runtime.own_broker import find_mosquitto
from sensors.batch import to_us
from sensors.model import Device
from storage.devices import Wished, keep_wished
from tests.console_process import free_port
from tests.runtime.citizens import Office, an_office
from vocabulary.clock import SystemClock, to_text
from vocabulary.errors import Refused

pytestmark = [pytest.mark.server]
MN = "010000A8900016F000169DC0"


@pytest.fixture(scope="module")
def ports() -> dict[str, str]:
    try:
        find_mosquitto()
    except Refused as missing:
        pytest.skip(missing.text("en"))
    return {
        "mqtt_url": "own",
        "mqtt_port": str(free_port()),
        "hj212_port": str(free_port()),
        "sl651_port": str(free_port()),
    }


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, ports: dict[str, str]) -> Iterator[Office]:
    with an_office(tmp_path_factory.mktemp("wires"), **ports) as office:
        yield office


def at(seconds: int) -> datetime:
    now = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251
    return now - timedelta(hours=1) + timedelta(seconds=seconds)


def register(office: Office) -> dict[str, int]:
    """Make a river gauge and an air station known; return the numbers of their channels."""
    here, portal = office.console.county.center, office.client.portal
    assert portal is not None

    def wished(device: str, kind: str, channel: str, *addresses: tuple[str, str, str]) -> Wished:
        return Wished(
            device=Device(id=device, name=device, kind=kind, place=here, department="data"),
            name=channel,
            unit="1",
            period_s=300,
            stale_s=900,
            low=None,
            high=None,
            addresses=list(addresses),
        )

    wanted = [
        wished("test-river", "river_level", "level"),
        wished("test-air", "air", "pm25", ("hj212", MN, "a34004")),
    ]

    async def keep() -> None:
        journal = office.console.journal
        await journal.write(lambda transaction: keep_wished(transaction.connection, wanted))
        await office.console.sensing.refresh()

    portal.call(keep)
    registry = office.console.sensing.registry
    return {one.device.id: registry.channels_of(one.device.id)[0].number for one in wanted}


def kept(office: Office, channel: int) -> list[float]:
    first, last = to_us(at(-7200)), to_us(at(7200))
    rows = office.console.sensing.readings.raw(channel, first, last)
    return [float(value) for value in rows.value]


def frame(value: str, when: datetime) -> bytes:
    local = (when + timedelta(hours=8)).strftime("%Y%m%d%H%M%S")
    groups = ({"DataTime": local}, {"a34004-Rtd": value, "a34004-Flag": "N"})
    said = Segment(qn=f"{local}000", st="22", cn="2011", pw="1", mn=MN, flag=5, groups=groups)
    return write_frame(write_segment(said))


def call(port: int, sent: bytes) -> list[Segment]:
    """Send frames on a connection of their own; return what was answered."""
    finder, heard = FrameFinder(), list[Segment]()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(sent)
        while not heard and (data := line.recv(4096)):
            heard += [
                read_segment(one.segment) for one in finder.feed(data) if isinstance(one, Frame)
            ]
    return heard


async def publish(port: int, messages: list[tuple[str, bytes]]) -> None:
    link = MqttLink(read_broker(f"mqtt://127.0.0.1:{port}"), "a-gateway", WireBook(SystemClock()))
    running = asyncio.create_task(link.run())
    async with asyncio.timeout(15):
        await link.connected.wait()
        for topic, payload in messages:
            link.publish(topic, payload)
        while link.unanswered:  # noqa: ASYNC110 - the broker answers
            await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def wait_for(office: Office, said: Any) -> None:
    portal = office.client.portal
    assert portal is not None

    async def until() -> None:
        async with asyncio.timeout(15):
            while not said():  # noqa: ASYNC110 - a broker lies between
                await asyncio.sleep(0.05)

    portal.call(until)


def test_every_wire_ends_in_one_store(office: Office, ports: dict[str, str]) -> None:
    numbers = register(office)
    wait_for(office, lambda: all(one.is_open for one in office.console.wires.listeners))
    (answer,) = call(int(ports["hj212_port"]), frame("35.5", at(0)))
    assert answer.cn == "9014"
    assert kept(office, numbers["test-air"]) == [35.5]
    topic = f"ov1/{office.console.county.code}/water/x/test-river/obs"
    messages = [
        (topic, write_observations(int(at(s).timestamp() * 1000), {"level": s})) for s in range(20)
    ]
    link = office.console.wires.link
    assert link is not None
    wait_for(office, link.connected.is_set)
    asyncio.run(publish(int(ports["mqtt_port"]), messages))
    wait_for(office, lambda: len(kept(office, numbers["test-river"])) == 20)
    body = {"device": "test-river", "channel": "level", "at": to_text(at(60)), "value": 7.5}
    told = office.ask("POST", "/api/v1/readings", "integrator", json={"readings": [body, body]})
    assert told.json()["accepted"] + told.json()["duplicate"] == 2
    assert kept(office, numbers["test-river"])[-1] == 7.5


def test_what_could_not_be_read_is_kept_and_shown(office: Office, ports: dict[str, str]) -> None:
    good = frame("36", at(5))
    (answer,) = call(int(ports["hj212_port"]), good.replace(b"=36,", b"=37,") + good)
    assert answer.cn == "9014"
    rows = office.ask("GET", "/api/v1/refused-frames?wire=hj212", "sysadmin").json()["items"]
    assert rows[0]["code"] == "wires.bad_check"
    assert "a34004-Rtd=37" in rows[0]["text"]
    assert office.ask("GET", "/api/v1/refused-frames", "intake").status_code == 403
    wires = office.ask("GET", "/api/v1/wires", "sysadmin").json()
    assert wires["broker_connected"] is True
    assert wires["broker_dropped"] == 0
    by_wire = {row["wire"]: row for row in wires["items"]}
    assert by_wire["hj212"]["refused"] >= 1
    assert by_wire["mqtt"]["accepted"] == 20
    assert [port["open"] for port in wires["ports"]] == [True, True]
