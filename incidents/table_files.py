"""Reading a shipped or imported table: CSV text to rows, every refusal naming the table, the row and the column."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from vocabulary.errors import Refused

FOLDER: Final = Path(__file__).parent / "tables"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; `line` counts as an editor does, the head being line 1."""

    table: str
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """Return a cell that must not be empty."""
        if not self.cells[column]:
            raise self.refused(column, "not empty")
        return self.cells[column]

    def read(self, column: str, reader: Callable[[str], T], expected: str) -> T:
        """Return a cell through `reader`, which says ValueError to what it cannot read."""
        try:
            return reader(self.cells[column])
        except ValueError:
            raise self.refused(column, expected) from None

    def one_of(self, column: str, known: Sequence[str]) -> str:
        """Return a cell that must be one of `known`."""
        if self.cells[column] not in known:
            raise self.refused(column, ", ".join(known))
        return self.cells[column]

    def refused(self, column: str, expected: str) -> Refused:
        """Return the refusal of a cell."""
        return Refused(
            "incidents.bad_cell",
            table=self.table,
            row=self.line,
            column=column,
            value=self.cells[column],
            expected=expected,
        )


def rows(table: str, text: str, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a CSV text whose head must be exactly `columns`."""
    for row in rows_or_refusals(table, text, columns):
        if isinstance(row, Refused):
            raise row
        yield row


def rows_or_refusals(table: str, text: str, columns: Sequence[str]) -> Iterator[Row | Refused]:
    """Yield the rows of a CSV text, and in the place of one that has not all its cells its refusal."""
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    head = next(lines, [])
    if head != list(columns):
        raise Refused(
            "incidents.bad_head", table=table, value=",".join(head), expected=",".join(columns)
        )
    for cells in lines:
        if len(cells) != len(head):
            yield Refused(
                "incidents.bad_row",
                table=table,
                row=lines.line_num,
                n=len(cells),
                expected=len(head),
            )
            continue
        yield Row(table, lines.line_num, dict(zip(head, map(str.strip, cells), strict=True)))


def shipped(name: str) -> str:
    """Return the text of a table that comes with the program."""
    return (FOLDER / name).read_text("utf-8")
