"""`python app.py sites …`: bring in sites of the mobile networks, and list them."""

import argparse
from pathlib import Path
from typing import Any

from runtime.settings import Settings


def register(
    commands: Any, common: argparse.ArgumentParser, _listening: argparse.ArgumentParser
) -> None:
    """Add the command to the parser."""
    text = "sites of the mobile networks: import them from an operator's table, or list them"
    group = commands.add_parser("sites", help=text, description=text)
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    text = (
        "import cells from CSV or Excel (one row a cell); rows that are not right are refused and told, what a table does not"
        " say is filled from the stated defaults and marked as assumed; the same file again changes nothing"
    )
    bring = verbs.add_parser("import", parents=[common], help=text, description=text)
    bring.add_argument("files", type=Path, nargs="+", help="CSV or Excel tables of cells")
    bring.add_argument("--operator", default="", help="whose cells they are, where no column says")
    bring.add_argument("--technology", default="", choices=("4G", "5G", ""), help="of all rows")
    bring.add_argument("--datum", default="wgs84", help="wgs84 (default), gcj02, bd09, cgcs2000 …")
    bring.add_argument("--dry-run", action="store_true", help="only tell what it would do")
    bring.set_defaults(run=run_import)
    text = "list the sites: id, operator, cells, how many of them with assumed values, name"
    shown = verbs.add_parser("list", parents=[common], help=text, description=text)
    shown.set_defaults(run=run_list)


def run_import(given: argparse.Namespace, settings: Settings) -> int:
    """Import, and print what was taken and what was refused; 1 where a row was refused."""
    from county.locate import Locator
    from county.store import load
    from exchange.site_table import Told
    from runtime.home import open_journal, open_prepared_store, prepare_home
    from runtime.offline import sheet_of
    from runtime.site_import import import_sites
    from vocabulary.clock import SystemClock

    locator = Locator(load(prepare_home(settings.home)))
    told = Told(operator=given.operator, technology=given.technology, datum=given.datum)
    store = open_prepared_store(settings)
    journal = open_journal(store, SystemClock())
    refused = 0
    try:
        for file in given.files:
            sheet = sheet_of(file)
            report = import_sites(journal, locator, sheet, told=told, dry_run=given.dry_run)
            refused += len(report.reading.refused)
            print(file.name, *report.lines("zh"), *report.lines("en")[:1], sep="\n")
    finally:
        journal.stop()
        store.close()
    return 1 if refused else 0


def run_list(_given: argparse.Namespace, settings: Settings) -> int:
    """Print a line per site."""
    from runtime.home import open_journal, open_prepared_store
    from storage.radio_sites import all_sites, holder
    from vocabulary.clock import SystemClock

    store = open_prepared_store(settings)
    journal = open_journal(store, SystemClock())
    try:
        sites = journal.read_blocking(all_sites)
    finally:
        journal.stop()
        store.close()
    for site in sites:
        assumed = sum(bool(sector.assumed) for sector in site.sectors)
        print(site.id, holder(site), len(site.sectors), assumed, site.name, sep="\t")
    return 0
