"""Reads the rows of a call log's CSV: the header must be whole, a row that breaks is refused with its reason."""

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

from exchange.calllogs.model import RefusedRow
from vocabulary.errors import Refused

T = TypeVar("T")
Row = dict[str, str]

_LONGEST_FIELD: Final = 10_000


class BadRow(Exception):
    """A row that cannot be taken: the reason, the field and its value."""

    def __init__(self, reason: str, field: str, value: str) -> None:
        super().__init__(reason)
        self.reason, self.field, self.value = reason, field, value


def read_rows(file: Path, columns: Sequence[str]) -> Iterator[tuple[int, Row | None]]:
    """Yield each row with the line it ends on; None for one whose number of columns is wrong."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.reader(source)
            header = next(reader, [])
            absent = [column for column in columns if column not in header]
            if absent:
                raise Refused("calllog.columns", file=file.name, missing=", ".join(absent))
            for fields in reader:
                whole = len(fields) == len(header)
                yield reader.line_num, dict(zip(header, fields, strict=True)) if whole else None
    except UnicodeDecodeError as error:
        raise Refused("calllog.not_utf8", file=file.name, position=error.start) from None
    except csv.Error as error:
        raise Refused("calllog.not_csv", file=file.name, problem=str(error)) from None
    except OSError as error:
        raise Refused(
            "calllog.unreadable", file=str(file), problem=error.strerror or str(error)
        ) from None


def take_rows(
    file: Path, columns: Sequence[str], take: Callable[[Row], T]
) -> tuple[list[tuple[int, T]], list[RefusedRow]]:
    """Return what `take` made of each row, and the rows it would not take."""
    taken: list[tuple[int, T]] = []
    refused: list[RefusedRow] = []
    for line, row in read_rows(file, columns):
        if row is None:
            refused.append(RefusedRow(line=line, reason="columns_missing", field="", value=""))
            continue
        try:
            taken.append((line, take(row)))
        except BadRow as bad:
            refused.append(refusal(line, bad))
    return taken, refused


def refusal(line: int, bad: BadRow) -> RefusedRow:
    """Return the record of a refused row."""
    return RefusedRow(line=line, reason=bad.reason, field=bad.field, value=bad.value[:80])


def required(row: Row, field: str) -> str:
    """Return a field that must not be empty."""
    value = row[field].strip()
    if not value or len(value) > _LONGEST_FIELD:
        raise BadRow("field_missing", field, value)
    return value


def one_of(table: dict[str, T], row: Row, field: str, reason: str) -> T:
    """Return what `table` has for a field's value."""
    value = row[field].strip()
    if value not in table:
        raise BadRow(reason, field, value)
    return table[value]
