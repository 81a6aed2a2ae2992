"""Other platforms' JSON turned into readings by a mapping that is data: where in it device, instant and values stand."""

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from exchange.fields import read_instant
from exchange.wires.digits import instant_ms
from exchange.wires.model import NO_VALUE, WireReading
from exchange.wires.unreadable import Unreadable
from sensors.model import Quality
from vocabulary.errors import Refused

WIRE: Final = "webhook"
SHIPPED: Final = Path(__file__).parent / "tables" / "webhooks.toml"
TABLE: Final = "wires/webhooks.toml"
MOST_READINGS: Final = 10_000
_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d{1,4})\]")
_PATH: Final = re.compile(r"(?:[^.\[\]]+|\[\d{1,4}\])(?:\.[^.\[\]]+|\[\d{1,4}\])*")
_COMPACT: Final = "%Y%m%dT%H%M%SZ"
_LEAST_S, _MOST_S = 946_684_800, 4_102_444_800  # 2000 to 2100
_OPTIONS: Final = frozenset(
    {
        "unpack",
        "each",
        "device",
        "at",
        "values",
        "channel",
        "value",
        "names",
        "only",
        "ignore_others",
    }
)

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One platform's shape. Paths begin at the message, those of `each` one at the element.

    `unpack` are texts that hold JSON themselves; either `values` is an object of channel to value, or `channel` and `value` are
    one pair; `names` turns the platform's names into ours; `only` (path and values) says which messages have readings at all.
    """

    name: str
    device: Path_
    at: Path_ | None = None
    unpack: tuple[Path_, ...] = ()
    each: Path_ | None = None
    values: Path_ | None = None
    channel: Path_ | None = None
    value: Path_ | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    only: Path_ | None = None
    only_values: tuple[Any, ...] = ()
    ignore_others: bool = False


def read_hooks(text: str, table: str = TABLE) -> dict[str, Hook]:
    """Return the hooks of a table; what is wrong in it is named."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise Refused("wires.bad_table", table=table, problem=problem) from None
    return {name: _hook(name, row, table) for name, row in told.items()}


def shipped_hooks() -> dict[str, Hook]:
    """Return the shapes that come with the program."""
    return read_hooks(SHIPPED.read_text("utf-8"), SHIPPED.name)


def _hook(name: str, row: Any, table: str) -> Hook:
    def wrong(problem: str) -> Refused:
        return Refused("wires.bad_table", table=table, problem=f"[{name}] {problem}")

    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", name) or not isinstance(row, dict):
        raise wrong("a-z 0-9 _ -")
    if unknown := sorted(row.keys() - _OPTIONS):
        raise wrong(f"{unknown[0]}: {', '.join(sorted(_OPTIONS))}")

    def path(option: str) -> Path_ | None:
        value = row.get(option)
        if value is not None and not (isinstance(value, str) and _PATH.fullmatch(value)):
            raise wrong(f"{option} = {value!r}: a.b[0].c")
        return None if value is None else _steps(value)

    device, values, value = path("device"), path("values"), path("value")
    if device is None or (values is None) == (value is None):
        raise wrong("device, values | value")
    only = row.get("only", {})
    unpack = row.get("unpack", [])
    names = row.get("names", {})
    if not (isinstance(only, dict) and isinstance(unpack, list) and isinstance(names, dict)):
        raise wrong("only = {path=…, is=[…]}, unpack = […], names = {…}")
    return Hook(
        name=name,
        device=device,
        at=path("at"),
        unpack=tuple(map(_steps, map(str, unpack))),
        each=path("each"),
        values=values,
        channel=path("channel"),
        value=value,
        names={str(theirs): str(ours) for theirs, ours in names.items()},
        only=_steps(str(only["path"])) if "path" in only else None,
        only_values=tuple(only.get("is", ())),
        ignore_others=bool(row.get("ignore_others", False)),
    )


def _steps(path: str) -> Path_:
    return tuple(int(number) if number else name for name, number in _STEP.findall(path))


Wrong = tuple[int, Any, Unreadable]  # an element's place, the element, and what is wrong with it


def read_message(hook: Hook, told: Any, received_ms: int) -> tuple[list[WireReading], list[Wrong]]:
    """Return a message's readings and its wrong elements, each named by its path; refuse one of which nothing can be read."""
    for path in hook.unpack:
        told = _unpacked(told, path)
    if hook.only is not None and _find(told, hook.only) not in hook.only_values:
        return [], []
    found: list[WireReading] = []
    wrong: list[Wrong] = []
    parts = told if hook.each is None else _find(told, hook.each)
    listed = isinstance(parts, list)
    for place, part in enumerate(parts if listed else [parts]):
        try:
            if not isinstance(part, dict | list):
                raise _bad(_written(hook.each or ()) or "message", part, "{…}")
            found += _readings(hook, told, part, received_ms)
        except Unreadable as reason:
            wrong.append((place, part, _placed(reason, hook, place) if listed else reason))
    if wrong and not found:
        raise wrong[0][2]
    if len(found) > MOST_READINGS:
        raise Unreadable(
            "wires.too_long", wire=WIRE, element="values", value=len(found), wanted=MOST_READINGS
        )
    return found, wrong


