"""What no wire could read, whoever brought it: counted in one book, kept in one store, told newest first."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from exchange.wires.refused import WireBook
from storage.journal import Journal
from storage.refused_frames import StoredRefusedFrames
from vocabulary.clock import to_text


class RefusedFrames:
    """The wires' book and the store behind it."""

    def __init__(self, book: WireBook, journal: Journal) -> None:
        self.book = book
        self._store = StoredRefusedFrames(journal)

    async def keep(self) -> None:
        """Keep what was refused until now."""
        await self.book.keep(self._store)

    async def newest(
        self,
        wires: Collection[str],
        source: str | None,
        since: datetime | None,
        limit: int,
        language: str,
    ) -> list[dict[str, Any]]:
        """Return the newest first, those of this very moment among them; no wires means all."""
        await self.keep()
        rows = await self._store.newest(wires, source, since, limit, language)
        return [{**row, "at": to_text(row["at"])} for row in rows]
