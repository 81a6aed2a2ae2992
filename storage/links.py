"""The links of a stream's hash chain: SHA-256 over the link before and an event with all that is known of it.

    chain = sha256(previous chain + "|" + sealed)        the previous one is empty for a stream's first event

`sealed` is `event_id|stream|version|recorded_at|source_at|actor|cause_id|data`: instants in microseconds since 1970 (empty
where there is none), actor and data as the JSON that is kept. Events kept before actor and times were sealed too stand as
`event_id|stream|version|data`; both are read.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage.instants import EPOCH, MICROSECOND


def sealed(row: Mapping[str, Any]) -> str:
    """Return what is sealed of an event, from its row's values by name."""
    told = (
        row["event_id"],
        row["stream"],
        str(row["version"]),
        _micros(row["recorded_at"]),
        _micros(row["source_at"]),
        row["actor"],
        row["cause_id"] or "",
        row["data"],
    )
    return "|".join(told)


def link(previous: str, text: str) -> str:
    """Return the next link of a chain."""
    return hashlib.sha256(f"{previous}|{text}".encode()).hexdigest()


def sealed_as_kept(previous: str, row: Mapping[str, Any]) -> str | None:
    """Return the text that makes a row's own link, None where none does: the row, or one before it, was changed."""
    for text in (sealed(row), _sealed_before(row)):
        if link(previous, text) == row["chain"]:
            return text
    return None


def _sealed_before(row: Mapping[str, Any]) -> str:
    return f"{row['event_id']}|{row['stream']}|{row['version']}|{row['data']}"


def _micros(at: datetime | None) -> str:
    return "" if at is None else str((at - EPOCH) // MICROSECOND)
