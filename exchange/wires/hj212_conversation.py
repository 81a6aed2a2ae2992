"""What is said with an HJ 212 device on one connection: frames in, readings to the door, acknowledgements out."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from exchange.wires.door import Door
from exchange.wires.hj212 import Segment, read_segment, write_segment
from exchange.wires.hj212_frames import WIRE, Broken, Frame, FrameFinder, write_frame
from exchange.wires.hj212_packets import Assembly
from exchange.wires.hj212_readings import DATA, answer_to, read_readings
from exchange.wires.hj212_sealed import BLOCK, FORMS, Sealing, opener
from exchange.wires.listener import HangUp
from exchange.wires.unreadable import Unreadable
from vocabulary.errors import Refused

TABLE: Final = "wires/hj212.toml"
_BROKEN_IN_A_ROW: Final = 16
_OPTIONS: Final = frozenset({"modbus_crc", "sm4_key", "sm4_form", "password"})


@dataclass(frozen=True, slots=True)
class Hj212Devices:
    """What an office says about single devices, by MN."""

    modbus_crc: frozenset[str] = frozenset()
    sealings: Mapping[str, Sealing] = field(default_factory=dict)
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)


def read_devices(text: str) -> Hj212Devices:
    """Return the office's table: `[MN]` with modbus_crc = true, sm4_key = "32 hex digits" with its sm4_form, password = "…"."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise Refused("wires.bad_table", table=TABLE, problem=problem) from None
    sealings: dict[str, Sealing] = {}
    passwords: dict[str, str] = {}
    dialect: set[str] = set()
    for mn, row in told.items():
        if not isinstance(row, dict) or not row.keys() <= _OPTIONS:
            raise Refused("wires.bad_table", table=TABLE, problem=f"[{mn}]: {sorted(_OPTIONS)}")
        if row.get("modbus_crc") is True:
            dialect.add(mn)
        if "sm4_key" in row:
            sealings[mn] = _sealing(mn, row["sm4_key"], row.get("sm4_form"))
        if "password" in row:
            passwords[mn] = str(row["password"])
    return Hj212Devices(frozenset(dialect), sealings, passwords)


def _sealing(mn: str, value: Any, form: Any) -> Sealing:
    try:
        key = bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        key = b""
    if len(key) != BLOCK:
        problem = f"[{mn}] sm4_key: 32 × 0-9 a-f"
        raise Refused("wires.bad_table", table=TABLE, problem=problem)
    for known in FORMS:
        if form == known:
            return Sealing(key, known)
    problem = f"[{mn}] sm4_form: {', '.join(FORMS)}"
    raise Refused("wires.bad_table", table=TABLE, problem=problem)


class Hj212Conversation:
    """`exchange.wires.listener.Conversation`: what is acknowledged has been kept."""

    def __init__(
        self, door: Door, source: str, devices: Hj212Devices, now_s: Callable[[], float]
    ) -> None:
        self._door, self._source, self._devices, self._now_s = door, source, devices, now_s
        self._finder = FrameFinder(opener(devices.sealings))
        self._assembly = Assembly()
        self._broken = 0

    async def hear(self, data: bytes) -> bytes:
        """Take bytes as they come; return the acknowledgements that the senders asked for."""
        answers = bytearray()
        for found in self._finder.feed(data):
            try:
                answers += await self._answer(found)
                self._broken = 0
            except Unreadable as reason:
                self._door.book.refuse(WIRE, self._source, reason, found.raw)
                self._broken += 1
            if self._broken > _BROKEN_IN_A_ROW:
                raise HangUp(f"{self._broken} frames in a row")
        return bytes(answers)

    async def _answer(self, found: Frame | Broken) -> bytes:
        if isinstance(found, Broken):
            raise found.reason
        segment = read_segment(found.segment)
        self._admit(segment, dialect=found.dialect)
        whole = self._assembly.take(segment, self._now_s())
        if whole is not None and segment.cn in DATA:
            await self._door.take(WIRE, segment.mn, read_readings(whole))
        answer = answer_to(segment)
        return b"" if answer is None else write_frame(write_segment(answer))

    def _admit(self, segment: Segment, *, dialect: bool) -> None:
        mn, tally = segment.mn, self._door.book.tally(WIRE, segment.mn)
        if dialect and mn not in self._devices.modbus_crc:
            raise Unreadable(
                "wires.check_dialect", wire=WIRE, element="CRC", value=mn, wanted=TABLE
            )
        if segment.pw != self._devices.passwords.get(mn, segment.pw):
            raise Unreadable("wires.bad_password", wire=WIRE, element="PW", value=mn, wanted=TABLE)
        tally.dialect += dialect
        tally.resent += segment.resent

    async def tick(self) -> None:
        """Take what came of segments whose other packets never did, and tell it."""
        for came, reason in self._assembly.lapsed(self._now_s()):
            self._door.book.refuse(WIRE, came.mn, reason, write_segment(came))
            if came.cn in DATA:
                try:
                    await self._door.take(WIRE, came.mn, read_readings(came))
                except Unreadable as unreadable:
                    self._door.book.refuse(WIRE, came.mn, unreadable, write_segment(came))

    async def end(self) -> None:
        """Tell a frame that broke off with its connection."""
        for broken in self._finder.end():
            self._door.book.refuse(WIRE, self._source, broken.reason, broken.raw)
