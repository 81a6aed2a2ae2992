"""Which kinds of device there are and what they measure: rows of `sensors/tables/kinds.csv`."""

import csv
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

from sensors.model import ChannelKind, Kind

FOLDER: Final = Path(__file__).parent / "tables"
# Three periods without a word and one is stale: a radio may miss two.
STALE_PERIODS: Final = 3


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind by its id, in the table's order."""
    found: dict[str, list[dict[str, str]]] = {}
    with (FOLDER / "kinds.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["kind"], []).append(row)
    return {kind: _kind(rows) for kind, rows in found.items()}


def _kind(rows: list[dict[str, str]]) -> Kind:
    first = rows[0]
    return Kind(
        id=first["kind"],
        zh=first["zh"],
        en=first["en"],
        category=first["category"],
        channels=tuple(map(_channel, rows)),
    )


def _channel(row: dict[str, str]) -> ChannelKind:
    return ChannelKind(
        name=row["channel"],
        zh=row["channel_zh"],
        en=row["channel_en"],
        unit=row["unit"],
        least=_limit(row["least"]),
        most=_limit(row["most"]),
        period=timedelta(seconds=int(row["period_s"])),
        decimals=int(row["decimals"]),
    )


def _limit(cell: str) -> float | None:
    return float(cell) if cell else None
