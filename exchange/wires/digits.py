"""Numbers and times as field devices write them: decimal text, packed decimals (BCD), and clocks that stand at +08:00."""

import math
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from exchange.wires.unreadable import Unreadable

BEIJING: Final = timezone(timedelta(hours=8))
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER: Final = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})([eE][+-]?\d{1,2})?", re.ASCII)
DAY_S: Final = 86_400


def read_number(text: str, wire: str, element: str) -> float:
    """Return a decimal number; anything else, NaN and infinity with it, is refused."""
    if not _NUMBER.fullmatch(text) or not math.isfinite(value := float(text)):
        raise Unreadable(
            "wires.bad_element", wire=wire, element=element, value=text, wanted="-12.34"
        )
    return value


def read_whole(text: str, wire: str, element: str, least: int, most: int) -> int:
    """Return a whole number within its limits."""
    if text.isascii() and text.isdigit() and len(text) <= 18 and least <= int(text) <= most:
        return int(text)
    raise Unreadable(
        "wires.bad_element", wire=wire, element=element, value=text, wanted=f"{least}–{most}"
    )


def read_bcd(packed: bytes, wire: str, element: str) -> str:
    """Return the digits of packed decimals, two in a byte; a half byte above nine is refused."""
    text = packed.hex()
    if not text.isdecimal():
        raise Unreadable(
            "wires.bad_element", wire=wire, element=element, value=packed, wanted="BCD 0-9"
        )
    return text


def write_bcd(digits: str) -> bytes:
    """Return digits packed, two in a byte (an even number of them)."""
    return bytes.fromhex(digits)


def read_local(text: str, form: str, wire: str, element: str) -> int:
    """Return the instant of digits such as YYYYMMDDhhmmss, told by a clock at +08:00, in ms since 1970 (UTC)."""
    wanted = _shape(form)
    try:
        local = datetime.strptime(text, form).replace(tzinfo=BEIJING)
    except ValueError:
        local = _NEVER
    if len(text) != len(wanted) or not text.isascii() or not _EARLIEST <= local < _LATEST:
        raise Unreadable("wires.bad_element", wire=wire, element=element, value=text, wanted=wanted)
    return instant_ms(local)


def instant_ms(instant: datetime) -> int:
    """Return an aware instant in ms since 1970 (UTC), without the rounding of floats."""
    since = instant - _NEVER
    return (since.days * DAY_S + since.seconds) * 1000 + since.microseconds // 1000


def write_local(at_ms: int, form: str) -> str:
    """Return an instant as a clock at +08:00 tells it."""
    local = datetime.fromtimestamp(at_ms // 1000, tz=BEIJING)
    return local.strftime(form)


def _shape(form: str) -> str:
    parts = {"%Y": "YYYY", "%y": "YY", "%m": "MM", "%d": "DD", "%H": "hh", "%M": "mm", "%S": "ss"}
    for code, letters in parts.items():
        form = form.replace(code, letters)
    return form
