"""What is counted of a telephone system's call log and of 12345 orders (办件): no number, no name, no word anybody said."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: when it rang, and after how many seconds somebody answered (None: nobody did).

    `key` is a digest of the number the telephone system gave it, which may hold the caller's.
    """

    key: str
    line: str
    rang_at: datetime
    answer_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order: what was due when and when it was done, and what the citizen said when asked (None: was not asked).

    `exempt`: granted to be left out (剔除). `key` is a digest of its number.
    """

    key: str
    department: str
    town: str
    received_at: datetime
    sign_due_at: datetime | None
    signed_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    visited_at: datetime | None
    responded: bool | None
    solved: bool | None
    satisfied: bool | None
    redone: bool
    exempt: bool
