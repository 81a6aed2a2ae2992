"""What an SL 651-2014 message measured: elements as identifier, length and decimals, then packed decimals."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from exchange.wires.digits import read_bcd, read_local, write_bcd
from exchange.wires.model import NO_VALUE, WireReading
from exchange.wires.sl651_frames import LINK, WIRE, Frame, bad
from sensors.model import Quality

SENT: Final = "%y%m%d%H%M%S"
OBSERVED: Final = "%y%m%d%H%M"
STATION, TIME, STEP, ALARMS, EXTENDED = 0xF1, 0xF0, 0x04, 0x45, 0xFF
# Hourly series: twelve values five minutes apart, the last of them at the time of observation; bytes and unit of each.
_SERIES: Final = {0xF4: (1, 0.1)} | dict.fromkeys(range(245, 253), (2, 0.01))
_FIVE_MINUTES_MS: Final = 300_000
_TWELVE: Final = 12
_NEGATIVE: Final = 0xFF
_INVALID: Final = 0xAA
_REPORTS: Final = frozenset(range(0x30, 0x36)) | {0x37, 0x38, 0x39, 0x3A}


@dataclass(slots=True)
class _Text:
    """The body, read from its beginning; what is not there any more is refused by name."""

    rest: bytes

    def take(self, count: int, element: str) -> bytes:
        if len(self.rest) < count:
            raise bad("wires.cut_short", element, f"{len(self.rest)} B")
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken


def read_readings(frame: Frame) -> list[WireReading]:
    """Return the readings of a report; a link message (2F) has none. `factor` is the element's identifier, two hex digits."""
    text = _Text(frame.body)
    text.take(2, "serial")
    sent_ms = _instant(text.take(6, "time"), SENT, "time")
    if frame.function == LINK:
        return []
    if frame.function not in _REPORTS:
        raise bad("wires.bad_element", "function", f"{frame.function:02X}", "2F, 30–35, 37–3A")
    return list(_elements(text, frame.station, sent_ms))


def _elements(text: _Text, station: str, at_ms: int) -> Iterator[WireReading]:
    while text.rest:
        id = text.take(1, "element")[0]
        if id == STATION:
            station = _named_station(text)
            continue
        if id == TIME:
            _twin(text, TIME)
            at_ms = _instant(text.take(5, "F0F0"), OBSERVED, "F0F0")
            continue
        name = f"{id:02X}"
        if id == EXTENDED:
            name += f"{text.take(1, 'element')[0]:02X}"
        size, decimals = _descriptor(text, name)
        value = text.take(size, name)
        if id in _SERIES:
            yield from _series(station, id, value, at_ms)
        elif id not in (STEP, ALARMS):
            yield _reading(station, name, value, decimals, at_ms)


def _named_station(text: _Text) -> str:
    _twin(text, STATION)
    station = read_bcd(text.take(5, "F1F1"), WIRE, "F1F1")
    if text.rest and text.rest[0] in range(
        0x30, 0x5B
    ):  # the station's class, a letter: H a river station
        text.take(1, "class")
    return station


def _twin(text: _Text, id: int) -> None:
    again = text.take(1, "element")[0]
    if again != id:
        raise bad("wires.bad_element", f"{id:02X}", f"{again:02X}", f"{id:02X}")


def _descriptor(text: _Text, name: str) -> tuple[int, int]:
    told = text.take(1, name)[0]
    size = told >> 3
    if not size:
        raise bad("wires.bad_element", name, f"{told:02X}", "1–31 B")
    return size, told & 0b111


def _reading(station: str, name: str, packed: bytes, decimals: int, at_ms: int) -> WireReading:
    if packed == bytes([_INVALID]) * len(packed):
        return WireReading(station, name, at_ms, NO_VALUE, Quality.MISSING)
    negative = packed[0] == _NEGATIVE and len(packed) > 1
    digits = read_bcd(packed[1:] if negative else packed, WIRE, name)
    value = int(digits) / 10**decimals
    return WireReading(station, name, at_ms, -value if negative else value)


def _series(station: str, id: int, packed: bytes, at_ms: int) -> Iterator[WireReading]:
    size, unit = _SERIES[id]
    name = f"{id:02X}"
    if len(packed) != size * _TWELVE:
        raise bad("wires.bad_element", name, f"{len(packed)} B", f"{size * _TWELVE} B")
    for place in range(_TWELVE):
        raw = packed[place * size : (place + 1) * size]
        when = at_ms - (_TWELVE - 1 - place) * _FIVE_MINUTES_MS
        if raw == b"\xff" * size:
            yield WireReading(station, name, when, NO_VALUE, Quality.MISSING)
        else:
            yield WireReading(station, name, when, round(int.from_bytes(raw, "big") * unit, 4))


def _instant(packed: bytes, form: str, element: str) -> int:
    return read_local(read_bcd(packed, WIRE, element), form, WIRE, element)


def write_element(id: int, digits: str, decimals: int) -> bytes:
    """Return one element: an even number of digits with so many decimals."""
    packed = write_bcd(digits)
    return bytes([id, len(packed) << 3 | decimals]) + packed
