"""Taking an operator's site table into the store, with a report: again and again the same table changes nothing."""

from dataclasses import dataclass
from typing import Any, Final

import shapely

from county.locate import Locator
from county.metres import metres_per_degree
from exchange.site_table import SiteReading, Told, read_sites
from layers.coverage.model import Site
from storage.journal import Journal
from storage.radio_sites import Kept, keep_sites
from storage.transaction import Transaction
from vocabulary.errors import Refused, sentence
from vocabulary.place import Place

BEYOND_M: Final = 10_000.0  # so far outside a site may still reach into the county
SHOWN: Final = 200
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What an import did."""

    reading: SiteReading
    kept: Kept
    dry_run: bool

    def told(self, language: str) -> Json:
        """Return the report, JSON-ready; refusals beyond the first two hundred are counted only."""
        reading = self.reading
        refused = [
            {"row": line, "outcome": "refused", "problem": why.code, "reason": why.text(language)}
            for line, why in reading.refused[:SHOWN]
        ]
        return {
            "dry_run": self.dry_run,
            "read": reading.rows,
            "sites": len(reading.sites),
            "cells": reading.cells,
            "added": len(self.kept.new) + len(self.kept.changed),
            "new": len(self.kept.new),
            "changed": len(self.kept.changed),
            "unchanged": self.kept.same,
            "refused": len(reading.refused),
            "rows": refused,
            "assumed": reading.assumed,
            "full_turns": reading.full_turns,
            "beyond": reading.beyond,
            "out_of_service": reading.out_of_service,
            "indoor": reading.indoor,
        }

    def lines(self, language: str) -> list[str]:
        """Return the report as text, a line for each refusal that is shown."""
        told = self.told(language)
        assumed = told["assumed"] or {}
        named = ", ".join(f"{name} {n}" for name, n in assumed.items()) or "-"
        head = sentence("radio.import_report", language).format(**{**told, "assumed": named})
        rows = [f"  {one['row']}: {one['reason']}" for one in told["rows"]]
        more = told["refused"] - len(rows)
        return [head, *rows, *([f"  … +{more}"] if more > 0 else [])]


class Edge:
    """Says of each site how it lies to the county."""

    def __init__(self, locator: Locator) -> None:
        """Take who knows the county."""
        county = locator.county
        self._locator = locator
        per_lon, per_lat = metres_per_degree(county.center.lat_deg)
        self._near = county.boundary_wgs84.simplify(0.001).buffer(BEYOND_M / min(per_lon, per_lat))

    def __call__(self, site: Site) -> str:
        """Return inside, beyond, outside or swapped."""
        place = site.place
        if self._locator.contains(place):
            return "inside"
        if self._near.intersects(shapely.Point(place.lon_deg, place.lat_deg)):
            return "beyond"
        try:
            turned = Place(place.lat_deg, place.lon_deg)
        except Refused:
            return "outside"
        return "swapped" if self._locator.contains(turned) else "outside"


def keep_reading(transaction: Transaction, reading: SiteReading, *, dry_run: bool) -> SiteReport:
    """Keep what was read, or only say what keeping it would do."""
    connection, at = transaction.connection, transaction.clock.now()
    if not dry_run:
        return SiteReport(reading, keep_sites(connection, reading.sites, at), dry_run=False)
    with connection.begin_nested() as point:
        kept = keep_sites(connection, reading.sites, at)
        point.rollback()
    return SiteReport(reading, kept, dry_run=True)


def import_sites(
    journal: Journal,
    locator: Locator,
    *,
    name: str,
    text: str,
    told: Told,
    dry_run: bool = False,
) -> SiteReport:
    """Read a table and keep its good rows in one transaction."""
    reading = read_sites(name, text, told, Edge(locator))
    return journal.write_blocking(
        lambda transaction: keep_reading(transaction, reading, dry_run=dry_run)
    )
