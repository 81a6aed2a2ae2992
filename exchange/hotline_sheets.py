"""Call logs and 12345 orders as offices export them (CSV or Excel): heads in Chinese or English, each refusal by row.

Columns that are not asked for, the caller's number among them, are not read; of a call's or an order's own number only a digest
is kept.
"""

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final, Generic, TypeVar

from exchange.sheet import Sheet
from exchange.sheet_lines import TIMES, lines_of, read_time
from indicators.hotline import Call, Order
from vocabulary.errors import Refused

T = TypeVar("T", Call, Order)
Heads = Mapping[str, tuple[str, ...]]
CALL_HEADS: Final[Heads] = {
    "id": ("id", "call_id", "通话编号", "话单编号", "呼叫编号", "流水号"),
    "line": ("line", "线路", "热线", "号码类型", "被叫", "被叫号码"),
    "rang_at": ("rang_at", "振铃时间", "来电时间", "呼入时间"),
    "answered_at": ("answered_at", "应答时间", "接通时间", "接听时间"),
    "wait_s": ("wait_s", "等待秒数", "振铃时长", "等待时长", "振铃时长(秒)", "等待时长(秒)"),
}
ORDER_HEADS: Final[Heads] = {
    "number": ("number", "工单编号", "工单号", "办件编号", "编号"),
    "received_at": ("received_at", "受理时间", "来电时间", "登记时间"),
    "department": ("department", "承办单位", "主办单位", "责任单位", "部门"),
    "town": ("town", "乡镇", "镇街", "所属乡镇", "区域"),
    "sign_due_at": ("sign_due_at", "签收时限", "应签收时间"),
    "signed_at": ("signed_at", "签收时间"),
    "due_at": ("due_at", "办结时限", "应办结时间", "截止时间"),
    "closed_at": ("closed_at", "办结时间", "实际办结时间"),
    "visited_at": ("visited_at", "回访时间"),
    "responded": ("responded", "是否响应", "响应", "是否联系"),
    "solved": ("solved", "是否解决", "解决情况", "解决"),
    "satisfied": ("satisfied", "是否满意", "满意度", "满意情况", "满意"),
    "redone": ("redone", "是否重办", "重办次数", "重办"),
    "exempt": ("exempt", "是否剔除", "剔除", "申诉剔除"),
}
NEEDED: Final = {"calls": ("id", "rang_at"), "hotline": ("number", "received_at")}
YES: Final = frozenset({
    "是", "yes", "y", "true", "1", "已响应", "已联系", "已解决", "解决", "满意", "非常满意", "基本满意", "很满意", "重办", "剔除",
})  # fmt: skip
NO: Final = frozenset({
    "否", "no", "n", "false", "0", "未响应", "未联系", "未解决", "不满意", "非常不满意", "很不满意",
})  # fmt: skip
NOT_ASKED: Final = frozenset({"", "-", "—", "/", "未回访", "未评价", "无法联系", "无"})
YES_OR_NO: Final = "是 / 否 / yes / no"
MOST_ROWS: Final = 100_000
LONGEST: Final = 80
LONGEST_WAIT_S: Final = 3600.0
KEY_LENGTH: Final = 32


@dataclass(frozen=True, slots=True)
class ReadRow(Generic[T]):
    """One row of a sheet: its line, and what it tells or why it was refused."""

    row: int
    value: T | None
    refusal: Refused | None


