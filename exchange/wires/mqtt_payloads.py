"""MQTT as this county speaks it: topics `ov1/{county}/{domain}/{site}/{device}/{obs|state|event|cmd|ack}`, two forms of payload.

The compact one is {"ts": ms, "v": {channel: value}, "q": {channel: flag}}, or a list of such; the other is the same as `data` of
a CloudEvent. Instants are ms since 1970 or RFC 3339 with a zone; without `ts` the CloudEvent's `time` counts, or the receipt.
"""

import math
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import orjson

from exchange.fields import read_instant
from exchange.wires.digits import instant_ms
from exchange.wires.model import NO_VALUE, WireReading
from exchange.wires.unreadable import Unreadable
from sensors.model import HJ212_FLAGS, Quality

WIRE: Final = "mqtt"
ROOT: Final = "ov1"
OBSERVATIONS: Final = f"{ROOT}/+/+/+/+/obs"
STATES: Final = f"{ROOT}/+/+/+/+/state"
LONGEST: Final = 262_144
MOST_READINGS: Final = 10_000
_LEAST_MS: Final = 946_684_800_000  # 2000-01-01
_MOST_MS: Final = 4_102_444_800_000  # 2100-01-01
_PART: Final = re.compile(r"[^/+#\x00-\x1f]{1,80}")
_LEVELS: Final = 6


class Topic(NamedTuple):
    """The levels of a topic."""

    county: str
    domain: str
    site: str
    device: str
    kind: str


def read_topic(topic: str) -> Topic:
    """Return the levels of a topic, or refuse it by the first that is wrong."""
    parts = topic.split("/")
    if len(parts) != _LEVELS or parts[0] != ROOT:
        raise _bad("topic", topic, f"{ROOT}/county/domain/site/device/obs")
    for part in parts:
        if not _PART.fullmatch(part):
            raise _bad("topic", topic, "1–80")
    return Topic(*parts[1:])


def read_observations(topic: str, payload: bytes, received_ms: int) -> list[WireReading]:
    """Return the readings of a message; a value that is none refuses the message and names its channel."""
    device = read_topic(topic).device
    told = _json(payload)
    if isinstance(told, dict) and "specversion" in told:
        default_ms = _instant(told["time"], "time") if "time" in told else received_ms
        told = told.get("data")
    else:
        default_ms = received_ms
    found: list[WireReading] = []
    for one in told if isinstance(told, list) else [told]:
        found += _of_one(device, one, default_ms)
    if len(found) > MOST_READINGS:
        raise Unreadable(
            "wires.too_long", wire=WIRE, element="v", value=len(found), wanted=MOST_READINGS
        )
    return found


def _of_one(device: str, told: Any, default_ms: int) -> list[WireReading]:
    if not isinstance(told, dict):
        raise _bad("payload", told, '{"ts":…,"v":{…}}')
    values, flags = told.get("v"), told.get("q", {})
    if not isinstance(values, dict) or not values:
        raise _bad("v", values, '{"level":3.2}')
    if not isinstance(flags, dict):
        raise _bad("q", flags, '{"level":"D"}')
    at_ms = _instant(told["ts"], "ts") if "ts" in told else default_ms
    return [_reading(device, name, value, at_ms, flags) for name, value in values.items()]


def _reading(
    device: str, name: str, value: Any, at_ms: int, flags: Mapping[str, Any]
) -> WireReading:
    quality = Quality.GOOD
    if name in flags:
        flag = flags[name]
        if not isinstance(flag, str) or flag not in HJ212_FLAGS:
            raise _bad(f"q.{name}", flag, " ".join(HJ212_FLAGS))
        quality = HJ212_FLAGS[flag]
    if value is None:
        return WireReading(device, name, at_ms, NO_VALUE, Quality.MISSING)
    if isinstance(value, bool):
        value = int(value)
    if not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > 1e15:
        raise _bad(f"v.{name}", value, "3.2")
    return WireReading(device, name, at_ms, float(value), quality)


def _instant(value: Any, element: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and _LEAST_MS <= value < _MOST_MS:
        return value
    try:
        instant = read_instant(value) if isinstance(value, str) else None
    except ValueError:
        instant = None
    if instant is None:
        raise _bad(element, value, "1795744921000, 2026-11-27T10:15:00+08:00")
    return instant_ms(instant)


def _json(payload: bytes) -> Any:
    if len(payload) > LONGEST:
        raise Unreadable(
            "wires.too_long", wire=WIRE, element="payload", value=len(payload), wanted=LONGEST
        )
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        raise _bad("payload", payload[:60].decode("utf-8", "replace"), "JSON") from None


def read_state(topic: str, payload: bytes) -> tuple[str, bool]:
    """Return a device and whether it is there: a retained message of its own, or its last will."""
    device = read_topic(topic).device
    told = _json(payload)
    online = told.get("online") if isinstance(told, dict) else told
    if not isinstance(online, bool):
        raise _bad("online", online, "true, false")
    return device, online


def write_observations(at_ms: int, values: Mapping[str, float | None]) -> bytes:
    """Return the compact payload."""
    return orjson.dumps({"ts": at_ms, "v": dict(values)})


def _bad(element: str, value: object, wanted: str) -> Unreadable:
    return Unreadable("wires.bad_element", wire=WIRE, element=element, value=value, wanted=wanted)
