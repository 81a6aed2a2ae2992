"""Frames of JT/T 808: flags, escapes, the XOR check, and the header of both editions."""

import struct
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Final

from vocabulary.errors import Refused

FLAG: Final = 0x7E
ESCAPE: Final = 0x7D
BODY_MOST: Final = 0x3FF
# Header of the 2019 edition with its package item, the body and the check, every byte escaped.
WIRE_MOST: Final = 2 * (21 + BODY_MOST + 1)
_ENCRYPTED: Final = 0x1C00
_PARTED: Final = 0x2000
_VERSIONED: Final = 0x4000
_PHONE_2013, _PHONE_2019 = 6, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One message: `terminal` is the number it calls itself by, without leading zeros; `version` None is 2013.

    `part` and `parts` count the packages of a message that did not fit into one.
    """

    message: int
    terminal: str
    serial: int
    body: bytes
    version: int | None = None
    parts: int = 1
    part: int = 1


def checksum(content: bytes) -> int:
    """Return the XOR of all bytes."""
    return reduce(xor, content, 0)


def escaped(content: bytes) -> bytes:
    """Return what goes between the flags."""
    return content.replace(b"\x7d", b"\x7d\x01").replace(b"\x7e", b"\x7d\x02")


def unescaped(wire: bytes) -> bytes:
    """Return what stood there before it was escaped; an escape of nothing known is refused."""
    parts = wire.split(b"\x7d")
    plain = bytearray(parts[0])
    for part in parts[1:]:
        if not part or part[0] not in (1, 2):
            raise Refused("jt808.bad_escape", value=f"7d{part[:1].hex()}")
        plain.append(ESCAPE if part[0] == 1 else FLAG)
        plain += part[1:]
    return bytes(plain)


def bcd(digits: str, size: int) -> bytes:
    """Return decimal digits packed two in a byte, padded on the left."""
    return bytes.fromhex(digits.zfill(2 * size))


def digits_of(packed: bytes) -> str:
    """Return packed decimal digits as text; what is no digit is refused."""
    text = packed.hex()
    if not text.isdecimal():
        raise Refused("jt808.not_decimal", value=text)
    return text


def read_frame(wire: bytes) -> Frame:
    """Return the message of what stood between two flags; Refused says what is wrong with it."""
    content = unescaped(wire)
    if len(content) < 4 + _PHONE_2013 + 2 + 1:
        raise Refused("jt808.too_short", n=len(content))
    if found := checksum(content):
        told = content[-1]
        raise Refused("jt808.bad_check", told=f"{told:02x}", counted=f"{told ^ found:02x}")
    message, attributes = struct.unpack_from(">HH", content)
    if attributes & _ENCRYPTED:
        raise Refused("jt808.encrypted")
    versioned = bool(attributes & _VERSIONED)
    size = _PHONE_2019 if versioned else _PHONE_2013
    head = 5 if versioned else 4
    end = head + size + 2 + (4 if attributes & _PARTED else 0)
    if len(content) - 1 - end != attributes & BODY_MOST:
        told, counted = attributes & BODY_MOST, max(0, len(content) - 1 - end)
        raise Refused("jt808.bad_length", told=told, counted=counted)
    (serial,) = struct.unpack_from(">H", content, head + size)
    parts, part = (1, 1)
    if attributes & _PARTED:
        parts, part = struct.unpack_from(">HH", content, head + size + 2)
        if not 1 <= part <= parts:
            raise Refused("jt808.bad_part", part=part, parts=parts)
    return Frame(
        message=message,
        terminal=digits_of(content[head : head + size]).lstrip("0") or "0",
        serial=serial,
        body=content[end:-1],
        version=content[4] if versioned else None,
        parts=parts,
        part=part,
    )


def write_frame(frame: Frame) -> bytes:
    """Return a message as it goes over the wire, with its flags."""
    attributes = len(frame.body)
    if attributes > BODY_MOST:
        raise Refused("jt808.bad_length", told=BODY_MOST, counted=attributes)
    phone = bcd(frame.terminal, _PHONE_2013)
    if frame.version is not None:
        attributes |= _VERSIONED
        phone = bytes([frame.version]) + bcd(frame.terminal, _PHONE_2019)
    parting = b""
    if frame.parts > 1:
        attributes |= _PARTED
        parting = struct.pack(">HH", frame.parts, frame.part)
    head = struct.pack(">HH", frame.message, attributes) + phone
    content = head + struct.pack(">H", frame.serial) + parting + frame.body
    return b"\x7e" + escaped(content + bytes([checksum(content)])) + b"\x7e"


class Splitter:
    """Cuts a stream of bytes at its flags, however the network glued or split it."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._open = False  # whether what is held began after a flag

    def feed(self, data: bytes) -> list[bytes | Refused]:
        """Return the frames that are whole now, and in their places what is refused: too long, or before any flag."""
        found: list[bytes | Refused] = []
        *whole, rest = data.split(bytes([FLAG]))
        for piece in whole:
            self._held += piece
            if self._held:
                found.append(self._judged())
            self._held.clear()
            self._open = True
        self._held += rest
        if len(self._held) > WIRE_MOST:
            found.append(Refused("jt808.too_long", most=WIRE_MOST))
            self._held.clear()
            self._open = False
        return found

    def _judged(self) -> bytes | Refused:
        if not self._open:
            return Refused("jt808.no_flag", n=len(self._held))
        if len(self._held) > WIRE_MOST:
            return Refused("jt808.too_long", most=WIRE_MOST)
        return bytes(self._held)
