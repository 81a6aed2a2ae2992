"""A sheet of reports (CSV or Excel) read into rows: heads in Chinese or English, values as they stand, each refusal by row."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from exchange.fields import read_instant
from exchange.intake_ports import Sheet
from vocabulary.errors import Refused

MOST_ROWS: Final = 5_000
MOST_UNPACKED: Final = 100_000_000
MOST_LINES: Final = 100_000  # blank ones too: a few bytes may claim to be the millionth row
MOST_COLUMNS: Final = 256
# What a damaged workbook makes the reader fail with.
BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, InvalidFileException, ParseError, LookupError, ValueError, TypeError,
    AttributeError,
)  # fmt: skip
HEADS: Final = {
    "key": ("key", "编号", "工单号", "工单编号", "序号", "id"),
    "text": ("text", "内容", "诉求内容", "问题描述", "描述", "事件描述", "反映内容"),
    "category": ("category", "类别", "类别编码", "小类", "事件类型", "诉求类别"),
    "lon": ("lon", "经度", "longitude", "lng"),
    "lat": ("lat", "纬度", "latitude"),
    "address": ("address", "地址", "地点", "位置", "事发地点"),
    "phone": ("phone", "caller_phone", "电话", "联系电话", "来电号码", "手机"),
    "name": ("name", "caller_name", "姓名", "联系人", "来电人"),
    "time": ("time", "occurred_at", "时间", "事发时间", "上报时间", "来电时间"),
    "source": ("source", "来源", "渠道"),
}  # fmt: skip
_FIELD_OF: Final = {head: field for field, heads in HEADS.items() for head in heads}
_LOCAL: Final = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M",
    "%Y年%m月%d日 %H:%M", "%Y年%m月%d日%H时%M分",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetReport:
    """One row, its cells by field; a column the sheet has not is empty. `row` counts as an editor does."""

    row: int
    cells: dict[str, str]

    def number(self, field: str) -> float | None:
        """Return a cell as a number, None where it is empty."""
        value = self.cells[field]
        if not value:
            return None
        try:
            return float(value)
        except ValueError:
            raise self.refused(field, "119.905") from None

    def instant(self, zone: tzinfo) -> datetime | None:
        """Return when it happened: an instant with its zone, or the county's own time of day."""
        value = self.cells["time"]
        if not value:
            return None
        for form in _LOCAL:
            try:
                return datetime.strptime(value, form).replace(tzinfo=zone)
            except ValueError:
                continue
        try:
            return read_instant(value)
        except ValueError:
            raise self.refused("time", "2026-11-22 14:03, 2026-11-22T14:03:00+08:00") from None

    def refused(self, field: str, expected: str) -> Refused:
        """Return the refusal of a cell."""
        value = self.cells[field][:80]
        return Refused("intake.bad_cell", row=self.row, field=field, value=value, expected=expected)


def read_reports(sheet: Sheet) -> list[SheetReport]:
    """Return the rows of a sheet; Refused where it is no sheet or lacks the column for what happened."""
    readers = {"csv": _csv_lines, "xlsx": _excel_lines}
    if sheet.form not in readers:
        raise Refused("exchange.unknown_form", value=sheet.form, known=", ".join(readers))
    lines = iter(readers[sheet.form](sheet))
    head = [
        _FIELD_OF.get(cell.strip().lower(), "") for _, cell in enumerate(next(lines, (0, []))[1])
    ]
    if "text" not in head:
        raise Refused("intake.no_text_column", known=", ".join(HEADS["text"]))
    doubled = {field for field in head if field and head.count(field) > 1}
    if doubled:
        raise Refused("intake.column_twice", field=", ".join(sorted(doubled)))
    found: list[SheetReport] = []
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(found) == MOST_ROWS:
            raise Refused("incidents.sheet_too_long", most=MOST_ROWS)
        named = dict.fromkeys(HEADS, "")
        named |= {field: cell.strip() for field, cell in zip(head, cells, strict=False) if field}
        found.append(SheetReport(number, named))
    return found


Line = tuple[int, list[str]]


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
    except BROKEN as problem:
        what = str(problem)[:120] or type(problem).__name__
        raise Refused("incidents.bad_sheet", form="Excel", problem=what) from None


def _lines(found: Iterable[Iterable[Any]]) -> Iterator[Line]:
    for number, cells in enumerate(found, 1):
        if number > MOST_LINES:
            raise Refused("incidents.sheet_too_long", most=MOST_ROWS)
        yield number, [_written(cell) for cell in cells]


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a phone number that was typed as a number
    return str(cell)
