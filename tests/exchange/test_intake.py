"""Intake over HTTP: sheets as files, questions while typing, pasted text, many cases in one call, reports to a case."""

import io
from typing import Any

import httpx2
import pytest
from openpyxl import Workbook

from incidents.table_files import shipped
from tests.exchange.conftest import Door, principal, reported

CSV = {"Content-Type": "text/csv"}
EXCEL = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


async def test_a_report_may_be_put_to_a_case_that_stands(client: httpx2.AsyncClient) -> None:
    case = (await reported(client)).json()["case"]
    told = (await reported(client, "report-2", case=case["id"], text="还在冒水")).json()
    assert told["attached"] is True
    assert (told["case"]["id"], told["case"]["reports"]) == (case["id"], 2)


async def test_a_report_to_no_case_is_refused(client: httpx2.AsyncClient) -> None:
    answer = await reported(client, case="nowhere")
    assert answer.status_code == 404


async def test_duplicates_are_told_while_typing_with_their_terms(
    client: httpx2.AsyncClient,
) -> None:
    case = (await reported(client, text="解放路井盖缺失")).json()["case"]
    params = {"text": "解放路井盖", "lon": "119.5", "lat": "30.5", "category": case["category"]}
    found = (await client.get("/api/v1/duplicates", params=params)).json()["items"]
    assert [one["case"]["id"] for one in found] == [case["id"]]
    assert found[0]["why"].startswith("0 m, 0 分钟, 同小类, 文本 ")
    body = {"text": "解放路井盖", "lon": 119.5, "lat": 30.5}
    asked = (await client.post("/api/v1/duplicates", json=body)).json()["items"]
    assert asked[0]["category"] is None


