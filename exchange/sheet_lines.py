"""A sheet from an office program (CSV or Excel) as lines of cells, and its times of day; a damaged one is refused."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime, tzinfo
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from exchange.fields import read_instant
from exchange.sheet import Sheet
from vocabulary.errors import Refused

MOST_UNPACKED: Final = 100_000_000
MOST_LINES: Final = 100_000  # blank ones too: a few bytes may claim to be the millionth row
MOST_COLUMNS: Final = 256
# What a damaged workbook makes the reader fail with.
BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, InvalidFileException, ParseError, LookupError, ValueError, TypeError,
    AttributeError,
)  # fmt: skip
TIMES: Final = "2026-11-22 14:03, 2026-11-22T14:03:00+08:00"
_LOCAL: Final = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M",
    "%Y年%m月%d日 %H:%M", "%Y年%m月%d日%H时%M分",
)  # fmt: skip
Line = tuple[int, list[str]]


def lines_of(sheet: Sheet) -> Iterator[Line]:
    """Return the lines of a sheet, each with its number as an editor counts; Refused where it is none."""
    readers = {"csv": _csv_lines, "xlsx": _excel_lines}
    if sheet.form not in readers:
        raise Refused("exchange.unknown_form", value=sheet.form, known=", ".join(readers))
    return iter(readers[sheet.form](sheet))


def read_time(value: str, zone: tzinfo) -> datetime | None:
    """Return an instant that is told with its zone, or by the county's own time of day; ValueError where it is neither."""
    if not value:
        return None
    for form in _LOCAL:
        try:
            return datetime.strptime(value, form).replace(tzinfo=zone)
        except ValueError:
            continue
    return read_instant(value)


def _csv_lines(sheet: Sheet) -> Iterator[Line]:
    lines = csv.reader(io.StringIO(sheet.text(), newline=""))
    try:
        for cells in lines:
            yield lines.line_num, cells
    except csv.Error as problem:
        raise Refused("incidents.bad_sheet", form="CSV", problem=str(problem)) from None


def _excel_lines(sheet: Sheet) -> Iterator[Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(sheet.content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise Refused(
                    "incidents.bad_sheet", form="Excel", problem="too large when unpacked"
                )
        with closing(
            load_workbook(io.BytesIO(sheet.content), read_only=True, data_only=True)
        ) as book:
            page = book.worksheets[0]
            page.reset_dimensions()  # some programs write A1 whatever the size
            yield from _lines(page.iter_rows(max_col=MOST_COLUMNS, values_only=True))
    except zipfile.BadZipFile:
        raise Refused("incidents.no_excel", name=sheet.name) from None
    except BROKEN as problem:
        what = str(problem)[:120] or type(problem).__name__
        raise Refused("incidents.bad_sheet", form="Excel", problem=what) from None


def _lines(found: Iterable[Iterable[Any]]) -> Iterator[Line]:
    for number, cells in enumerate(found, 1):
        if number > MOST_LINES:
            raise Refused("incidents.sheet_too_long", most=MOST_LINES)
        yield number, [_written(cell) for cell in cells]


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a phone number that was typed as a number
    return str(cell)