def _placed(reason: Unreadable, hook: Hook, place: int) -> Unreadable:
    """Return a reason with the place of its element in the message's list."""
    said = reason.values
    element = f"{_written(hook.each or ())}[{place}] {said['element']}"
    return Unreadable(
        reason.code, wire=WIRE, element=element, value=said["value"], wanted=said["wanted"]
    )


def _readings(hook: Hook, told: Any, part: Any, received_ms: int) -> list[WireReading]:
    device = _either(part, told, hook.device)
    if isinstance(device, int) and not isinstance(device, bool):
        device = str(device)
    if not isinstance(device, str) or not 0 < len(device) <= 80:
        raise _bad(_written(hook.device), device, "ABC123")
    at_ms = received_ms if hook.at is None else _instant(hook.at, _either(part, told, hook.at))
    if hook.values is not None:
        values = _find(part, hook.values)
        if not isinstance(values, dict):
            raise _bad(_written(hook.values), values, '{"level":3.2}')
        pairs = [(name, f"{_written(hook.values)}.{name}", value) for name, value in values.items()]
    else:
        assert hook.value is not None  # noqa: S101 - the table was checked
        name = _either(part, told, hook.channel) if hook.channel else hook.value[-1]
        pairs = [(str(name), _written(hook.value), _find(part, hook.value))]
    return [
        _reading(device, hook.names.get(name, name), place, at_ms, value)
        for name, place, value in pairs
        if not (hook.ignore_others and name not in hook.names)
    ]


def _reading(device: str, channel: str, place: str, at_ms: int, value: Any) -> WireReading:
    if value is None:
        return WireReading(device, channel, at_ms, NO_VALUE, Quality.MISSING)
    if isinstance(value, bool):
        value = int(value)
    try:
        number = float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number) or abs(number) > 1e15:
        raise _bad(place, value, "3.2")
    return WireReading(device, channel, at_ms, number)


def _instant(path: Path_, value: Any) -> int:
    """Return an instant told as seconds or milliseconds since 1970, RFC 3339, or 20161127T101500Z."""
    element = _written(path)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 15:
        value = int(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value if value < _MOST_S else value / 1000
        if _LEAST_S <= seconds < _MOST_S:
            return round(seconds * 1000)
    elif isinstance(value, str):
        try:
            return instant_ms(datetime.strptime(value, _COMPACT).replace(tzinfo=UTC))
        except ValueError:
            pass
        try:
            instant = read_instant(value)
        except ValueError:
            instant = None
        if instant is not None:
            return instant_ms(instant)
    raise _bad(element, value, "1795744921000, 2026-11-27T10:15:00+08:00")


_ABSENT: Final = object()


def _walk(told: Any, path: Path_) -> Any:
    for step in path:
        if isinstance(step, int):
            told = told[step] if isinstance(told, list) and step < len(told) else _ABSENT
        else:
            told = told.get(step, _ABSENT) if isinstance(told, dict) else _ABSENT
        if told is _ABSENT:
            return _ABSENT
    return told


def _find(told: Any, path: Path_) -> Any:
    found = _walk(told, path)
    if found is _ABSENT:
        raise Unreadable("wires.missing_element", wire=WIRE, element=_written(path))
    return found


def _either(part: Any, told: Any, path: Path_) -> Any:
    found = _walk(part, path)
    return _find(told, path) if found is _ABSENT else found


def _unpacked(told: Any, path: Path_) -> Any:
    """Return the message with the text at `path` replaced by the JSON it holds; an object there is left as it is."""
    found = _find(told, path)
    if not isinstance(found, str):
        return told
    try:
        value = orjson.loads(found)
    except orjson.JSONDecodeError:
        raise _bad(_written(path), found, "JSON") from None
    return _with(told, path, value)


def _with(told: Any, path: Path_, value: Any) -> Any:
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(told, list) and isinstance(first, int):
        return [_with(one, rest, value) if n == first else one for n, one in enumerate(told)]
    return {**told, first: _with(told[first], rest, value)}


def _written(path: Path_) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.lstrip(".")


def _bad(element: str, value: object, wanted: str) -> Unreadable:
    return Unreadable("wires.bad_element", wire=WIRE, element=element, value=value, wanted=wanted)
