"""What dispatching and the shift keep beside the cases: tracks, terminals, notifications, hand-over sheets; on both stores."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from dispatch.model import Position
from incidents.handover import handlers
from incidents.handover.messages import CountersignShift, SignShift
from incidents.handover.rules import make_sheet
from storage import notifications as told
from storage import tracks
from storage.engine import Store
from storage.handovers import HandoversInTransaction, newest_handovers
from storage.journal import Journal
from storage.transaction import Transaction
from vocabulary.errors import Refused
from vocabulary.ids import UnitId, new_id
from vocabulary.message import Actor
from vocabulary.place import Place

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    with store.writer.begin() as connection:
        yield connection


def seen(minute: int, unit: str = "u", late_min: int = 0) -> Position:
    observed = AT + minute * MINUTE
    place = Place(119.9 + minute / 1000, 30.5)
    received = observed + late_min * MINUTE
    return Position(
        unit_id=UnitId(unit), place=place, observed_at=observed, received_at=received, speed_mps=8.5
    )


def test_a_track_holds_each_instant_once_in_the_order_it_was_seen(connection: Connection) -> None:
    came = [tracks.keep_track(connection, seen(minute), "jt808") for minute in (3, 1, 2, 2)]
    assert came == [True, True, True, False]
    assert tracks.keep_track(connection, seen(2, "other"), "mqtt")
    found = tracks.track_of(connection, "u", AT, AT + 5 * MINUTE, 100)
    assert list(found) == [seen(1), seen(2), seen(3)]
    # The newest where there are more than asked for.
    assert list(tracks.track_of(connection, "u", AT, AT + 5 * MINUTE, 2)) == [seen(2), seen(3)]


def test_a_tracks_longest_silence_counts_its_ends_too(connection: Connection) -> None:
    for minute in (1, 2, 9):
        tracks.keep_track(connection, seen(minute), "http")
    ends = AT + 10 * MINUTE
    assert tracks.longest_gap_s(connection, "u", AT, ends) == 7 * 60
    assert tracks.longest_gap_s(connection, "u", AT, AT + 60 * MINUTE) == 51 * 60
    assert tracks.longest_gap_s(connection, "nobody", AT, ends) is None
    thinned = tracks.tracks_between(connection, AT, ends, apart_s=90)
    assert thinned == {"u": [seen(1), seen(9)]}


def test_old_tracks_are_forgotten_by_when_they_were_received(connection: Connection) -> None:
    tracks.keep_track(connection, seen(0), "http")
    tracks.keep_track(connection, seen(1, late_min=60), "http")
    assert tracks.forget_tracks(connection, AT + 30 * MINUTE) == 1
    left = tracks.track_of(connection, "u", AT, AT + 60 * MINUTE, 10)
    assert list(left) == [seen(1, late_min=60)]


def test_a_terminal_is_kept_as_it_was_said_last(connection: Connection) -> None:
    first = tracks.StoredTerminal(
        id="13800000001",
        unit_id="u",
        plate="浙A12345",
        datum="gcj02",
        changed_at=AT,
        changed_by="张",
    )
    then = tracks.StoredTerminal(
        id=first.id, unit_id=None, plate=first.plate, datum="wgs84", changed_at=AT, changed_by="李"
    )
    assert tracks.keep_terminal(connection, first)
    assert not tracks.keep_terminal(connection, then)
    assert tracks.all_terminals(connection) == [then]
    assert tracks.load_terminal(connection, first.id) == then
    assert tracks.load_terminal(connection, "2") is None


def a_notification(event: str = "e1", **more: Any) -> told.Values:
    values: told.Values = {
        "id": new_id(), "event_id": event, "event": "assignment_offered", "case_id": "c", "recipient": "leader",
        "channel": "sms", "text": "请应答", "state": "waiting", "tries": 0, "due_at": AT, "problem": "",
        "created_at": AT, "ended_at": None,
    }  # fmt: skip
    return values | more


def test_one_recipient_is_told_of_one_event_once_by_each_channel(connection: Connection) -> None:
    assert told.keep_notification(connection, a_notification())
    assert not told.keep_notification(connection, a_notification())
    assert told.keep_notification(connection, a_notification(channel="webhook"))
    assert told.count_notifications(connection) == {"waiting": 2}


def test_what_is_due_comes_oldest_first_and_what_ended_is_tried_no_more(
    connection: Connection,
) -> None:
    late, soon = a_notification("e1", due_at=AT + MINUTE), a_notification("e2")
    for values in (late, soon):
        told.keep_notification(connection, values)
    assert told.due_notifications(connection, AT, 10) == [soon]
    assert told.due_notifications(connection, AT + MINUTE, 10) == [soon, late]
    dead = {"state": "dead", "tries": 5, "due_at": None, "problem": "503", "ended_at": AT}
    told.note_try(connection, soon["id"], dead)
    told.note_try(connection, soon["id"], {"state": "sent"})  # it ended already
    assert told.list_notifications(connection, state="dead", case_id="c", most=9) == [soon | dead]
    assert told.revive_notification(connection, soon["id"], AT + MINUTE)
    assert not told.revive_notification(connection, soon["id"], AT + MINUTE)
    told.forget_notifications(connection, AT + 60 * MINUTE)
    assert told.count_notifications(connection) == {"waiting": 2}  # what waits is never forgotten


async def test_a_sheet_waits_for_the_second_signature_and_stands_first_till_then(
    journal: Journal,
) -> None:
    goes, comes = (
        Actor(id=name, name=name, kind="person", roles=frozenset({"supervisor"})) for name in "张李"
    )
    ids = [new_id(), new_id()]

    def sign(transaction: Transaction, number: int) -> None:
        sheet = make_sheet([], AT)
        kept = HandoversInTransaction(transaction)
        handlers.sign(kept, SignShift(note="泵车"), sheet, handover_id=ids[number], actor=goes)

    await journal.write(lambda transaction: sign(transaction, 0))
    with pytest.raises(Refused):  # one sheet at a time
        await journal.write(lambda transaction: sign(transaction, 1))
    wish = CountersignShift(handover_id=ids[0], remarks="清楚")
    await journal.write(
        lambda transaction: handlers.countersign(
            HandoversInTransaction(transaction), wish, actor=comes
        )
    )
    await journal.write(lambda transaction: sign(transaction, 1))
    found = await journal.read(lambda connection: newest_handovers(connection, 10))
    assert [(one.id, one.open) for one in found] == [(ids[1], True), (ids[0], False)]
