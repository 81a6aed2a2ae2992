"""Make every projection anew from the journal, to the same rows."""

from collections.abc import Callable, Sequence

from sqlalchemy import select

from storage.case_list import any_case
from storage.figures import FigureProjection, any_record
from storage.journal import Journal, select_last_seq
from storage.tables import events
from storage.transaction import Projection, Transaction, read_recorded

BATCH = 1000


def rebuild(
    journal: Journal, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> int:
    """Replay the whole journal into emptied projections in one transaction; return how many events."""
    return journal.write_blocking(lambda tx: replay(tx, journal, journal.projections, progress))


def replay(
    transaction: Transaction,
    journal: Journal,
    projections: Sequence[Projection],
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> int:
    """Replay the whole journal into some projections, emptied first; return how many events."""
    connection = transaction.connection
    total = select_last_seq(connection)
    for projection in projections:
        projection.clear(connection)
    seq = 0
    while seq < total:
        query = select(events).where(events.c.seq > seq).order_by(events.c.seq).limit(BATCH)
        for row in connection.execute(query).all():
            recorded = read_recorded(row, journal.codec)
            for projection in projections:
                projection.hear(connection, recorded)
            seq = recorded.seq
        progress(seq, total)
    return total


def fill_figures(journal: Journal) -> int:
    """Make the figures' records of a store that was kept by a release without them; return how many events that took."""

    def work(transaction: Transaction) -> int:
        if any_record(transaction.connection) or not any_case(transaction.connection):
            return 0
        return replay(transaction, journal, [FigureProjection()])

    return journal.write_blocking(work)
