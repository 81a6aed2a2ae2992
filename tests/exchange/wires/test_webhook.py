"""Webhooks: the operators' shapes, tables of an office, and messages that are refused by the path that is wrong."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.wires.model import NO_VALUE, WireReading
from exchange.wires.unreadable import Unreadable
from exchange.wires.webhook import Hook, read_hooks, read_message, shipped_hooks
from sensors.model import Quality
from vocabulary.errors import Refused

NOW = 1_795_744_921_000
HOOKS = shipped_hooks()


def read(hook: Hook, told: Any, received_ms: int) -> list[WireReading]:
    readings, wrong = read_message(hook, told, received_ms)
    assert wrong == []
    return readings


def test_ctwing() -> None:
    told = {
        "messageType": "dataReport",
        "deviceId": "a1b2",
        "timestamp": NOW,
        "payload": {"level": 3.2, "battery_voltage": "3.61", "door": False},
    }
    assert read(HOOKS["ctwing"], told, 0) == [
        WireReading("a1b2", "level", NOW, 3.2),
        WireReading("a1b2", "battery_voltage", NOW, 3.61),
        WireReading("a1b2", "door", NOW, 0.0),
    ]
    assert read(HOOKS["ctwing"], {**told, "messageType": "deviceOnlineOfflineReport"}, 0) == []


def test_onenet_as_object_as_list_and_as_text() -> None:
    one = {"at": NOW, "imei": "8650", "type": 1, "ds_id": "3303_0_5700", "value": 21.5}
    wanted = WireReading("8650", "3303_0_5700", NOW, 21.5)
    hook = HOOKS["onenet"]
    assert read(hook, {"msg": one, "nonce": "x"}, 0) == [wanted]
    assert read(hook, {"msg": [one, one]}, 0) == [wanted, wanted]
    assert read(hook, {"msg": json.dumps(one)}, 0) == [wanted]


def test_oceanconnect() -> None:
    service = {"serviceId": "Water", "data": {"flow": None}, "eventTime": "20261127T021500Z"}
    told = {"notifyType": "deviceDataChanged", "deviceId": "d", "service": service}
    (reading,) = read(HOOKS["oceanconnect"], told, 0)
    assert reading == WireReading("d", "flow", 1_795_745_700_000, NO_VALUE, Quality.MISSING)


def test_an_offices_own_shape_with_names_of_its_own() -> None:
    (hook,) = read_hooks(
        '[meters]\neach = "data.rows"\ndevice = "sn"\nat = "data.time"\nvalues = "kv"\n'
        'names = {ll = "flow"}\nignore_others = true\n'
    ).values()
    told = {"data": {"time": NOW // 1000, "rows": [{"sn": 7, "kv": {"ll": 1, "x": "junk"}}]}}
    assert read(hook, told, 0) == [WireReading("7", "flow", NOW, 1.0)]


def test_of_a_list_the_good_elements_are_read_and_each_wrong_one_is_named_by_its_place() -> None:
    (hook,) = read_hooks('[m]\neach = "rows"\ndevice = "sn"\nvalues = "kv"\n').values()
    good, bad = {"sn": "a", "kv": {"flow": 1}}, {"sn": "b", "kv": {"flow": "viel"}}
    readings, wrong = read_message(hook, {"rows": [good, bad, {"kv": {}}, 5]}, NOW)
    assert readings == [WireReading("a", "flow", NOW, 1.0)]
    assert [(place, part) for place, part, _ in wrong] == [(1, bad), (2, {"kv": {}}), (3, 5)]
    assert [why.values["element"] for _, _, why in wrong] == [
        "rows[1] kv.flow", "rows[2] sn", "rows[3] rows",
    ]  # fmt: skip
    with pytest.raises(Unreadable) as refusal:
        read_message(hook, {"rows": 5}, NOW)
    assert refusal.value.values["element"] == "rows"


@pytest.mark.parametrize(
    ("change", "element"),
    [
        ({"deviceId": None}, "deviceId"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"timestamp": 12}, "timestamp"),
        ({"payload": 3}, "payload"),
        ({"payload": {"level": "high"}}, "payload.level"),
        ({"payload": {"level": [1]}}, "payload.level"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(change: dict[str, Any], element: str) -> None:
    told = {"messageType": "dataReport", "deviceId": "a", "timestamp": NOW, "payload": {"level": 1}}
    with pytest.raises(Unreadable) as refusal:
        read(HOOKS["ctwing"], {**told, **change}, 0)
    assert refusal.value.values["element"] == element


@pytest.mark.parametrize(
    "text",
    [
        "[a",
        "[A]\ndevice='x'\nvalues='v'",
        "[a]\nvalues='v'",
        "[a]\ndevice='x'",
        "[a]\ndevice='x'\nvalues='v'\nvalue='w'",
        "[a]\ndevice='x..y'\nvalues='v'",
        "[a]\ndevice='x'\nvalues='v'\nvales='v'",
    ],
)
def test_a_table_that_cannot_be_used_says_why(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_hooks(text)
    assert refusal.value.code == "wires.bad_table"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["msg", "deviceId", "payload", "at", "imei", "service", "v", "ts", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_no_message_does_more_than_be_refused(told: Any) -> None:
    for hook in HOOKS.values():
        for one in (
            told,
            {"messageType": "dataReport", "notifyType": "deviceDataChanged", "msg": told},
        ):
            with suppress(Unreadable):
                read_message(hook, one, NOW)
