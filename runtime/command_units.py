"""`python app.py units …`: bring in units and their duty rosters."""

import argparse
from pathlib import Path
from typing import Any

from runtime.settings import Settings


def register(
    commands: Any, common: argparse.ArgumentParser, _listening: argparse.ArgumentParser
) -> None:
    """Add the command to the parser."""
    text = "units: import them and their duty rosters from CSV, or list them"
    group = commands.add_parser("units", help=text, description=text)
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    text = (
        "import units.csv and, with --duty, their rosters; rows that are not right are refused and told, the others"
        " stand; the same file again changes nothing"
    )
    bring = verbs.add_parser("import", parents=[common], help=text, description=text)
    bring.add_argument("units", type=Path, help="CSV: unit_id, name, name_en, kind, department, …")
    bring.add_argument("--duty", type=Path, help="CSV: unit_id, weekday (1-7), from, to, shift")
    bring.set_defaults(run=run_import)
    text = "list the units with what they do now"
    shown = verbs.add_parser("list", parents=[common], help=text, description=text)
    shown.set_defaults(run=run_list)


def run_import(given: argparse.Namespace, settings: Settings) -> int:
    """Import, and print what was taken and what was refused; 1 where a row was refused."""
    from county.locate import Locator
    from county.store import load
    from incidents.rulebook import shipped_tables
    from runtime.home import open_journal, open_prepared_store, prepare_home
    from runtime.unit_import import import_units
    from vocabulary.clock import SystemClock
    from vocabulary.message import SYSTEM

    home = prepare_home(settings.home)
    locator = Locator(load(home))
    store = open_prepared_store(settings)
    journal = open_journal(store, SystemClock())
    try:
        report = import_units(
            journal, locator, shipped_tables(), SYSTEM, units=given.units, duty=given.duty
        )
    finally:
        journal.stop()
        store.close()
    print("\n".join([*report.lines("zh"), *report.lines("en")]))
    return 1 if report.refused else 0


def run_list(_given: argparse.Namespace, settings: Settings) -> int:
    """Print a line per unit."""
    from dispatch.duty import status_at
    from incidents.rulebook import shipped_tables
    from runtime.home import open_journal, open_prepared_store
    from storage.units import all_units
    from vocabulary.clock import SystemClock

    store = open_prepared_store(settings)
    clock = SystemClock()
    journal = open_journal(store, clock)
    try:
        units = journal.read_blocking(all_units)
    finally:
        journal.stop()
        store.close()
    zone = shipped_tables().calendar.zone
    for unit in units:
        status = status_at(unit, clock.now(), zone).value
        skills = ";".join(unit.skills) or "-"
        print(unit.id, unit.kind.value, unit.department, status, skills, unit.name, sep="\t")
    return 0
