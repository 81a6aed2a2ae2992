"""Case numbers: 19 digits, 6 of the division, 8 of the county's own date, 5 counted within both."""

import re
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from vocabulary.errors import Refused

MOST_IN_A_DAY: Final = 99_999
_DIVISION: Final = re.compile(r"[0-9]{6}")


def number_prefix(division: str, at: datetime, zone: ZoneInfo) -> str:
    """Return the first 14 digits of the numbers given on this day; `division` is the six-digit code (GB/T 2260)."""
    if not _DIVISION.fullmatch(division):
        raise ValueError(f"division {division!r}: six digits are needed")
    return f"{division}{at.astimezone(zone):%Y%m%d}"


def case_number(prefix: str, sequence: int) -> str:
    """Return the number of the day's case number `sequence`, from 1; Refused when the day has no more."""
    if not 1 <= sequence <= MOST_IN_A_DAY:
        raise Refused("incidents.day_is_full", prefix=prefix, most=MOST_IN_A_DAY)
    return f"{prefix}{sequence:05d}"
