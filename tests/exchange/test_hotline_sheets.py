"""Call logs and 12345 orders are read as offices export them; what is wrong is told by row, and nobody's number is kept."""

import io
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from exchange.hotline_sheets import ReadRow, read_calls, read_orders
from exchange.sheet import Sheet
from vocabulary.errors import Refused

ZONE = ZoneInfo("Asia/Shanghai")


def csv_of(*lines: str) -> Sheet:
    return Sheet(name="t", form="csv", content="\n".join(lines).encode())


def problems(rows: list[ReadRow[Any]]) -> list[str | None]:
    return [row.refusal.code if row.refusal else None for row in rows]


def test_a_log_in_chinese_is_read_by_its_heads_and_the_county_clock() -> None:
    first, missed = read_calls(
        csv_of(
            "流水号,主叫号码,热线,振铃时间,应答时间",
            "C1,13800000001,12345,2026-11-22 14:03:00,2026-11-22 14:03:09",
            "C2,13800000002,12345,2026/11/22 14:05,",
        ),
        ZONE,
    )
    assert first.value is not None
    assert missed.value is not None
    assert (first.value.rang_at, first.value.answer_s) == (
        datetime(2026, 11, 22, 6, 3, tzinfo=UTC), 9.0,
    )  # fmt: skip
    assert missed.value.answer_s is None


def test_nobodys_number_is_kept_not_even_as_a_calls_own() -> None:
    log = csv_of("id,主叫号码,rang_at,wait_s", "13800000001-7,13800000001,2026-11-22T06:03:00Z,4")
    (row,) = read_calls(log, ZONE)
    assert row.value is not None
    assert "13800000001" not in str(asdict(row.value))
    sheet = csv_of(
        "工单编号,受理时间,姓名,电话,内容", "G13800000001,2026-11-22 08:00,王,13800000001,路灯"
    )
    (order,) = read_orders(sheet, ZONE)
    assert order.value is not None
    assert not {"13800000001", "王", "路灯"} & set(str(asdict(order.value)).split("'"))
    assert "13800000001" not in str(asdict(order.value))


def test_each_wrong_row_is_refused_with_its_line_and_its_reason() -> None:
    rows = read_calls(
        csv_of(
            "id,rang_at,answered_at,wait_s",
            ",2026-11-22 14:03,,",
            "a,,,",
            "b,yesterday,,",
            "c,2026-11-22 14:03,2026-11-22 14:02,",
            "d,2026-11-22 14:03,2026-11-22 18:03,",
            "e,2026-11-22 14:03,,-1",
            "f,2026-11-22 14:03,,inf",
            "",
            "g,2026-11-22 14:03,,7",
        ),
        ZONE,
    )
    assert problems(rows) == [
        *("figures.cell_empty", "figures.cell_empty", "figures.cell_wrong"),
        *("figures.before_it_began", "figures.wait_too_long"),
        *("figures.cell_wrong", "figures.cell_wrong", None),
    ]
    assert [row.row for row in rows] == [2, 3, 4, 5, 6, 7, 8, 10]


def test_what_a_citizen_said_is_yes_no_or_not_asked_and_nothing_else() -> None:
    head = "工单编号,受理时间,承办单位,是否解决,满意度,重办次数,剔除"
    told = (
        "已解决,基本满意,0,否",
        "未解决,不满意,2,是",
        "未回访,,,",
        "大概,满意,0,",
        "是,满意,-1,",
    )
    lines = (f"G{n},2026-11-22 08:00,住建局,{one}" for n, one in enumerate(told))
    rows = read_orders(csv_of(head, *lines), ZONE)
    said = [
        (row.value.solved, row.value.satisfied, row.value.redone, row.value.exempt)
        for row in rows
        if row.value
    ]
    assert said == [
        (True, True, False, False), (False, False, True, True), (None, None, False, False),
    ]  # fmt: skip
    assert problems(rows)[3:] == ["figures.cell_wrong", "figures.cell_wrong"]
    assert rows[3].refusal is not None
    assert "大概" in rows[3].refusal.text("zh")


def test_a_workbook_says_the_same_as_its_csv() -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["number", "received_at", "due_at", "closed_at"])
    local = (datetime(2026, 11, day, 8, tzinfo=UTC).replace(tzinfo=None) for day in (22, 23))
    page.append(["G1", *local, None])
    kept = io.BytesIO()
    book.save(kept)
    plain = csv_of("number,received_at,due_at,closed_at", "G1,2026-11-22 08:00,2026-11-23 08:00,")
    assert read_orders(Sheet(name="t", form="xlsx", content=kept.getvalue()), ZONE) == read_orders(plain, ZONE)  # fmt: skip


def test_a_sheet_without_the_columns_that_are_needed_is_refused_whole() -> None:
    with pytest.raises(Refused) as refused:
        read_orders(csv_of("工单编号,内容", "G1,路灯"), ZONE)
    assert refused.value.code == "figures.columns_missing"
    assert "received_at" in str(refused.value.values["missing"])


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=40))
def test_whatever_stands_in_the_cells_a_row_is_read_or_refused(cells: list[str]) -> None:
    import csv

    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow(["id", "rang_at", "answered_at", "wait_s"])
    for n in range(0, len(cells), 4):
        writer.writerow(cells[n : n + 4])
    sheet = Sheet(name="t", form="csv", content=kept.getvalue().encode())
    try:
        rows = read_calls(sheet, ZONE)
    except Refused:
        return
    assert all((row.value is None) != (row.refusal is None) for row in rows)


@pytest.mark.parametrize(
    ("what", "head", "line"),
    [
        ("calls", "id,rang_at", "C1,2026-11-22 14:03"),
        ("hotline", "工单编号,受理时间", "G1,2026-11-22 08:00"),
    ],
)
async def test_a_sheet_is_brought_over_the_api_with_its_refusals_by_reason(
    client: httpx2.AsyncClient, what: str, head: str, line: str
) -> None:
    content = f"{head}\n{line}\n,2026-11-22 08:00\nC2,never\nC3,soon\n".encode()
    answer = await client.post(
        f"/api/v1/{what}/import?dry_run=true", content=content, headers={"Content-Type": "text/csv"}
    )
    told = answer.json()
    assert (answer.status_code, told["added"], told["refused"]) == (200, 1, 3)
    assert told["reasons"] == {"figures.cell_wrong": 2, "figures.cell_empty": 1}
    assert [row["row"] for row in told["rows"]] == [3, 4, 5, 2]  # what is wrong first
