"""What the platform answers: 0x8001 to most messages, 0x8100 to a registration."""

import struct
from enum import IntEnum
from typing import Final

from exchange.jt808.frame import Frame

GENERAL: Final = 0x8001
REGISTERED: Final = 0x8100


class Outcome(IntEnum):
    """The result of a general answer."""

    DONE = 0
    FAILED = 1  # to be sent again
    WRONG = 2
    UNSUPPORTED = 3


class Admission(IntEnum):
    """The result of a registration."""

    ADMITTED = 0
    NO_VEHICLE = 2
    NO_TERMINAL = 4


def general(asked: Frame, serial: int, outcome: Outcome) -> Frame:
    """Return the general answer to a message, in the edition in which it was asked."""
    body = struct.pack(">HHB", asked.serial, asked.message, outcome)
    return _answer(GENERAL, asked, serial, body)


def registered(asked: Frame, serial: int, admission: Admission, code: str = "") -> Frame:
    """Return the answer to a registration; the code goes along only where it is admitted."""
    body = struct.pack(">HB", asked.serial, admission)
    if admission is Admission.ADMITTED:
        body += code.encode("ascii")
    return _answer(REGISTERED, asked, serial, body)


def _answer(message: int, asked: Frame, serial: int, body: bytes) -> Frame:
    return Frame(
        message=message,
        terminal=asked.terminal,
        serial=serial & 0xFFFF,
        body=body,
        version=asked.version,
    )
