"""Outages of sites as a projection of the journal, made anew by `rebuild`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, or_, select

from layers.coverage.messages import OutageBegan
from layers.coverage.outages.model import KnownSite, SiteOutage
from layers.coverage.outages.rules import apply
from layers.coverage.outages.store import SITE_STREAM
from storage.documents import Documents
from storage.radio_sites import known_site
from storage.radio_tables import radio_outages as table
from storage.transaction import Transaction
from vocabulary.message import Actor, Event, Recorded


def _beside(outage: SiteOutage) -> dict[str, Any]:
    return {
        "site_id": outage.site_id,
        "version": outage.version,
        "open": outage.open,
        "since_at": outage.since_at,
        "ended_at": outage.ended_at,
    }


# A row for each outage a site had; its newest is what an event goes on from.
_outages_kept = Documents(table, table.c.began_seq, TypeAdapter(SiteOutage), _beside)


class OutageProjection:
    """Keeps the table `radio_outages` in step with the sites' events."""

    def hear(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Apply one event; those of other rooms are passed over."""
        if not recorded.stream.startswith(SITE_STREAM):
            return
        site_id = recorded.stream.removeprefix(SITE_STREAM)
        after = apply(
            load_outage(connection, site_id),
            recorded.event,
            version=recorded.version,
            at=recorded.recorded_at,
            by=recorded.actor.name,
            seq=recorded.seq,
        )
        if after is None:
            return
        known = not isinstance(recorded.event, OutageBegan)
        _outages_kept.keep(connection, after.began_seq, after, known=known)

    def clear(self, connection: Connection) -> None:
        """Empty the table."""
        connection.execute(delete(table))


class OutagesInTransaction:
    """`layers.coverage.outages.store.Outages` over one transaction of the journal."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def site(self, site_id: str) -> KnownSite | None:
        """Return what is known of a site, None where it is not known."""
        return known_site(self._transaction.connection, site_id)

    def load(self, site_id: str) -> SiteOutage | None:
        """Return a site's newest outage, None where it never had one."""
        return load_outage(self._transaction.connection, site_id)

    def append(
        self, site_id: str, version: int, events: Sequence[Event], actor: Actor
    ) -> list[Recorded[Event]]:
        """Keep events of one site."""
        return self._transaction.append(SITE_STREAM + site_id, version, events, actor=actor)


def load_outage(connection: Connection, site_id: str) -> SiteOutage | None:
    """Return a site's newest outage, None where it never had one."""
    query = (
        select(table.c.document)
        .where(table.c.site_id == site_id)
        .order_by(table.c.began_seq.desc())
        .limit(1)
    )
    return next(iter(_outages_kept.read(connection, query)), None)


def open_outages(connection: Connection) -> list[SiteOutage]:
    """Return the outages that stand, oldest first."""
    return _outages(connection, table.c.open.is_(True), None)


def ended_outages(connection: Connection, limit: int) -> list[SiteOutage]:
    """Return the outages that are over, the newest first."""
    return _outages(connection, table.c.open.is_(False), limit)


def outages_between(connection: Connection, since: datetime, until: datetime) -> list[SiteOutage]:
    """Return the outages that stood at some time of a window."""
    lasted = or_(table.c.ended_at.is_(None), table.c.ended_at > since)
    return _outages(connection, lasted & (table.c.since_at < until), None)


def _outages(connection: Connection, which: object, limit: int | None) -> list[SiteOutage]:
    order = table.c.began_seq.desc() if limit else table.c.began_seq
    query = select(table.c.document).where(which).order_by(order).limit(limit)  # type: ignore[arg-type]
    return _outages_kept.read(connection, query)
