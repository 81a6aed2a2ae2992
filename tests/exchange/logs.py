"""Handmade rows of the two logs: whole as they stand, spoilt where a test says so."""

import csv
from pathlib import Path
from typing import Any

SF = {
    "Call Number": "1",
    "Unit ID": "E1",
    "Call Type": "Structure Fire",
    "Call Final Disposition": "Fire",
    "Received DtTm": "07/01/2021 11:59:00 AM",
    "Entry DtTm": "07/01/2021 11:59:30 AM",
    "Dispatch DtTm": "07/01/2021 12:00:00 PM",
    "Response DtTm": "07/01/2021 12:01:00 PM",
    "On Scene DtTm": "07/01/2021 12:05:00 PM",
    "Transport DtTm": "",
    "Hospital DtTm": "",
    "Available DtTm": "07/01/2021 12:45:00 PM",
    "Address": "MILL ST",
    "Original Priority": "3",
    "Unit Type": "ENGINE",
    "Location": "(37.75, -122.45)",
}
MONTGOMERY = {
    "lat": "40.2",
    "lng": "-75.3",
    "desc": "MILL LN; OLDTOWN; 2018-07-01 @ 12:00:00;",
    "title": "EMS: FALL VICTIM",
    "timeStamp": "2018-07-01 12:00:00",
    "twp": "OLDTOWN",
    "addr": "MILL LN",
}


def sf(**changes: str) -> dict[str, str]:
    return {**SF, **{name.replace("_", " "): value for name, value in changes.items()}}


def montgomery(**changes: str) -> dict[str, str]:
    return {**MONTGOMERY, **changes}


def written(folder: Path, rows: list[dict[str, Any]]) -> Path:
    file = folder / "log.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file
