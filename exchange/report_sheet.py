"""A sheet of reports (CSV or Excel) read into rows: heads in Chinese or English, values as they stand, each refusal by row."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from exchange.sheet import Sheet
from exchange.sheet_lines import TIMES, lines_of, read_time
from vocabulary.errors import Refused

MOST_ROWS: Final = 5_000
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


@dataclass(frozen=True, slots=True)
class SheetReport:
    """One row, its cells by field; a column the sheet has not is empty. `row` counts as an editor does.

    `heads` are the columns as the sheet calls them, for who has to find the cell.
    """

    row: int
    cells: dict[str, str]
    heads: dict[str, str]

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
        try:
            return read_time(self.cells["time"], zone)
        except ValueError:
            raise self.refused("time", TIMES) from None

    def refused(self, field: str, expected: str) -> Refused:
        """Return the refusal of a cell."""
        value = self.cells[field][:80]
        head = self.heads.get(field, field)
        return Refused("intake.bad_cell", row=self.row, field=head, value=value, expected=expected)


def read_reports(sheet: Sheet) -> list[SheetReport]:
    """Return the rows of a sheet; Refused where it is no sheet or lacks the column for what happened."""
    lines = lines_of(sheet)
    written = [cell.strip() for cell in next(lines, (0, []))[1]]
    head = [_FIELD_OF.get(cell.lower(), "") for cell in written]
    heads = {field: cell for field, cell in zip(head, written, strict=True) if field}
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
        found.append(SheetReport(number, named, heads))
    return found
