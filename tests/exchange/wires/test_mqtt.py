"""MQTT: payloads read and refused by their element, topics, and addresses of brokers."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.wires.digits import instant_ms
from exchange.wires.model import NO_VALUE, WireReading
from exchange.wires.mqtt_link import fits, read_broker
from exchange.wires.mqtt_payloads import read_observations, read_state, write_observations
from exchange.wires.unreadable import Unreadable
from sensors.model import Quality
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
