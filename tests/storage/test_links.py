"""A link holds everything that is told of an event: who, when by both clocks, why and what; older links still hold."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.links import link, sealed, sealed_as_kept

AT = datetime(2026, 11, 22, 6, 3, 21, 123456, tzinfo=UTC)
ROW: dict[str, Any] = {
    "event_id": "01E",
    "stream": "case:c",
    "version": 2,
    "recorded_at": AT,
    "source_at": None,
    "actor": '{"id":"p1"}',
    "cause_id": None,
    "data": '{"kind":"x"}',
}


def test_a_link_is_the_plain_hash_that_the_documents_tell() -> None:
    text = '01E|case:c|2|1795327401123456||{"id":"p1"}||{"kind":"x"}'
    assert sealed(ROW) == text
    assert link("ab", text) == hashlib.sha256(f"ab|{text}".encode()).hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        {"actor": '{"id":"p2"}'},
        {"recorded_at": AT + timedelta(microseconds=1)},
        {"source_at": AT},
        {"cause_id": "timer"},
        {"data": '{"kind":"y"}'},
    ],
)
def test_whatever_is_changed_of_an_event_is_seen(changed: dict[str, Any]) -> None:
    kept = {**ROW, "chain": link("ab", sealed(ROW))}
    assert sealed_as_kept("ab", kept) == sealed(ROW)
    assert sealed_as_kept("ab", {**kept, **changed}) is None
    assert sealed_as_kept("ac", kept) is None


def test_events_sealed_before_actor_and_times_were_hold() -> None:
    before = '01E|case:c|2|{"kind":"x"}'
    kept = {**ROW, "chain": link("", before)}
    assert sealed_as_kept("", kept) == before
