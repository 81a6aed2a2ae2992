"""What the console keeps of its own speed, on both stores: painted dispatches, trials, looks at cover."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from indicators.hotline import Call, Order
from storage.cover import looks_since, note_look
from storage.engine import Store
from storage.hotline import keep_rows, known_rows
from storage.painted import Painted, forget_painted, keep_painted, painted_since, quarter_of
from storage.trials import Trial, forget_trials, keep_trial, trials_since

AT = datetime(2026, 11, 22, 6, 7, 30, tzinfo=UTC)
QUARTER = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    with store.writer.begin() as connection:
        yield connection


def test_samples_of_a_quarter_add_up(connection: Connection) -> None:
    assert quarter_of(AT) == QUARTER
    keep_painted(connection, {(QUARTER, 12): 2, (QUARTER, 30): 1})
    keep_painted(connection, {(QUARTER, 12): 3, (QUARTER + 15 * MINUTE, 12): 1})
    assert painted_since(connection, QUARTER) == [
        Painted(quarter_at=QUARTER, ms=12, times=5),
        Painted(quarter_at=QUARTER, ms=30, times=1),
        Painted(quarter_at=QUARTER + 15 * MINUTE, ms=12, times=1),
    ]
    assert forget_painted(connection, QUARTER + MINUTE) == 2
    assert len(painted_since(connection, QUARTER)) == 1


def test_a_trial_is_kept_as_it_stands_last(connection: Connection) -> None:
    begun = Trial(id="a", begun_at=AT, problem="store")
    keep_trial(connection, begun)
    ended = Trial(id="a", begun_at=AT, took_ms=8)
    keep_trial(connection, ended)
    keep_trial(connection, Trial(id="b", begun_at=AT + MINUTE, problem="bus"))
    assert trials_since(connection, AT) == [ended, Trial(id="b", begun_at=AT + MINUTE, problem="bus")]  # fmt: skip
    assert forget_trials(connection, AT + MINUTE) == 1


def test_looks_soon_after_one_another_are_one_and_a_long_pause_ends_it(
    connection: Connection,
) -> None:
    for minute in (0, 1, 6, 12, 13):
        note_look(connection, AT + minute * MINUTE)
    seen = [(look.since_at, look.seen_at) for look in looks_since(connection, AT)]
    assert seen == [(AT, AT + 6 * MINUTE), (AT + 12 * MINUTE, AT + 13 * MINUTE)]


def test_a_call_brought_again_takes_the_place_of_the_former_one(connection: Connection) -> None:
    def call(key: str, answer_s: float | None) -> Call:
        return Call(key=key, line="12345", rang_at=AT, answer_s=answer_s)

    keep_rows(connection, Call, [call("a", 5.0), call("b", None)], AT)
    keep_rows(connection, Call, [call("a", 7.0)], AT + MINUTE)
    assert known_rows(connection, Call) == {"a": call("a", 7.0), "b": call("b", None)}
    assert known_rows(connection, Call, ["b", "c"]) == {"b": call("b", None)}


def test_an_order_comes_back_as_it_was_kept(connection: Connection) -> None:
    order = Order(
        key="a", department="住建局", town="桥头镇", received_at=AT, sign_due_at=None, signed_at=AT, due_at=AT + MINUTE,
        closed_at=None, visited_at=None, responded=True, solved=False, satisfied=None, redone=True, exempt=False,
    )  # fmt: skip
    keep_rows(connection, Order, [order], AT)
    assert known_rows(connection, Order) == {"a": order}
