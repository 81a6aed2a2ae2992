"""A request that comes twice is done once and answered alike."""

from datetime import timedelta

import pytest

from storage.answers import Answer, find_answer, fingerprint, forget_answers, keep_answer
from storage.engine import Store
from tests.clocks import ManualClock
from vocabulary.errors import Refused


def test_the_same_key_gives_the_same_answer_marked_as_replayed(
    store: Store, clock: ManualClock
) -> None:
    request = fingerprint({"text": "积水"})
    with store.writer.begin() as connection:
        assert find_answer(connection, "a", "k", request) is None
        keep_answer(connection, "a", "k", request, Answer(201, {"seq": 3}), clock.now())
        assert find_answer(connection, "a", "k", request) == Answer(201, {"seq": 3}, replayed=True)


def test_one_key_cannot_stand_for_two_requests(store: Store, clock: ManualClock) -> None:
    with store.writer.begin() as connection:
        keep_answer(connection, "a", "k", fingerprint({"x": 1}), Answer(201, {}), clock.now())
        with pytest.raises(Refused) as refused:
            find_answer(connection, "a", "k", fingerprint({"x": 2}))
        assert refused.value.status == 409


def test_two_askers_may_use_one_key(store: Store, clock: ManualClock) -> None:
    request = fingerprint({})
    with store.writer.begin() as connection:
        keep_answer(connection, "a", "k", request, Answer(201, {}), clock.now())
        assert find_answer(connection, "b", "k", request) is None


def test_old_answers_are_forgotten_and_young_ones_kept(store: Store, clock: ManualClock) -> None:
    request = fingerprint({})
    with store.writer.begin() as connection:
        keep_answer(connection, "a", "old", request, Answer(201, {}), clock.now())
        clock.advance(timedelta(days=8))
        keep_answer(connection, "a", "young", request, Answer(201, {}), clock.now())
        assert forget_answers(connection, clock.now() - timedelta(days=7)) == 1
        assert find_answer(connection, "a", "young", request) is not None


def test_a_fingerprint_does_not_depend_on_the_order_of_fields() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
