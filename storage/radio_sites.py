"""Sites of the mobile networks as they were brought: a site stands as the newest sheet that named it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Connection, delete, func, insert, select

from layers.coverage.model import Site
from layers.coverage.outages.model import KnownSite
from storage.radio_tables import radio_outages as outages
from storage.radio_tables import radio_sites as table

_document = TypeAdapter(Site)


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping did: sites that are new, changed, and as they were."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: int


def count_sites(connection: Connection) -> int:
    """Return how many sites are known."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def sites_stamp(connection: Connection) -> str:
    """Return what changes whenever a site is brought, or goes out of service or comes back."""
    brought = select(func.count(), func.max(table.c.imported_at)).select_from(table)
    out = select(func.count(), func.max(outages.c.began_seq)).where(outages.c.open.is_(True))
    one, other = connection.execute(brought).one(), connection.execute(out).one()
    return f"{one[0]} {one[1]} {other[0]} {other[1]}"


def all_sites(connection: Connection) -> list[Site]:
    """Return every site, by id."""
    documents = connection.execute(select(table.c.document).order_by(table.c.id)).scalars()
    return [_document.validate_json(document) for document in documents]


def load_site(connection: Connection, site_id: str) -> Site | None:
    """Return one site, None where it is not known."""
    query = select(table.c.document).where(table.c.id == site_id)
    document = connection.execute(query).scalar_one_or_none()
    return None if document is None else _document.validate_json(document)


def known_site(connection: Connection, site_id: str) -> KnownSite | None:
    """Return what the rules of outages must know of a site, None where it is not known."""
    site = load_site(connection, site_id)
    if site is None:
        return None
    cells = frozenset(sector.id for sector in site.sectors)
    return KnownSite(
        site_id=site.id, name=site.name, operator=holder(site), place=site.place, cells=cells
    )


def keep_sites(connection: Connection, sites: Sequence[Site], at: datetime) -> Kept:
    """Keep sites, each in place of the one with its id; one that is as it was is left alone."""
    query = select(table.c.id, table.c.document)
    there: dict[str, str] = {row.id: row.document for row in connection.execute(query)}
    told = {site.id: (site, _document.dump_json(site).decode()) for site in sites}
    new = [id for id in told if id not in there]
    changed = [id for id, (site, _) in told.items() if id in there and _differs(site, there[id])]
    if changed:
        connection.execute(delete(table).where(table.c.id.in_(changed)))
    rows = [_row(*told[id], at) for id in (*new, *changed)]
    if rows:
        connection.execute(insert(table), rows)
    return Kept(tuple(new), tuple(changed), len(told) - len(new) - len(changed))


def holder(site: Site) -> str:
    """Return whose site it is: whoever holds most of its cells."""
    holders = [sector.operator for sector in site.sectors]
    return max(sorted(set(holders)), key=holders.count) if holders else ""


def _differs(site: Site, document: str) -> bool:
    return _document.validate_json(document) != site


def _row(site: Site, document: str, at: datetime) -> dict[str, object]:
    return {
        "id": site.id,
        "operator": holder(site),
        "name": site.name,
        "lon_deg": site.place.lon_deg,
        "lat_deg": site.place.lat_deg,
        "cells": len(site.sectors),
        "document": document,
        "imported_at": at,
    }
