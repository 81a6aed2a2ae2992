"""Taking an operator's site table into the store, with a report: again and again the same table changes nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import shapely

from county.locate import Locator
from county.metres import metres_per_degree
from exchange.sheet import Sheet
from exchange.site_table import SiteReading, Told, known_operators, read_sites
from layers.coverage.model import Site
from storage.journal import Journal
from storage.radio_sites import Kept, all_sites, keep_sites
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
    strange: dict[str, int] = field(default_factory=dict)  # cells by operators nobody knew before

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
            "added": len(self.kept.new),
            "new": len(self.kept.new),
            "changed": len(self.kept.changed),
            "unchanged": self.kept.same,
            "refused": len(reading.refused),
            "rows": refused,
            "notes": self.notes(language),
            "assumed": reading.assumed,
            "full_turns": reading.full_turns,
            "beyond": reading.beyond,
            "out_of_service": reading.out_of_service,
            "indoor": reading.indoor,
        }

    def notes(self, language: str) -> list[str]:
        """Return what is to be known of a table besides its refusals: what was assumed, what else it says, who is a stranger."""
        reading = self.reading
        counted = {
            "radio.note_cells": {"sites": len(reading.sites), "cells": reading.cells},
            "radio.note_full_turns": {"n": reading.full_turns},
            "radio.note_beyond": {"n": reading.beyond},
            "radio.note_out": {"n": reading.out_of_service},
            "radio.note_indoor": {"n": reading.indoor},
        }
        notes = [
            sentence(code, language).format(**values)
            for code, values in counted.items()
            if any(values.values())
        ]
        if reading.assumed:
            fields = _counted(reading.assumed)
            notes.append(sentence("radio.note_assumed", language).format(fields=fields))
        if self.strange:
            known = ", ".join(sorted(known_operators().values()))
            values = {"operators": _counted(self.strange), "known": known}
            notes.insert(0, sentence("radio.note_operator", language).format(**values))
        return notes

    def lines(self, language: str) -> list[str]:
        """Return the report as text, a line for each refusal that is shown."""
        told = self.told(language)
        assumed = told["assumed"] or {}
        named = ", ".join(f"{name} {n}" for name, n in assumed.items()) or "-"
        head = sentence("radio.import_report", language).format(**{**told, "assumed": named})
        rows = [f"  {one['row']}: {one['reason']}" for one in told["rows"]]
        more = told["refused"] - len(rows)
        strange = self.notes(language)[:1] if self.strange else []
        return [head, *strange, *rows, *([f"  … +{more}"] if more > 0 else [])]


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(counts.items()))


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
    strange = _strange(reading, all_sites(connection))
    if not dry_run:
        kept = keep_sites(connection, reading.sites, at)
        return SiteReport(reading, kept, dry_run=False, strange=strange)
    with connection.begin_nested() as point:
        kept = keep_sites(connection, reading.sites, at)
        point.rollback()
    return SiteReport(reading, kept, dry_run=True, strange=strange)


def _strange(reading: SiteReading, standing: Sequence[Site]) -> dict[str, int]:
    """Return how many cells are of operators that neither network codes nor sites so far know: mostly a slip of the pen."""
    known = {*known_operators().values()}
    known |= {sector.operator for site in standing for sector in site.sectors}
    cells = [sector.operator for site in reading.sites for sector in site.sectors]
    return dict(Counter(operator for operator in cells if operator not in known))


def import_sites(
    journal: Journal,
    locator: Locator,
    sheet: Sheet,
    *,
    told: Told,
    dry_run: bool = False,
) -> SiteReport:
    """Read a table and keep its good rows in one transaction."""
    reading = read_sites(sheet, told, Edge(locator))
    return journal.write_blocking(
        lambda transaction: keep_reading(transaction, reading, dry_run=dry_run)
    )
