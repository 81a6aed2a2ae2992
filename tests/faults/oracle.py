"""After the storm: what must hold between what was acknowledged, what is kept, what was told and what was seen."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis as redis_client
from sqlalchemy import create_engine, select

from bus.channels import EVENTS
from storage.chains import verify_chains
from storage.tables import cases, events, outbox, reports


@dataclass
class Kept:
    """The store and the stream, read with every process at rest."""

    seqs: list[int] = field(default_factory=list)
    stream: list[int] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    case_ids: set[str] = field(default_factory=set)
    open_versions: dict[str, int] = field(default_factory=dict)
    report_texts: list[str] = field(default_factory=list)
    untold: int = 0
    chain_problem: str = ""


def read_kept(home: Path, stream_url: str) -> Kept:
    """Read everything the promises are checked against."""
    import orjson

    kept = Kept()
    engine = create_engine(f"sqlite:///{home / 'onenet.db'}")
    with engine.connect() as connection:
        # One moment of the store, whatever is written meanwhile.
        connection.exec_driver_sql("BEGIN")
        kept.seqs = list(connection.execute(select(events.c.seq).order_by(events.c.seq)).scalars())
        kept.untold = len(connection.execute(select(outbox.c.seq)).all())
        for row in connection.execute(select(cases.c.id, cases.c.open, cases.c.version)):
            kept.case_ids.add(row.id)
            if row.open:
                kept.open_versions[row.id] = row.version
        for document in connection.execute(select(reports.c.document)).scalars():
            kept.report_texts.append(orjson.loads(document)["text"])
        kept.chain_problem = verify_chains(connection).problem
    engine.dispose()
    client = redis_client.Redis.from_url(stream_url)
    for key, members in _entries(client):
        told = orjson.loads(next(iter(members.values())))["sequence"]
        if int(told) <= kept.seqs[-1]:  # an alert may have escalated since the store was read
            kept.stream.append(int(key.split(b"-")[0]))
            kept.told.append(told)
    client.close()
    return kept


def _entries(client: Any) -> list[tuple[bytes, dict[bytes, bytes]]]:
    found: list[tuple[bytes, dict[bytes, bytes]]] = client.xrange(EVENTS)
    return found


def doubled(items: list[Any]) -> list[Any]:
    """Return the items that stand more than once."""
    seen: set[Any] = set()
    return [item for item in items if item in seen or seen.add(item)]  # type: ignore[func-returns-value]
