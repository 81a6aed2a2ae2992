"""The figures' book: the records as columns in memory, read once and then only what changed; one reckoning at a time."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection

from indicators.frame import Frames
from indicators.record import CaseRecord
from runtime.figures_kept import KeptBook
from runtime.figures_sources import SOURCES, Source
from storage.figures import changed_records, times_made_anew
from storage.journal import Journal, select_last_seq
from vocabulary.errors import Unavailable

T = TypeVar("T")
AT_ONCE: Final = 1000
# A book that is this many events behind takes longer to read than people wait: they are told how far it is.
MOST_BEHIND: Final = 20_000
KEPT_EVERY: Final = 5_000  # events: a console that was killed reads at most so many again


class FiguresBook:
    """Frames that are brought up to the newest event before each reckoning."""

    def __init__(self, journal: Journal, sources: tuple[type[Source], ...] = SOURCES) -> None:
        self._journal = journal
        self._kept: KeptBook | None = None
        self._frames = Frames()
        self._sources: list[Source] = [source() for source in sources]
        self._lock = threading.Lock()
        self._seq, self._heard, self._kept_seq = 0, -1, 0
        self._made: int | None = None
        self._marks: list[str] = []

    def also(self, *sources: Source) -> None:
        """Let further rooms bring what they know."""
        self._sources += sources

    def keep_in(self, home: Path) -> None:
        """Keep in this folder what was read, for the next start."""
        self._kept = KeptBook(home, self._journal)

    async def ask(self, work: Callable[[Frames], T], *, patient: bool = True) -> T:
        """Return what `work` makes of the frames as they stand now; it runs in a thread.

        Who is not patient is told `figures.reading` while a console that was just started still reads its past.
        """
        if not patient and self._heard < 0:
            await asyncio.to_thread(self._tell_how_far)
        return await asyncio.to_thread(self.ask_blocking, work)

    def _tell_how_far(self) -> None:
        newest = self._journal.read_blocking(select_last_seq)
        if newest - self._seq > MOST_BEHIND:
            raise Unavailable("figures.reading", percent=100 * self._seq // newest)

    async def warm(self) -> None:
        """Take in what happened, so that who asks next waits for little."""
        await asyncio.to_thread(self.ask_blocking, lambda _frames: None)

    def ask_blocking(self, work: Callable[[Frames], T]) -> T:
        """Do as `ask` does, in this thread."""
        with self._lock:
            self._catch_up()
            return work(self._frames)

    def _catch_up(self) -> None:
        newest = self._journal.read_blocking(select_last_seq)
        self._look_whether_made_anew()
        marks = [source.mark for source in self._sources]
        if newest == self._heard and marks == self._marks:
            return
        if self._heard < 0:
            self._restore()
        while found := self._journal.read_blocking(self._changed):
            self._frames.feed(record for _, record in found)
            self._seq = found[-1][0]
            if len(found) < AT_ONCE:
                break
        self._journal.read_blocking(self._bring)
        self._heard, self._marks = newest, marks
        if self._seq - self._kept_seq > KEPT_EVERY:
            self._keep()

    def _look_whether_made_anew(self) -> None:
        """Read every record again where a `rebuild` beside this console made them anew."""
        made = self._journal.read_blocking(times_made_anew)
        if self._made is not None and made != self._made:
            self._seq, self._heard, self._kept_seq = 0, 0, 0
        self._made = made

    def _restore(self) -> None:
        if self._kept and self._seq == 0 and (found := self._kept.restored()):
            self._frames, self._seq = found
            self._kept_seq = self._seq

    def _keep(self) -> None:
        if self._kept and self._seq > self._kept_seq:
            self._kept.keep(self._frames, self._seq, self._made or 0)
            self._kept_seq = self._seq

    def close(self) -> None:
        """Keep what was read since it was last kept."""
        with self._lock:
            self._keep()

    def _changed(self, connection: Connection) -> list[tuple[int, CaseRecord]]:
        return changed_records(connection, self._seq, AT_ONCE)

    def _bring(self, connection: Connection) -> None:
        for source in self._sources:
            source.bring(connection, self._frames)
