"""`python app.py categories import FILE` and `python app.py reports import FILE`: sheets brought on the command line."""

import argparse
import asyncio
from pathlib import Path
from typing import Any

from runtime.settings import Settings

SHOWN = 200
DONE = 0
SOME_REFUSED = 1


def register(
    commands: Any, common: argparse.ArgumentParser, _listening: argparse.ArgumentParser
) -> None:
    """Add both commands to the parser."""
    texts = {
        "categories": ("categories: import", "add versions of categories (CSV or YAML)"),
        "reports": ("reports: import", "take a report a row (CSV or Excel), each once"),
    }
    for name, (about, text) in texts.items():
        group = commands.add_parser(name, help=about, description=about)
        verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
        bring = verbs.add_parser("import", parents=[common], help=text, description=text)
        bring.add_argument("file", type=Path, help="the file")
        bring.add_argument("--dry-run", action="store_true", help="look, and keep nothing")
        bring.set_defaults(run=run, what=name)


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Bring the sheet and print what became of it; 1 where rows were refused."""
    from runtime.logs import prepare_logs
    from runtime.offline import opened_rooms, sheet_of
    from runtime.rooms import Rooms

    prepare_logs("warning")

    async def bring(rooms: Rooms) -> dict[str, Any]:
        from runtime.category_import import CategoryImport
        from runtime.place_search import PlaceSearch
        from runtime.report_import import ReportImport
        from runtime.suggesting import Suggesting
        from security.administration import SYSTEM_PRINCIPAL

        sheet = sheet_of(given.file)
        if given.what == "categories":
            return await CategoryImport(rooms).bring(SYSTEM_PRINCIPAL, sheet, dry_run=given.dry_run)
        places = PlaceSearch(rooms.ground)
        await places.open_search()
        importing = ReportImport(rooms, places, Suggesting(rooms, places))
        return await importing.bring(SYSTEM_PRINCIPAL, sheet, dry_run=given.dry_run)

    with opened_rooms(settings) as rooms:
        told = asyncio.run(bring(rooms))
    _print(told)
    return SOME_REFUSED if told["refused"] else DONE


def _print(told: dict[str, Any]) -> None:
    counts = {name: value for name, value in told.items() if isinstance(value, int)}
    print(" ".join(f"{name}={int(value)}" for name, value in counts.items()))
    odd = [row for row in told["rows"] if row["outcome"] == "refused"]
    for row in odd[:SHOWN]:
        print(f"  {row['row']}: {row['reason']}")
    if len(odd) > SHOWN:
        print(f"  … {len(odd) - SHOWN}")
