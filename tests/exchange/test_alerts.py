"""Alerts over the API: listed to who may acknowledge them, counted for who may read figures, and a window must be one."""

import httpx2
import pytest

from tests.exchange.test_api import opened


async def test_an_urgent_case_is_listed_until_somebody_has_seen_it(
    client: httpx2.AsyncClient,
) -> None:
    case = await opened(client)
    assert case["alert"]["step"] == 0
    listed = (await client.get("/api/v1/alerts?waiting=true")).json()["items"]
    assert [item["case_id"] for item in listed] == [case["id"]]


async def test_figures_say_by_what_formula_and_for_when(client: httpx2.AsyncClient) -> None:
    told = (await client.get("/api/v1/figures/acknowledgement")).json()
    assert (told["total"]["offered"], told["total"]["share_in_time"]) == (0, None)
    assert "C07" in told["formula"]


@pytest.mark.parametrize("query", ["waiting=perhaps", "limit=0", "limit=501", "case=x"])
async def test_a_question_that_is_none_is_refused(client: httpx2.AsyncClient, query: str) -> None:
    answer = await client.get(f"/api/v1/alerts?{query}")
    assert answer.status_code == 422
    assert (await client.get(f"/api/v1/figures/acknowledgement?{query}")).status_code == 422
