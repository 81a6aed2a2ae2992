"""`python app.py rebuild`: make the projections anew from the journal."""

import argparse
import sys
from typing import Any

from runtime.settings import Settings


def register(
    commands: Any, common: argparse.ArgumentParser, _listening: argparse.ArgumentParser
) -> None:
    """Add the command to the parser."""
    text = "make the tables that screens read anew from the journal"
    commands.add_parser("rebuild", parents=[common], help=text, description=text).set_defaults(
        run=run
    )


def run(_given: argparse.Namespace, settings: Settings) -> int:
    """Rebuild and say how many events were replayed."""
    from runtime.figures_kept import forget_kept
    from runtime.home import open_journal, open_prepared_store
    from runtime.own_tables import own_tables
    from storage.rebuild import rebuild

    store = open_prepared_store(settings)
    journal = open_journal(store, tables=own_tables(settings.home.expanduser()))
    try:
        replayed = rebuild(journal, _show)
        forget_kept(settings.home.expanduser())
    finally:
        journal.stop()
        journal.store.close()
    print(f"已由 {replayed} 条事件重建。 Rebuilt from {replayed} events.")
    return 0


def _show(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{total}", end="" if done < total else "\n", file=sys.stderr, flush=True)
