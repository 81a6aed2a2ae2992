"""What each consumer has done, and what it gave up: an effect and its record are kept in one transaction."""

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, update

from bus.effects import Outcome
from storage.journal import Journal
from storage.tables import consumers, dead_letters, effects, events
from storage.transaction import Transaction, read_recorded
from vocabulary.message import Event, Recorded

_FLOOR = select(consumers.c.floor).where(consumers.c.name == bindparam("consumer"))
_DONE = select(effects.c.seq).where(
    effects.c.seq == bindparam("seq"), effects.c.consumer == bindparam("consumer")
)
_RECORD = insert(effects)


class StoredEffects:
    """`bus.effects.Effects` over the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def begin(self, consumer: str, *, from_now: bool) -> int:
        """Return the consumer's floor. The first time it is made: 0, or the newest `seq` when `from_now`."""

        def work(transaction: Transaction, /) -> int:
            known = floor_of(transaction.connection, consumer)
            if known is not None:
                return known
            floor = transaction.seq if from_now else 0
            transaction.connection.execute(insert(consumers).values(name=consumer, floor=floor))
            return floor

        return await self._journal.write(work)

    async def seen(self, seq: int, consumer: str) -> bool:
        """Say whether the consumer is done with this event: recorded, or not above its floor."""
        return await self._journal.read(lambda connection: is_done(connection, seq, consumer))

    async def record(self, seq: int, consumer: str, outcome: Outcome) -> None:
        """Remember that the consumer is done with this event; a second time changes nothing."""
        await self._journal.write(
            lambda transaction: do_once(transaction, seq, consumer, outcome=outcome)
        )

    async def missing(
        self, consumer: str, below_seq: int, limit: int, kinds: frozenset[str] = frozenset()
    ) -> list[Recorded[Event]]:
        """Return the oldest events above the floor and below `below_seq` that the consumer is not done with."""

        def work(connection: Connection) -> list[Recorded[Event]]:
            floor = floor_of(connection, consumer) or 0
            mine = and_(effects.c.seq == events.c.seq, effects.c.consumer == consumer)
            query = (
                select(events)
                .outerjoin(effects, mine)
                .where(events.c.seq > floor, events.c.seq < below_seq, effects.c.seq.is_(None))
                .order_by(events.c.seq)
                .limit(limit)
            )
            if kinds:
                query = query.where(events.c.kind.in_(sorted(kinds)))
            return [read_recorded(row, self._journal.codec) for row in connection.execute(query)]

        return await self._journal.read(work)

    async def settle(self, consumer: str, floor: int) -> None:
        """Raise the floor to `floor` (never lower it) and forget the records below: none there is missing."""

        def work(transaction: Transaction, /) -> None:
            lower = (consumers.c.name == consumer) & (consumers.c.floor < floor)
            transaction.connection.execute(update(consumers).where(lower).values(floor=floor))
            below = (effects.c.consumer == consumer) & (effects.c.seq <= floor)
            transaction.connection.execute(delete(effects).where(below))

        await self._journal.write(work)


class StoredDeadLetters:
    """`bus.effects.DeadLetters` over the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def keep(self, seq: int, consumer: str, problem: str, tries: int) -> None:
        """Keep the message with the reason; a second time replaces the first."""

        def work(transaction: Transaction, /) -> None:
            this = (dead_letters.c.consumer == consumer) & (dead_letters.c.seq == seq)
            transaction.connection.execute(delete(dead_letters).where(this))
            row = {"consumer": consumer, "seq": seq, "problem": problem, "tries": tries}
            kept_at = transaction.clock.now()
            transaction.connection.execute(insert(dead_letters).values(**row, kept_at=kept_at))

        await self._journal.write(work)

    async def count(self) -> int:
        """Return how many messages wait for a person."""
        query = select(func.count()).select_from(dead_letters)
        return await self._journal.read(lambda connection: connection.execute(query).scalar_one())


def floor_of(connection: Connection, consumer: str) -> int | None:
    """Return the consumer's floor, None where it never began."""
    return connection.execute(_FLOOR, {"consumer": consumer}).scalar_one_or_none()


def is_done(connection: Connection, seq: int, consumer: str) -> bool:
    """Say whether the consumer is done with this event."""
    if seq <= (floor_of(connection, consumer) or 0):
        return True
    return connection.execute(_DONE, {"seq": seq, "consumer": consumer}).first() is not None


def do_once(
    transaction: Transaction, seq: int, consumer: str, *, outcome: Outcome = "done"
) -> bool:
    """Record the effect in this transaction; False when it was recorded before, and nothing is to be done."""
    if is_done(transaction.connection, seq, consumer):
        return False
    row = {"consumer": consumer, "seq": seq, "outcome": outcome}
    transaction.connection.execute(_RECORD, {**row, "done_at": transaction.clock.now()})
    return True
