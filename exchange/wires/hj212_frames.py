"""HJ 212 frames: found in a stream of bytes, checked, and written. `##`, four digits of length, the segment, its CRC, CR LF."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from exchange.wires.unreadable import Unreadable

WIRE: Final = "hj212"
HEAD: Final = b"##"
_LENGTH: Final = 4
_CRC: Final = 4
_TAIL: Final = b"\r\n"
LONGEST_SEGMENT: Final = 9999  # what four digits can say; the standard itself allows 1024
_POLYNOMIAL: Final = 0xA001


def _row(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ _POLYNOMIAL if value & 1 else value >> 1
    return value


_TABLE: Final = tuple(_row(value) for value in range(256))


def crc(data: bytes) -> int:
    """Return the check of HJ 212: the register's HIGH byte meets the next byte (that is where it parts from Modbus)."""
    register = 0xFFFF
    for byte in data:
        register = _TABLE[(register >> 8) ^ byte]
    return register


def crc_modbus(data: bytes) -> int:
    """Return the check of Modbus, which many devices send in place of HJ 212's own."""
    register = 0xFFFF
    for byte in data:
        register = (register >> 8) ^ _TABLE[(register ^ byte) & 0xFF]
    return register


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame whose check was right; `dialect` says that it was right by Modbus's rule alone."""

    raw: bytes
    segment: bytes
    dialect: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes that are no frame, and why."""

    raw: bytes
    reason: Unreadable


Opener = Callable[[bytes], bytes]


def _as_it_is(segment: bytes) -> bytes:
    return segment


class FrameFinder:
    """Cuts frames out of a stream however it was chopped; a length that lies costs its own frame and no other.

    `opener` turns an encrypted segment into plain text, for the check is made over the plain one.
    """

    def __init__(self, opener: Opener = _as_it_is) -> None:
        self._buffer = bytearray()
        self._opener = opener
        self._skipping = (
            False  # what follows, up to the next head, belongs to a frame already given up
        )

    @property
    def waiting(self) -> int:
        """Return how many bytes wait for the rest of their frame; never more than a frame is long."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[Frame | Broken]:
        """Yield what is complete now, in the order of the stream."""
        self._buffer += data
        while (found := self._next()) is not None:
            yield found

    def end(self) -> Iterator[Broken]:
        """Yield what is left of a stream that has ended in the middle of a frame."""
        rest = bytes(self._buffer).strip(_TAIL)
        self._buffer.clear()
        if rest:
            yield Broken(rest[:LONGEST_SEGMENT], _bad("wires.cut_short", "segment", len(rest)))

    def _next(self) -> Frame | Broken | None:
        garbage = self._skip_to_head()
        if garbage and not self._skipping:
            shown = garbage[:8].decode("latin-1")
            return Broken(garbage, _bad("wires.no_frame", "##", shown, "##"))
        digits = bytes(self._buffer[2 : 2 + _LENGTH])
        if len(digits) < _LENGTH:
            return None
        self._skipping = False
        if not digits.isdigit():
            return self._drop(
                len(HEAD), "wires.bad_element", "length", digits.decode("latin-1"), "0000–9999"
            )
        end = 2 + _LENGTH + int(digits)
        if len(self._buffer) < end + _CRC:
            return None
        return self._checked(end)

    def _skip_to_head(self) -> bytes:
        """Drop the line's end and whatever else stands before the next head; return what else it was."""
        start = self._buffer.find(HEAD)
        if start < 0:  # the last byte may be the first half of a head
            keep = 1 if self._buffer.endswith(b"#") else 0
            start = len(self._buffer) - keep
        skipped = bytes(self._buffer[:start])
        del self._buffer[:start]
        return skipped.strip(_TAIL + b"\x00 ")

    def _checked(self, end: int) -> Frame | Broken:
        segment = bytes(self._buffer[2 + _LENGTH : end])
        told = bytes(self._buffer[end : end + _CRC])
        raw = bytes(self._buffer[: end + _CRC])
        try:
            plain = self._opener(segment)
            number = int(told, 16) if told.isalnum() else -1
        except Unreadable as reason:
            del self._buffer[: end + _CRC]
            return Broken(raw, reason)
        except ValueError:
            plain, number = segment, -1
        right = crc(plain)
        if number in (right, crc_modbus(plain)):
            del self._buffer[: end + _CRC]
            return Frame(raw, plain, dialect=number != right)
        # What was opened with a wrong key fails its check too.
        code = "wires.bad_check" if plain == segment else "wires.bad_check_sealed"
        return self._drop(len(HEAD), code, "CRC", told.decode("latin-1"), f"{right:04X}")

    def _drop(self, size: int, code: str, element: str, value: str, wanted: str) -> Broken:
        """Give up this head alone: what stands after it may be a frame whose length did not lie."""
        following = self._buffer.find(HEAD, size)
        self._skipping = following < 0
        end = len(self._buffer) - self._buffer.endswith(b"#") if following < 0 else following
        raw = bytes(self._buffer[:end])
        del self._buffer[:end]
        return Broken(raw, _bad(code, element, value, wanted))


def _bad(code: str, element: str, value: object = "", wanted: object = "") -> Unreadable:
    return Unreadable(code, wire=WIRE, element=element, value=value, wanted=wanted)


def write_frame(segment: bytes, sealed: bytes | None = None) -> bytes:
    """Return the frame of a segment; the check is over the plain one even where an encrypted one is sent."""
    sent = segment if sealed is None else sealed
    if len(sent) > LONGEST_SEGMENT:
        raise _bad("wires.too_long", "segment", len(sent), LONGEST_SEGMENT)
    return b"##%04d%b%04X\r\n" % (len(sent), sent, crc(segment))
