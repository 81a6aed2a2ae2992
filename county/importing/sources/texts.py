"""Reading CSV: in whichever letters and with whichever separator, every row with its number, uneven rows set apart."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from county.importing.sources import encodings
from vocabulary.errors import Refused

SEPARATORS: Final = (",", "\t", ";", "|")
WIDEST_FIELD: Final = 10_000_000  # a boundary written as WKT


@dataclass(frozen=True, slots=True)
class Texts:
    """A table of texts as its file has it: `lines` are the line numbers of its rows, `uneven` those of rows that do not fit."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    uneven: tuple[int, ...]
    encoding: str

    def column(self, name: str) -> list[str]:
        """Return one column, without outer space."""
        at = self.columns.index(name)
        return [row[at].strip() for row in self.rows]


def read(file: Path) -> Texts:
    """Return the table; Refused when it is no text, has no header or no row."""
    text, encoding = encodings.decoded(file.read_bytes(), file.name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(StringIO(text), delimiter=separator)
    try:
        with _wide_fields():
            rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as problem:
        raise Refused("county.file_unreadable", file=file.name, problem=problem) from problem
    if not rows or not all(name.strip() for name in rows[0][1]):
        raise Refused("county.no_header", file=file.name)
    columns = tuple(name.strip() for name in rows[0][1])
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise Refused("county.column_twice", file=file.name, columns=", ".join(twice))
    if len(rows) == 1:
        raise Refused("county.no_rows", file=file.name)
    even = [(line, tuple(row)) for line, row in rows[1:] if len(row) == len(columns)]
    uneven = tuple(line for line, row in rows[1:] if len(row) != len(columns))
    return Texts(
        columns, tuple(row for _, row in even), tuple(line for line, _ in even), uneven, encoding
    )


@contextmanager
def _wide_fields() -> Iterator[None]:
    # The limit is the whole process's; other readers keep theirs.
    former = csv.field_size_limit(WIDEST_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(former)
