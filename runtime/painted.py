"""What pages report of dispatches they painted (P01), gathered for a few seconds and then kept."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from storage.journal import Journal
from storage.painted import forget_painted, keep_painted, quarter_of
from storage.transaction import Transaction
from vocabulary.clock import Clock

KEPT: Final = timedelta(days=400)


class PaintedDispatches:
    """`take` what a page told; `keep` writes it down."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal, self._clock = journal, clock
        self._counts: Counter[tuple[datetime, int]] = Counter()

    def take(self, samples_ms: Sequence[float]) -> None:
        """Hear how many milliseconds after a dispatch was taken it was painted, once per page."""
        quarter = quarter_of(self._clock.now())
        self._counts.update((quarter, round(sample)) for sample in samples_ms)

    async def keep(self) -> None:
        """Write down what was heard since the last time; what cannot be kept now is kept the next time."""
        if not self._counts:
            return
        heard, self._counts = self._counts, Counter()

        def work(transaction: Transaction, /) -> None:
            keep_painted(transaction.connection, heard)

        try:
            await self._journal.write(work)
        except BaseException:
            self._counts += heard
            raise

    async def forget(self) -> None:
        """Forget what is older than anybody compares."""
        before = self._clock.now() - KEPT
        await self._journal.write(lambda tx: forget_painted(tx.connection, before))
