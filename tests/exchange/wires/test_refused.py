"""Refused frames on their way to the store: each is kept once, and none is lost while the store does not answer."""

import asyncio
from collections.abc import Iterable

import pytest

from exchange.wires.refused import MOST_WAITING, RefusedFrame, WireBook
from tests.clocks import ManualClock
from vocabulary.errors import Refused, Unavailable


class SlowFrames:
    """A store that lets others run while it writes, and fails as often as it is told to."""

    def __init__(self, failing: int = 0) -> None:
        self.kept: list[RefusedFrame] = []
        self.failing = failing

    async def keep(self, frames: Iterable[RefusedFrame]) -> None:
        await asyncio.sleep(0)
        if self.failing:
            self.failing -= 1
            raise Unavailable("store")
        self.kept += frames


def book_with(count: int) -> WireBook:
    book = WireBook(ManualClock())
    for number in range(count):
        book.refuse("sl651", f"10.0.0.{number}", Refused("avl.bad_topic", value=str(number)), b"~")
    return book


async def test_two_who_keep_at_once_keep_each_frame_once() -> None:
    book, store = book_with(3), SlowFrames()
    await asyncio.gather(book.keep(store), book.keep(store))
    assert [frame.source for frame in store.kept] == ["10.0.0.0", "10.0.0.1", "10.0.0.2"]


async def test_what_the_store_did_not_take_is_kept_with_what_came_since() -> None:
    book, store = book_with(2), SlowFrames(failing=1)
    with pytest.raises(Unavailable):
        await book.keep(store)
    book.refuse("sl651", "10.0.0.9", Refused("avl.bad_topic", value="9"), b"~")
    await book.keep(store)
    assert [frame.source for frame in store.kept] == ["10.0.0.0", "10.0.0.1", "10.0.0.9"]


async def test_a_storm_while_the_store_is_down_stays_within_its_bound() -> None:
    book, store = book_with(MOST_WAITING + 5), SlowFrames()
    await book.keep(store)
    assert len(store.kept) == MOST_WAITING
    assert store.kept[-1].source == f"10.0.0.{MOST_WAITING + 4}"