async def test_half_a_place_is_refused(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/v1/duplicates", params={"text": "x", "lon": "119.5"})
    assert (answer.status_code, answer.json()["code"]) == (422, "exchange.half_a_place")


async def test_categories_are_suggested_with_their_reasons(client: httpx2.AsyncClient) -> None:
    params = {"text": "红绿灯不亮了"}
    found = (await client.get("/api/v1/categories/suggest", params=params)).json()["items"]
    assert found[0]["code"] == "B0211"
    assert found[0]["reasons"]


async def test_pasted_text_is_read_into_fields_with_their_spans(
    client: httpx2.AsyncClient,
) -> None:
    text = "解放路井盖没了,电话13800138000"
    told = (await client.post("/api/v1/reports/parse", json={"text": text})).json()
    phone = told["phones"][0]
    assert text[phone["start"] : phone["end"]] == phone["value"] == "13800138000"
    assert told["categories"]


async def test_one_command_is_given_to_many_cases_and_each_is_told(
    client: httpx2.AsyncClient,
) -> None:
    rows = [(await reported(client, f"r{n}")).json()["case"] for n in range(3)]
    ids = [rows[1]["id"], rows[2]["id"], "nowhere", rows[1]["id"]]
    body = {"ids": ids, "command": "merge", "arguments": {"master": rows[0]["id"]}}
    key = {"Idempotency-Key": "bulk-1"}
    told = (await client.post("/api/v1/cases/bulk", json=body, headers=key)).json()
    assert (told["done"], told["refused"]) == (2, 1)
    assert [one["done"] for one in told["results"]] == [True, True, False]
    assert told["results"][2]["code"]
    again = (await client.post("/api/v1/cases/bulk", json=body, headers=key)).json()
    assert [one["replayed"] for one in again["results"]] == [True, True, False]


async def test_more_cases_than_one_call_may_have_are_refused(client: httpx2.AsyncClient) -> None:
    body = {"ids": [str(n) for n in range(501)], "command": "file"}
    key = {"Idempotency-Key": "bulk-1"}
    answer = await client.post("/api/v1/cases/bulk", json=body, headers=key)
    assert (answer.status_code, answer.json()["field"]) == (422, "ids")


async def test_a_bulk_of_a_command_that_is_none_is_refused_whole(
    client: httpx2.AsyncClient,
) -> None:
    body = {"ids": ["x"], "command": "explode"}
    answer = await client.post("/api/v1/cases/bulk", json=body, headers={"Idempotency-Key": "b"})
    assert answer.json()["code"] == "exchange.command_unknown"


async def test_the_shipped_table_brought_again_changes_nothing(client: httpx2.AsyncClient) -> None:
    sheet = shipped("categories.csv").encode()
    answer = await client.post("/api/v1/categories/import", content=sheet, headers=CSV)
    told = answer.json()
    assert (answer.status_code, told["added"], told["refused"]) == (200, 0, 0)
    assert told["unchanged"] >= 150


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_a_sheet_is_read_in_the_encodings_offices_write(
    client: httpx2.AsyncClient, encoding: str
) -> None:
    sheet = "编号,内容\n1,路灯不亮\n".encode(encoding)
    answer = await client.post("/api/v1/reports/import", content=sheet, headers=CSV)
    assert answer.json()["accepted"] == 1


async def test_an_excel_sheet_is_read(client: httpx2.AsyncClient) -> None:
    book = Workbook()
    page: Any = book.active
    page.append(["内容", "联系电话", "经度"])
    page.append(["路灯不亮", 13800138000, 119.5])
    kept = io.BytesIO()
    book.save(kept)
    answer = await client.post("/api/v1/reports/import", content=kept.getvalue(), headers=EXCEL)
    assert answer.json()["rows"][0]["row"] == 2


@pytest.mark.parametrize(
    ("content", "headers", "code"),
    [
        (b"a,b\n1,2\n", CSV, "intake.no_text_column"),
        ("内容,内容\n1,2\n".encode(), CSV, "intake.column_twice"),
        (b"", CSV, "intake.no_text_column"),
        (b"\xff\xfe\x00\x80\x81", CSV, "intake.no_text"),
        (b"PK\x03\x04 no zip", EXCEL, "incidents.no_excel"),
        (b"{}", {"Content-Type": "application/json"}, "exchange.unknown_form"),
        (b"x", {}, "exchange.unknown_form"),
        (b"- a: 1", {"Content-Type": "application/yaml"}, "exchange.unknown_form"),
        (b"x" * 10_000_001, CSV, "exchange.body_too_large"),
    ],
)
async def test_what_is_no_sheet_of_reports_is_refused(
    client: httpx2.AsyncClient, content: bytes, headers: dict[str, str], code: str
) -> None:
    answer = await client.post("/api/v1/reports/import", content=content, headers=headers)
    assert answer.json()["code"] == code
    assert answer.status_code in (413, 415, 422)


@pytest.mark.parametrize(
    ("method", "path", "role"),
    [
        ("POST", "/api/v1/categories/import", "dispatcher"),
        ("POST", "/api/v1/reports/import", "leader"),
        ("POST", "/api/v1/reports/parse", "leader"),
        ("GET", "/api/v1/duplicates?text=x", "operator"),
        ("POST", "/api/v1/cases/bulk", "operator"),
        ("GET", f"/api/v1/photos/{'0f' * 16}", "operator"),
    ],
)
async def test_who_lacks_the_permission_is_refused(
    client: httpx2.AsyncClient, door: Door, method: str, path: str, role: str
) -> None:
    door.who = principal(role)
    body = {"text": "x", "ids": ["x"], "command": "file"}
    sent = {"text": "x"} if "parse" in path else {k: v for k, v in body.items() if k != "text"}
    headers = {"Idempotency-Key": "k"}
    answer = await client.request(method, path, json=sent if method == "POST" else None, headers=headers)  # fmt: skip
    assert answer.status_code == 403


async def test_a_photo_that_is_not_there_is_told_so(client: httpx2.AsyncClient) -> None:
    answer = await client.get(f"/api/v1/photos/{'0f' * 16}")
    assert (answer.status_code, answer.json()["code"]) == (404, "intake.photo_unknown")
