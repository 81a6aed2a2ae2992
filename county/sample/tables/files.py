"""A table as a file: UTF-8 CSV with a head, LF line ends, coordinates to a decimetre."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path


def write_table(file: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one table; floats with what a person would write."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(value) for value in row] for row in rows)


def degrees(value: float) -> str:
    """Return a coordinate to 1e-6 degrees, about a decimetre."""
    return f"{value:.6f}"


def _cell(value: object) -> object:
    return f"{value:g}" if isinstance(value, float) else value