class _Cells:
    """The cells of a row by what they tell; a refusal names the cell."""

    def __init__(self, cells: Mapping[str, str], zone: tzinfo) -> None:
        self._cells, self._zone = cells, zone

    def text(self, field: str) -> str:
        if len(self._cells[field]) > LONGEST:
            raise Refused("figures.cell_long", field=field, most=LONGEST)
        return self._cells[field]

    def key(self, field: str, *more: str) -> str:
        whole = "\x1f".join((self.needed(field), *more))
        return hashlib.sha256(whole.encode()).hexdigest()[:KEY_LENGTH]

    def needed(self, field: str) -> str:
        if not self.text(field):
            raise Refused("figures.cell_empty", field=field)
        return self._cells[field]

    def instant(self, field: str) -> datetime | None:
        try:
            found = read_time(self._cells[field], self._zone)
        except ValueError:
            raise self._wrong(field, TIMES) from None
        return None if found is None else found.astimezone(UTC)

    def needed_instant(self, field: str) -> datetime:
        self.needed(field)
        found = self.instant(field)
        if found is None:
            raise self._wrong(field, TIMES)
        return found

    def seconds(self, field: str) -> float | None:
        if not self._cells[field]:
            return None
        try:
            value = float(self._cells[field])
        except ValueError:
            value = math.nan
        if not 0 <= value <= LONGEST_WAIT_S:
            raise self._wrong(field, f"0–{LONGEST_WAIT_S:.0f}")
        return value

    def truth(self, field: str) -> bool | None:
        told = self._cells[field].lower()
        if told in NOT_ASKED:
            return None
        if told in YES | NO:
            return told in YES
        raise self._wrong(field, YES_OR_NO)

    def times(self, field: str) -> bool:
        """Say whether something happened: yes or no, or how often."""
        told = self._cells[field]
        if told.isascii() and told.isdecimal():
            return int(told[:9]) > 0
        return bool(self.truth(field))

    def after(self, field: str, later: datetime | None, begun_at: datetime) -> datetime | None:
        """Return an instant that cannot lie before another."""
        if later is not None and later < begun_at:
            raise Refused("figures.before_it_began", field=field)
        return later

    def _wrong(self, field: str, example: str) -> Refused:
        value = self._cells[field][:LONGEST]
        return Refused("figures.cell_wrong", field=field, value=value, example=example)


def read_calls(sheet: Sheet, zone: tzinfo) -> list[ReadRow[Call]]:
    """Return every row of a call log as it was read."""
    return _read(sheet, zone, CALL_HEADS, NEEDED["calls"], _call)


def read_orders(sheet: Sheet, zone: tzinfo) -> list[ReadRow[Order]]:
    """Return every row of a sheet of 12345 orders as it was read."""
    return _read(sheet, zone, ORDER_HEADS, NEEDED["hotline"], _order)


def _call(cells: _Cells) -> Call:
    rang_at, line = cells.needed_instant("rang_at"), cells.text("line")
    answered_at = cells.after("answered_at", cells.instant("answered_at"), rang_at)
    answer_s = cells.seconds("wait_s")
    if answered_at is not None:
        answer_s = (answered_at - rang_at).total_seconds()
        if answer_s > LONGEST_WAIT_S:
            raise Refused("figures.wait_too_long", field="answered_at", most=LONGEST_WAIT_S)
    return Call(key=cells.key("id", line), line=line, rang_at=rang_at, answer_s=answer_s)


def _order(cells: _Cells) -> Order:
    received_at = cells.needed_instant("received_at")

    def later(field: str) -> datetime | None:
        return cells.after(field, cells.instant(field), received_at)

    return Order(
        key=cells.key("number"),
        department=cells.text("department"),
        town=cells.text("town"),
        received_at=received_at,
        sign_due_at=later("sign_due_at"),
        signed_at=later("signed_at"),
        due_at=later("due_at"),
        closed_at=later("closed_at"),
        visited_at=later("visited_at"),
        responded=cells.truth("responded"),
        solved=cells.truth("solved"),
        satisfied=cells.truth("satisfied"),
        redone=cells.times("redone"),
        exempt=bool(cells.truth("exempt")),
    )


def _read(
    sheet: Sheet, zone: tzinfo, heads: Heads, needed: tuple[str, ...], make: Callable[[_Cells], T]
) -> list[ReadRow[T]]:
    lines = lines_of(sheet)
    field_of = {head: field for field, names in heads.items() for head in names}
    head = [field_of.get(cell.strip().lower().lstrip("\ufeff"), "") for cell in next(lines, (0, []))[1]]  # fmt: skip
    missing = ", ".join(f"{name} ({heads[name][-1]})" for name in needed if name not in head)
    if missing:
        raise Refused("figures.columns_missing", missing=missing, known=", ".join(heads))
    found: list[ReadRow[T]] = []
    for number, told in lines:
        if not any(cell.strip() for cell in told):
            continue
        if len(found) == MOST_ROWS:
            raise Refused("incidents.sheet_too_long", most=MOST_ROWS)
        cells = dict.fromkeys(heads, "")
        # Of two columns for the same thing the first that tells something counts.
        for field, cell in zip(head, told, strict=False):
            if field and not cells[field]:
                cells[field] = cell.strip()
        found.append(_row(number, cells, zone, make))
    return found


def _row(
    number: int, cells: Mapping[str, str], zone: tzinfo, make: Callable[[_Cells], T]
) -> ReadRow[T]:
    try:
        return ReadRow(number, make(_Cells(cells, zone)), None)
    except Refused as refused:
        return ReadRow(number, None, refused)
