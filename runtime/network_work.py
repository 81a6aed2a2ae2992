"""Fixed networks for the API and the map: brought by file, shown as GeoJSON with their figures."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from county.locate import Locator
from exchange.network_table import NetworkReading, read_network
from exchange.sheet import Sheet
from layers.coverage.networks import Community, Part, backbone_figures, broadband_figures
from runtime.rooms import Rooms
from security.audit import entry_of
from security.principal import Principal
from storage import networks
from storage.audit import append_audit
from storage.journal import Journal
from storage.transaction import Transaction
from vocabulary.clock import to_text
from vocabulary.errors import Refused

Json = dict[str, Any]
FORMS: Final = ("csv", "geojson")
REFUSED_SHOWN: Final = 200


class NetworkWork:
    """The part of the coverage service about fibre and cable."""

    def __init__(self, rooms: Rooms) -> None:
        self._network_rooms = rooms

    async def network(self, _principal: Principal, layer: str) -> Json:
        """Return a layer as GeoJSON, with its figures and when it was brought."""

        def work(connection: Connection) -> Json:
            at = networks.imported_at(connection, layer)
            if layer == "broadband":
                places = networks.communities(connection)
                features = [_place(one) for one in places]
                figures = broadband_figures(places)
            else:
                parts = networks.parts(connection)
                features = [_part(one) for one in parts]
                figures = backbone_figures(parts)
            whole = {"type": "FeatureCollection", "features": features, "figures": figures}
            return {**whole, "imported_at": to_text(at) if at else None}

        return await self._network_rooms.journal.read(work)

    async def import_network(
        self, principal: Principal, layer: str, sheet: Sheet, *, dry_run: bool
    ) -> Json:
        """Take a layer in place of the former one; where no row is good, the former one stays."""
        rooms = self._network_rooms
        if sheet.form not in FORMS:
            raise Refused("exchange.unknown_form", value=sheet.form, known=", ".join(FORMS))
        contains, text = rooms.locator.contains, sheet.text()
        reading = await asyncio.to_thread(
            read_network, layer, sheet.name, sheet.form, text, contains
        )
        rows: list[Community | Part] = [*reading.communities, *reading.parts]

        def work(transaction: Transaction, /) -> None:
            at = rooms.clock.now()
            networks.replace_layer(transaction.connection, layer, rows, at)
            after = {"rows": len(rows), "refused": len(reading.refused)}
            entry = entry_of(principal, "network.import", layer, at, after=after)
            append_audit(transaction.connection, entry, rooms.audit_key)

        if rows and not dry_run:
            await rooms.journal.write(work, timeout_s=30)
        return _report(reading, len(rows), principal.language, dry_run=dry_run)


def bring_first(journal: Journal, locator: Locator, layer: str, file: Path) -> list[Refused]:
    """Take a layer that a county brought, where none was brought before; return what was refused."""
    if journal.read_blocking(lambda connection: networks.imported_at(connection, layer)):
        return []
    text = file.read_text("utf-8")
    reading = read_network(layer, file.name, "csv", text, locator.contains)
    rows: list[Community | Part] = [*reading.communities, *reading.parts]
    journal.write_blocking(
        lambda t: networks.replace_layer(t.connection, layer, rows, t.clock.now())
    )
    return [why for _, why in reading.refused]


def _report(reading: NetworkReading, kept: int, language: str, *, dry_run: bool) -> Json:
    told = [
        {"row": row, "outcome": "refused", "problem": why.code, "reason": why.text(language)}
        for row, why in reading.refused[:REFUSED_SHOWN]
    ]
    counts = {"read": reading.rows, "added": kept, "refused": len(reading.refused)}
    return {"dry_run": dry_run, **counts, "rows": told}


def _place(one: Community) -> Json:
    told = asdict(one)
    households = one.households
    reach = {
        f"{speed}_reach": round(told[f"{speed}_reached"] / households, 4) if households else None
        for speed in ("gigabit", "hundred")
    }
    spot = {"type": "Point", "coordinates": [one.lon_deg, one.lat_deg]}
    return {"type": "Feature", "id": one.id, "geometry": spot, "properties": told | reach}


def _part(one: Part) -> Json:
    told = {key: value for key, value in asdict(one).items() if key != "geometry"}
    return {"type": "Feature", "id": one.id, "geometry": one.geometry, "properties": told}
