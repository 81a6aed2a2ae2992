"""Taking a county's units and rosters into the journal: again and again the same file changes nothing."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from dispatch.handlers import equip_unit, register_unit, roster_unit
from dispatch.kinds import skills
from exchange.unit_tables import Known, Rosters, read_duty, read_units
from incidents.rulebook import Tables
from storage.journal import Journal
from storage.transaction import Transaction
from storage.units import UnitsInTransaction, all_units
from vocabulary.errors import Refused, sentence
from vocabulary.message import Actor
from vocabulary.place import Place


class Edge(Protocol):
    """Who knows what lies in the county: `county.locate.Locator`."""

    def require_inside(self, place: Place, /) -> object:
        """Refuse a place outside."""
        ...


@dataclass(slots=True)
class UnitReport:
    """What an import did: units new, changed and as they were; rosters set; rows refused, each with its reason."""

    new: int = 0
    changed: int = 0
    same: int = 0
    rosters: int = 0
    refused: list[Refused] = field(default_factory=list)

    def lines(self, language: str) -> list[str]:
        """Return the report as text, a line for each refusal."""
        head = sentence("dispatch.import_report", language).format(
            new=self.new,
            changed=self.changed,
            same=self.same,
            rosters=self.rosters,
            refused=len(self.refused),
        )
        return [head, *(f"  {one.text(language)}" for one in self.refused)]


def import_units(
    journal: Journal,
    locator: Edge,
    tables: Tables,
    actor: Actor,
    *,
    units: Path | None,
    duty: Path | None,
) -> UnitReport:
    """Take the good rows of both files in one transaction."""
    found = Rosters()
    known = Known(
        departments=tables.departments, skills=skills(), need_inside=locator.require_inside
    )
    if units:
        read_units(_text(units), known, found)
    if duty:
        there = {unit.id for unit in journal.read_blocking(all_units)}
        read_duty(_text(duty), there, found)
    return journal.write_blocking(lambda transaction: _keep(transaction, found, actor))


def _keep(transaction: Transaction, found: Rosters, actor: Actor) -> UnitReport:
    store = UnitsInTransaction(transaction)
    report = UnitReport(refused=found.refused)
    for row in found.units:
        known = store.load(row.registered.unit_id) is not None
        changed = register_unit(store, row.registered, actor)
        changed |= equip_unit(store, row.equipped, actor)
        report.new += not known
        report.changed += known and changed
        report.same += known and not changed
    for unit_id, shifts in found.duty.items():
        report.rosters += roster_unit(store, unit_id, shifts, actor)
    return report


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise Refused("dispatch.unreadable_table", file=file.name, problem=problem) from problem
