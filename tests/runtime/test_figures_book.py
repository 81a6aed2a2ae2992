"""The figures' book says how far it is while it reads a long past, and keeps nobody waiting who did not ask to."""

from collections.abc import Callable
from typing import Any

import pytest

from runtime import figures_book
from runtime.figures_book import FiguresBook
from storage.journal import select_last_seq
from vocabulary.errors import Unavailable


class Past:
    """A journal of `newest` events in which no case stands."""

    def __init__(self, newest: int) -> None:
        self.newest = newest

    def read_blocking(self, work: Callable[..., Any]) -> Any:
        return self.newest if work is select_last_seq else []


@pytest.fixture
def long_past() -> FiguresBook:
    return FiguresBook(Past(figures_book.MOST_BEHIND + 1), sources=())  # type: ignore[arg-type]


async def test_who_asks_a_book_that_still_reads_is_told_how_far_it_is(
    long_past: FiguresBook,
) -> None:
    with pytest.raises(Unavailable) as told:
        await long_past.ask(lambda _frames: 1, patient=False)
    assert (told.value.code, told.value.status) == ("figures.reading", 503)
    assert told.value.values == {"percent": 0}


async def test_who_is_patient_waits_until_it_is_read(long_past: FiguresBook) -> None:
    assert await long_past.ask(lambda _frames: 1) == 1


async def test_a_book_that_was_read_once_answers_at_once(long_past: FiguresBook) -> None:
    await long_past.warm()
    assert await long_past.ask(lambda _frames: 1, patient=False) == 1


async def test_a_short_past_is_read_while_one_waits() -> None:
    book = FiguresBook(Past(figures_book.MOST_BEHIND), sources=())  # type: ignore[arg-type]
    assert await book.ask(lambda _frames: 1, patient=False) == 1
