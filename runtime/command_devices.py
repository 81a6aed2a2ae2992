"""`python app.py devices …`: bring in what measures."""

import argparse
from pathlib import Path
from typing import Any

from runtime.settings import Settings


def register(
    commands: Any, common: argparse.ArgumentParser, _listening: argparse.ArgumentParser
) -> None:
    """Add the command to the parser."""
    text = "devices: import what measures from CSV or Excel, or list it"
    group = commands.add_parser("devices", help=text, description=text)
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    text = (
        "import devices and their channels; rows that are not right are refused and told, the others stand; the same file"
        " again changes nothing"
    )
    bring = verbs.add_parser("import", parents=[common], help=text, description=text)
    bring.add_argument(
        "file", type=Path, help="CSV or Excel: device_id, name, kind, lon, lat, channel, …"
    )
    bring.set_defaults(run=run_import)
    text = "list the channels of every device"
    shown = verbs.add_parser("list", parents=[common], help=text, description=text)
    shown.set_defaults(run=run_list)


def run_import(given: argparse.Namespace, settings: Settings) -> int:
    """Import, and print what was taken and what was refused; 1 where a row was refused."""
    from county.locate import Locator
    from county.store import load
    from incidents.rulebook import shipped_tables
    from runtime.device_import import import_devices
    from runtime.home import open_journal, open_prepared_store, prepare_home
    from vocabulary.clock import SystemClock

    home = prepare_home(settings.home)
    locator = Locator(load(home))
    store = open_prepared_store(settings)
    journal = open_journal(store, SystemClock())
    try:
        report = import_devices(journal, locator, shipped_tables(), given.file)
    finally:
        journal.stop()
        store.close()
    print("\n".join([*report.lines("zh"), *report.lines("en")]))
    return 1 if report.refused else 0


def run_list(_given: argparse.Namespace, settings: Settings) -> int:
    """Print a line per channel."""
    from runtime.home import open_prepared_store
    from storage.devices import load_registry

    store = open_prepared_store(settings)
    try:
        with store.reader.connect() as connection:
            registry = load_registry(connection)
    finally:
        store.close()
    for channel in registry.channels.values():
        device = registry.devices[channel.device]
        print(
            channel.number, device.id, device.kind, channel.name, channel.unit, device.department, device.name, sep="\t"
        )  # fmt: skip
    return 0
