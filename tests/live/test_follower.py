"""The follower: only the journal tells, and it is not asked for what is told already."""

from collections.abc import AsyncIterator, Sequence

import pytest

from live.hub import Hub
from live.ports import Pace
from tests.clocks import ManualClock
from tests.live.doubles import MemoryJournal
from vocabulary.message import Event, Recorded


class CountingJournal(MemoryJournal):
    """Counts how often it is asked."""

    asked = 0

    async def events_after(self, seq: int, limit: int) -> Sequence[Recorded[Event]]:
        """Return the events after `seq`."""
        self.asked += 1
        return await super().events_after(seq, limit)


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    made = Hub(CountingJournal(), ManualClock(), pace=Pace(tick_s=60, tick_alone_s=60))
    await made.start()
    yield made
    await made.stop()


async def test_a_wake_for_what_is_told_already_asks_nothing_of_the_journal(hub: Hub) -> None:
    journal = hub.follower._source
    assert isinstance(journal, CountingJournal)
    journal.county.report()
    await hub.follower.catch_up()
    asked, told_up_to = journal.asked, hub.follower.board.seq
    hub.hear("onenet.cases", b'{"sequence": "%d"}' % told_up_to)
    assert not hub.follower._woken.is_set()
    hub.hear("onenet.cases", b'{"sequence": "%d"}' % (told_up_to + 1))
    assert hub.follower._woken.is_set()
    assert journal.asked == asked


async def test_a_number_the_journal_does_not_have_ends_the_reading(hub: Hub) -> None:
    """Somebody may announce what was never kept: that is asked for once."""
    journal = hub.follower._source
    assert isinstance(journal, CountingJournal)
    before = journal.asked
    hub.follower.wake(10_000)
    await hub.follower.catch_up()
    assert journal.asked == before + 1
