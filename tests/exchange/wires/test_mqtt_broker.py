"""A real MQTT broker with the shipped configuration: what it was given is kept, whoever is away meanwhile."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from exchange.wires.digits import instant_ms
from exchange.wires.door import Door
from exchange.wires.mqtt import MqttReadings
from exchange.wires.mqtt_link import MqttLink, read_broker
from exchange.wires.mqtt_payloads import write_observations
from exchange.wires.refused import WireBook
from runtime.own_broker import OwnBroker, find_mosquitto
from tests.clocks import ManualClock
from tests.exchange.wires.sinks import MemorySink, registry
from vocabulary.errors import Refused

TOPIC = "ov1/330521/water/wukang/river-1/obs"
NOW = instant_ms(datetime(2026, 11, 22, 6, tzinfo=UTC))


def test_our_own_broker_does_not_listen_to_the_world_without_passwords(tmp_path: Path) -> None:
    needs_mosquitto()
    with pytest.raises(Refused) as refusal:
        OwnBroker(tmp_path, "0.0.0.0", 1883)  # noqa: S104
    assert "mosquitto.passwd" in refusal.value.text("en")


def needs_mosquitto() -> None:
    try:
        find_mosquitto()
    except Refused as missing:
        pytest.skip(missing.text("en"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Office:
    """A broker, the link to it, the door behind."""

    def __init__(self, home: Path) -> None:
        self.broker = OwnBroker(home, "127.0.0.1", free_port())
        self.clock = ManualClock()
        self.sink, self.book = MemorySink(self.clock), WireBook(self.clock)
        registered = registry()
        self.door = Door(lambda: registered, self.sink, self.clock, self.book)
        self.readings = MqttReadings(self.door, self.clock)
        self.link = self.new_link("onenet-test")
        self.readings.join(self.link)

    def new_link(self, name: str) -> MqttLink:
        return MqttLink(read_broker(f"mqtt://127.0.0.1:{self.broker.port}"), name, self.book)


@asynccontextmanager
async def running(*works: Any) -> AsyncIterator[list[asyncio.Task[None]]]:
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(said: Any, patience_s: float = 10) -> None:
    async with asyncio.timeout(patience_s):
        while not said():  # noqa: ASYNC110 - the other side is a broker
            await asyncio.sleep(0.02)


@pytest.mark.server
async def test_what_the_broker_was_told_is_kept_through_a_store_that_was_away(
    tmp_path: Path,
) -> None:
    needs_mosquitto()
    office = Office(tmp_path)
    sender = office.new_link("sender")
    works = (office.broker.run(), office.link.run(), office.door.run(), sender.run())
    async with running(*works):
        await until(lambda: office.link.state.connected and sender.state.connected)
        for second in range(200):
            sender.publish(TOPIC, write_observations(NOW + second, {"level": second / 10}))
        await until(lambda: len(office.sink.kept) == 200)
        office.sink.away = True
        for second in range(200, 300):
            sender.publish(TOPIC, write_observations(NOW + second, {"level": second / 10}))
        await until(lambda: office.link.state.received >= 300)
        assert len(office.sink.kept) == 200
        office.sink.away = False
        await until(lambda: len(office.sink.kept) == 300)
        sender.publish(TOPIC, b'{"v":{"level":"high"}}')
        sender.publish(TOPIC.replace("obs", "state"), b'{"online":false}', retain=True)
        await until(lambda: office.readings.offline == {"river-1"})
        await until(lambda: office.book.tally("mqtt", "river-1").refused == 1)
        assert office.link.state.failed == 0


@pytest.mark.server
async def test_what_comes_while_we_are_away_waits_with_the_broker(tmp_path: Path) -> None:
    needs_mosquitto()
    office = Office(tmp_path)
    sender = office.new_link("sender")
    async with running(office.broker.run(), office.door.run(), sender.run()):
        async with running(office.link.run()):
            await until(lambda: office.link.state.connected and sender.state.connected)
        for second in range(50):
            sender.publish(TOPIC, write_observations(NOW + second, {"level": second}))
        again = office.new_link("onenet-test")
        office.readings.join(again)
        async with running(again.run()):
            await until(lambda: len(office.sink.kept) == 50)


@pytest.mark.server
async def test_what_a_broker_of_our_own_took_survives_its_restart(tmp_path: Path) -> None:
    needs_mosquitto()
    office = Office(tmp_path)
    async with running(office.broker.run()):
        async with running(office.link.run()):
            await until(lambda: office.link.state.connected)
        sender = office.new_link("sender")
        async with running(sender.run()):
            await until(lambda: sender.state.connected)
            for second in range(50):
                sender.publish(TOPIC, write_observations(NOW + second, {"level": second}))
            await until(lambda: not sender.unanswered)
    again = office.new_link("onenet-test")
    office.readings.join(again)
    async with running(office.broker.run(), office.door.run(), again.run()):
        await until(lambda: len(office.sink.kept) == 50)


# Mosquitto's own dynamic-security plugin: who has no name may subscribe to onenet/# and to nothing else.
ONLY_OURS = {
    "defaultACLAccess": {
        "publishClientSend": True,
        "publishClientReceive": True,
        "subscribe": False,
        "unsubscribe": True,
    },
    "anonymousGroup": "all",
    "groups": [{"groupname": "all", "roles": [{"rolename": "ours"}]}],
    "roles": [
        {
            "rolename": "ours",
            "acls": [{"acltype": "subscribePattern", "topic": "onenet/#", "allow": True}],
        }
    ],
    "clients": [],
}


def refusing_plugin() -> Path:
    found = next(Path("/usr/lib").glob("**/mosquitto_dynamic_security.so"), None)
    if found is None:
        pytest.skip("this mosquitto has no plugin that refuses subscriptions")
    return found


@pytest.mark.server
async def test_a_subscription_the_broker_refuses_is_told_and_the_others_are_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs_mosquitto()
    plugin = refusing_plugin()
    rights = tmp_path / "rights.json"
    rights.write_text(json.dumps(ONLY_OURS), "utf-8")
    lines = f"plugin {plugin}\nplugin_opt_config_file {rights}\n"
    whole = OwnBroker.configuration
    monkeypatch.setattr(OwnBroker, "configuration", lambda it: whole(it) + lines)
    office = Office(tmp_path)
    secret = office.new_link("secret")
    heard = list[str]()

    async def hear(topic: str, _payload: bytes) -> None:
        heard.append(topic)

    secret.on("county/secret/#", hear, shared=False)
    secret.on("onenet/#", hear, shared=False)
    async with running(office.broker.run(), secret.run()):
        await until(lambda: secret.state.connected)
        assert secret.state.refused[0] == "county/secret/#"
        secret.publish("onenet/one", b"{}")
        await until(lambda: heard == ["onenet/one"])
        told = [one.text("en") for one in secret.not_heard()]
        assert "county/secret/#" in told[0]
