"""SL 651-2014 frames in hexadecimal coding: found in a stream of bytes, checked (CRC-16 of Modbus, high byte first), answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from exchange.wires.digits import read_bcd, write_bcd
from exchange.wires.hj212_frames import crc_modbus
from exchange.wires.unreadable import Unreadable

WIRE: Final = "sl651"
HEAD: Final = b"\x7e\x7e"
_FIXED: Final = 14  # head, centre, station, password, function, length, start of text
_CHECK: Final = 3  # end of text and the check
LONGEST: Final = _FIXED + 0xFFF + _CHECK
STX, SYN = 0x02, 0x16
ETX, ETB = 0x03, 0x17
STAY: Final = 0x1B  # ESC: the centre has it, and the station stays on the line
DOWN: Final = 0x8000
LINK: Final = 0x2F


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame from a station to the centre whose check was right."""

    raw: bytes
    centre: int
    station: str
    password: bytes
    function: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes that are no frame, and why."""

    raw: bytes
    reason: Unreadable


class FrameFinder:
    """Cuts frames out of a stream however it was chopped; a length that lies costs its own frame and no other."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._skipping = (
            False  # what follows, up to the next head, belongs to a frame already given up
        )

    @property
    def waiting(self) -> int:
        """Return how many bytes wait for the rest of their frame."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[Frame | Broken]:
        """Yield what is complete now, in the order of the stream."""
        self._buffer += data
        while (found := self._next()) is not None:
            yield found

    def end(self) -> Iterator[Broken]:
        """Yield what is left of a stream that has ended in the middle of a frame."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        if rest:
            yield Broken(rest, bad("wires.cut_short", "frame", f"{len(rest)} B"))

    def _next(self) -> Frame | Broken | None:
        start = self._buffer.find(HEAD)
        if start < 0:
            start = len(self._buffer) - self._buffer.endswith(HEAD[:1])
        if start:
            garbage = bytes(self._buffer[:start])
            del self._buffer[:start]
            if self._skipping:
                return self._next()
            return Broken(garbage, bad("wires.no_frame", "7E7E", garbage[:8], "7E 7E"))
        if len(self._buffer) < _FIXED:
            return None
        self._skipping = False
        told = int.from_bytes(self._buffer[11:13], "big")
        if told & DOWN:
            return self._drop(bad("wires.bad_element", "length", f"{told:04X}", "0000–0FFF"))
        if self._buffer[13] != STX:
            shown = f"{self._buffer[13]:02X}"  # 16 are the parts of pictures, which are not taken
            return self._drop(bad("wires.bad_element", "STX", shown, "02"))
        end = _FIXED + (told & 0xFFF) + _CHECK
        return None if len(self._buffer) < end else self._checked(end)

    def _checked(self, end: int) -> Frame | Broken:
        raw = bytes(self._buffer[:end])
        told, right = int.from_bytes(raw[-2:], "big"), crc_modbus(raw[:-2])
        if told != right:
            return self._drop(bad("wires.bad_check", "CRC", f"{told:04X}", f"{right:04X}"))
        del self._buffer[:end]
        if raw[-3] not in (ETX, ETB):
            return Broken(raw, bad("wires.bad_element", "ETX", f"{raw[-3]:02X}", "03, 17"))
        try:
            station = read_bcd(raw[3:8], WIRE, "station")
        except Unreadable as reason:
            return Broken(raw, reason)
        return Frame(raw, raw[2], station, raw[8:10], raw[10], raw[_FIXED:-_CHECK])

    def _drop(self, reason: Unreadable) -> Broken:
        following = self._buffer.find(HEAD, 1)
        self._skipping = following < 0
        end = len(self._buffer) - self._buffer.endswith(HEAD[:1]) if following < 0 else following
        raw = bytes(self._buffer[:end])
        del self._buffer[:end]
        return Broken(raw, reason)


def write_frame(centre: int, station: str, password: bytes, function: int, body: bytes) -> bytes:
    """Return a frame from a station to the centre."""
    head = HEAD + bytes([centre]) + write_bcd(station) + password + bytes([function])
    text = head + len(body).to_bytes(2, "big") + bytes([STX]) + body + bytes([ETX])
    return text + crc_modbus(text).to_bytes(2, "big")


def answer_to(frame: Frame) -> bytes:
    """Return the centre's receipt: serial number and time come back, the addresses change places."""
    told = frame.body[:8]
    head = HEAD + write_bcd(frame.station) + bytes([frame.centre]) + frame.password
    text = head + bytes([frame.function]) + (DOWN | len(told)).to_bytes(2, "big")
    text += bytes([STX]) + told + bytes([STAY])
    return text + crc_modbus(text).to_bytes(2, "big")


def bad(code: str, element: str, value: object = "", wanted: object = "") -> Unreadable:
    """Return a refusal of this wire."""
    return Unreadable(code, wire=WIRE, element=element, value=value, wanted=wanted)
