"""Guessing is stopped: five failures within fifteen minutes lock an account's name, or an address, for thirty."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Network, ip_address
from typing import Final

IPV6: Final = 6


@dataclass(frozen=True, slots=True)
class LockRule:
    """How many failures within which time lock for how long (GB/T 22239 8.1.4.1 b; the values are assessors' custom)."""

    failures: int = 5
    within: timedelta = timedelta(minutes=15)
    lock: timedelta = timedelta(minutes=30)

    @property
    def memory(self) -> timedelta:
        """Return how long a failure can still matter."""
        return self.within + self.lock

    def locked_until(self, failures: Sequence[datetime], at: datetime) -> datetime | None:
        """Return the end of the lock that these failures (in any order) cause at `at`, or None."""
        ordered = sorted(failures)
        for first, last in zip(ordered, ordered[self.failures - 1 :], strict=False):
            if last - first <= self.within and at < last + self.lock:
                return last + self.lock
        return None


def name_subject(user_name: str) -> str:
    """Return what failures of a name are kept under: its hash, for people type passwords into the wrong field."""
    return "name:" + hashlib.sha256(user_name.encode()).hexdigest()[:32]


def ip_subject(ip: str) -> str:
    """Return what failures of an address are kept under; of IPv6 the /64, which is what one subscriber has."""
    try:
        address = ip_address(ip)
    except ValueError:
        return f"ip:{ip}"
    if address.version == IPV6:
        return f"ip:{IPv6Network((int(address), 64), strict=False)}"
    return f"ip:{address}"
