"""Figures over the API: who may, over which days, what is behind them, and what is refused."""

from typing import Any

import httpx2
import pytest

from tests.exchange.conftest import Door, principal

DAY = "range=days&first=2026-11-23&last=2026-11-23"


@pytest.fixture(autouse=True)
def later(console: Any) -> None:
    """Let it be the evening of the golden day."""
    from tests.indicators.vectors import golden, instant

    console.memory.clock.at = instant(golden("figures")["now"])


async def told(client: httpx2.AsyncClient, path: str) -> Any:
    answer = await client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_every_indicator_is_described(client: httpx2.AsyncClient) -> None:
    items = (await told(client, "figures"))["items"]
    assert {"G13", "C05", "V05", "H01a"} <= {item["id"] for item in items}


async def test_a_summary_holds_figures_towns_departments_and_scores(
    client: httpx2.AsyncClient,
) -> None:
    page = await told(client, f"figures/summary?{DAY}")
    figures = {row["id"]: row for row in page["figures"]}
    # The county's day begins at 16:00 UTC of the day before: X was due in it.
    assert (figures["G12"]["hits"], figures["G12"]["n"]) == (3, 4)
    assert figures["G12"]["few"] is True
    assert figures["G12"]["left_out"]["exempt"] == 1
    assert figures["V05"]["no_source"] is True
    assert len(figures["G12"]["trend"]) == len(page["edges"]) - 1 == 12
    assert [town["name"] for town in page["towns"]] == ["桥头镇", "青石镇"]
    assert page["departments"][0]["name"] == "drainage"
    assert page["scores"]["town"][0]["points"]["closed"] is not None


async def test_the_cases_behind_a_figure_are_listed_and_placed(client: httpx2.AsyncClient) -> None:
    behind = await told(client, f"figures/G12/cases?{DAY}&which=missed")
    assert (behind["total"], behind["places"]) == (1, [[120.68, 30.51]])


SHEET = "set,code,name_zh,value,period\nevaluation,A.1,结案率,97.8,2026\nindustry,B1,上云,x,2026\nother,C,名,1,2026\n"


async def test_values_are_brought_row_by_row_with_a_reason_for_each_refusal(
    client: httpx2.AsyncClient,
) -> None:
    sent = {"content": SHEET.encode(), "headers": {"Content-Type": "text/csv"}}
    told = (await client.post("/api/v1/figures/import?dry_run=true", **sent)).json()  # type: ignore[arg-type]
    assert (told["added"], told["refused"]) == (1, 2)
    assert [row["row"] for row in told["rows"] if row["outcome"] == "refused"] == [3, 4]
    assert "x" in told["rows"][1]["reason"]
    assert "evaluation" in told["rows"][2]["reason"]
    sheet = (await client.get("/api/v1/figures/imported")).json()["sheet"]
    assert [level["whole"] for level in sheet] == [9, 29, 62]


async def test_a_sheet_without_its_columns_is_refused_whole(client: httpx2.AsyncClient) -> None:
    sent = {"content": b"a,b\n1,2\n", "headers": {"Content-Type": "text/csv"}}
    answer = await client.post("/api/v1/figures/import", **sent)  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert "period" in answer.json()["detail"]


async def test_a_town_is_counted_alone(client: httpx2.AsyncClient) -> None:
    figure = await told(client, f"figures/G13?{DAY}&town=青石镇")
    assert (figure["hits"], figure["n"]) == (0, 1)
    nowhere = await told(client, f"figures/G13?{DAY}&town=无此镇")
    assert (nowhere["value"], nowhere["n"]) == (None, 0)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("range=days&first=2026-11-23", "last"),
        ("range=days&first=2026-11-23&last=2026-11-01", "2026-11-01"),
        ("range=days&first=2020-01-01&last=2026-11-01", "1100"),
        ("range=fortnight", "range"),
        ("first=yesterday", "first"),
        ("compare=never", "compare"),
    ],
)
async def test_days_that_make_no_span_are_refused_by_name(
    client: httpx2.AsyncClient, query: str, field: str
) -> None:
    answer = await client.get(f"/api/v1/figures/summary?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in answer.text


async def test_an_unknown_figure_is_refused_with_those_there_are(
    client: httpx2.AsyncClient,
) -> None:
    answer = await client.get("/api/v1/figures/G99")
    assert answer.status_code == 422
    assert "G13" in answer.json()["detail"]


async def test_who_may_not_read_figures_or_cases_is_told_so(
    client: httpx2.AsyncClient, door: Door
) -> None:
    door.who = principal("intake")
    assert (await client.get("/api/v1/figures/summary")).status_code == 403
    door.who = principal("operator")  # a wall shows figures, and no cases
    assert (await client.get("/api/v1/figures/summary")).status_code == 200
    assert (await client.get("/api/v1/figures/G12/cases")).status_code == 403
