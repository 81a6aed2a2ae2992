"""MQTT: payloads read and refused by their element, topics, and a real broker with the shipped configuration."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.wires.digits import instant_ms
from exchange.wires.door import Door
from exchange.wires.model import NO_VALUE, WireReading
from exchange.wires.mqtt import MqttReadings
from exchange.wires.mqtt_link import MqttLink, fits, read_broker
from exchange.wires.mqtt_payloads import read_observations, read_state, write_observations
from exchange.wires.refused import WireBook
from exchange.wires.unreadable import Unreadable
from runtime.own_broker import OwnBroker, find_mosquitto
from sensors.model import Quality
from tests.clocks import ManualClock
from tests.exchange.wires.sinks import MemorySink, registry
from vocabulary.errors import Refused

TOPIC = "ov1/330521/water/wukang/river-1/obs"
NOW = instant_ms(datetime(2026, 11, 22, 6, tzinfo=UTC))


def read(told: Any) -> list[WireReading]:
    return read_observations(TOPIC, json.dumps(told).encode(), NOW)


def test_both_forms_say_the_same() -> None:
    value = {"ts": NOW, "v": {"level": 3.2, "flow": None, "open": True}, "q": {"level": "D"}}
    expected = [
        WireReading("river-1", "level", NOW, 3.2, Quality.FAULT),
        WireReading("river-1", "flow", NOW, NO_VALUE, Quality.MISSING),
        WireReading("river-1", "open", NOW, 1.0),
    ]
    assert read(value) == expected
    event = {"specversion": "1.0", "type": "obs", "source": "/x", "id": "1", "data": value}
    assert read(event) == expected
    assert read([value, value]) == expected * 2


def test_without_an_instant_the_envelope_or_the_receipt_counts() -> None:
    assert read({"v": {"level": 1}})[0].at_ms == NOW
    event = {"specversion": "1.0", "time": "2026-11-22T14:00:01+08:00", "data": {"v": {"level": 1}}}
    assert read(event)[0].at_ms == NOW + 1000


@pytest.mark.parametrize(
    ("told", "element"),
    [
        (3, "payload"),
        ({"v": {}}, "v"),
        ({"v": [1]}, "v"),
        ({"v": {"level": "3"}}, "v.level"),
        ({"v": {"level": 1e300}}, "v.level"),
        ({"ts": 5, "v": {"level": 3}}, "ts"),
        ({"ts": True, "v": {"level": 3}}, "ts"),
        ({"ts": "2026-11-22", "v": {"level": 3}}, "ts"),
        ({"v": {"level": 3}, "q": {"level": "X"}}, "q.level"),
        ({"v": {"level": 3}, "q": "D"}, "q"),
        ({"specversion": "1.0"}, "payload"),
        ({"specversion": "1.0", "time": 3, "data": {"v": {"a": 1}}}, "time"),
    ],
)
def test_a_wrong_element_is_named(told: Any, element: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(told)
    assert refusal.value.values["element"] == element


@pytest.mark.parametrize("topic", ["ov1/a/b/c/obs", "x/a/b/c/d/obs", "ov1/a/b/c//obs"])
def test_a_topic_that_is_none_of_ours_is_named(topic: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_observations(topic, b'{"v":{"a":1}}', NOW)
    assert refusal.value.values["element"] == "topic"


def test_states() -> None:
    assert read_state(TOPIC, b'{"online":false}') == ("river-1", False)
    assert read_state(TOPIC, b"true") == ("river-1", True)
    with pytest.raises(Unreadable):
        read_state(TOPIC, b'"gone"')


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.text(max_size=40))
def test_no_message_does_more_than_be_refused(payload: bytes, device: str) -> None:
    for one in (payload, b'{"v":' + payload + b"}", b'{"v":{"a":1},"q":' + payload + b"}"):
        with suppress(Unreadable):
            read_observations(f"ov1/c/d/s/{device}/obs", one, NOW)


NUMBERS = st.none() | st.floats(-1e9, 1e9, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text("abc", min_size=1), NUMBERS, min_size=1, max_size=5))
def test_what_is_written_is_read(values: dict[str, float | None]) -> None:
    told = read_observations(TOPIC, write_observations(NOW, values), NOW + 5)
    wanted = {name: NO_VALUE if value is None else value for name, value in values.items()}
    assert {one.factor: one.value for one in told} == wanted
    assert {one.at_ms for one in told} == {NOW}


@pytest.mark.parametrize(
    ("wanted", "topic", "does"),
    [
        ("ov1/+/+/+/+/obs", TOPIC, True),
        ("ov1/+/+/+/+/state", TOPIC, False),
        ("ov1/#", TOPIC, True),
        ("#", "$SYS/broker", False),
        ("ov1/+", TOPIC, False),
        ("ov1/+/+", "ov1/a", False),
        ("ov1/a/#", "ov1/a", True),
    ],
)
def test_filters_fit_as_the_standard_says(wanted: str, topic: str, does: bool) -> None:
    assert fits(tuple(wanted.split("/")), topic.split("/")) is does


@pytest.mark.parametrize("url", ["http://x", "mqtt://", "mqtt://x:99999", "mqtt://x/y", "own"])
def test_an_address_that_is_no_broker_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        read_broker(url)


def test_an_address_tells_who_we_are_and_hides_the_password() -> None:
    broker = read_broker("mqtts://ing%40est:se%3Acret@broker.example")
    assert (broker.user, broker.password, broker.port, broker.tls) == (
        "ing@est",
        "se:cret",
        8883,
        True,
    )
    assert "se:cret" not in repr(broker)


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
