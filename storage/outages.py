"""Outages of sites as a projection of the journal, made anew by `rebuild`."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, insert, or_, select, update

from layers.coverage.messages import OutageBegan
from layers.coverage.outages.model import KnownSite, SiteOutage
from layers.coverage.outages.rules import apply
from layers.coverage.outages.store import SITE_STREAM
from storage.radio_sites import known_site
from storage.radio_tables import radio_outages as table
from storage.transaction import Transaction
from vocabulary.message import Actor, Event, Recorded

_document = TypeAdapter(SiteOutage)


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
        row = {
            "site_id": site_id,
            "version": after.version,
            "open": after.open,
            "since_at": after.since_at,
            "ended_at": after.ended_at,
            "document": _document.dump_json(after).decode(),
        }
        if isinstance(recorded.event, OutageBegan):
            connection.execute(insert(table).values(began_seq=after.began_seq, **row))
        else:
            kept = table.c.began_seq == after.began_seq
            connection.execute(update(table).where(kept).values(**row))

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
    document = connection.execute(query).scalar_one_or_none()
    return None if document is None else _document.validate_json(document)


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
    return [_document.validate_json(document) for document in connection.execute(query).scalars()]
