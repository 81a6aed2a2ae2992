"""The outbox: which events are still to be told on the bus."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, select

from storage.journal import Journal
from storage.lots import lots
from storage.tables import events, outbox
from storage.transaction import Transaction, read_recorded
from vocabulary.message import Event, Recorded

AT_ONCE = 400
# By the outbox's own column: by the journal's, SQLite walks the whole journal for what is not told.
_PENDING = (
    select(events)
    .join(outbox, outbox.c.seq == events.c.seq)
    .order_by(outbox.c.seq)
    .limit(bindparam("most"))
)
_TOLD = delete(outbox).where(outbox.c.seq.in_(bindparam("told", expanding=True)))


class StoredOutbox:
    """`bus.relay.Outbox` over the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def pending(self, limit: int) -> list[Recorded[Event]]:
        """Return the oldest events still to be told, by `seq`."""

        def work(connection: Connection) -> list[Recorded[Event]]:
            rows = connection.execute(_PENDING, {"most": limit})
            return [read_recorded(row, self._journal.codec) for row in rows]

        return await self._journal.read(work)

    async def done(self, seqs: Sequence[int]) -> None:
        """Take these out; unknown ones do not matter."""

        def work(transaction: Transaction, /) -> None:
            for part in lots(seqs, AT_ONCE):
                transaction.connection.execute(_TOLD, {"told": part})

        await self._journal.write(work)
