"""Check the journal's own chains: every stream hashed link by link, `seq` and versions without a gap."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.links import sealed_as_kept
from storage.tables import events


@dataclass(frozen=True, slots=True)
class Found:
    """How many events were checked, and the first thing that is wrong, or nothing."""

    events: int
    problem: str = ""


def verify_chains(connection: Connection) -> Found:
    """Walk the whole journal and name the first event that does not follow from the one before it."""
    heads: dict[str, tuple[int, str]] = {}
    seq = 0
    query = select(events).order_by(events.c.seq).execution_options(yield_per=1000)
    for row in connection.execute(query):
        version, chain = heads.get(row.stream, (0, ""))
        whole = sealed_as_kept(chain, dict(row._mapping)) is not None
        if row.seq != seq + 1:
            return Found(seq, f"seq {seq + 1} is missing")
        if row.version != version + 1 or not whole:
            return Found(
                seq, f"seq {row.seq} does not follow from version {version} of {row.stream}"
            )
        heads[row.stream] = (row.version, row.chain)
        seq = row.seq
    return Found(seq)
