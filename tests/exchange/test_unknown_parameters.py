"""A query parameter that no operation reads is refused: who misspells `dry_run` learns it before anything is done."""

import json

import httpx2
import pytest

from tests.exchange.conftest import REPORT

JSON = {"Idempotency-Key": "k", "Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/reports"),
        ("POST", "/api/v1/reports/parse"),
        ("POST", "/api/v1/cases/bulk"),
        ("POST", "/api/v1/cases/C1/commands"),
        ("GET", "/api/v1/cases/C1"),
        ("GET", "/api/v1/cases"),
        ("GET", "/api/v1/departments"),
        ("GET", "/api/v1/county"),
    ],
)
async def test_a_query_parameter_nobody_reads_is_refused_whatever_the_method(
    client: httpx2.AsyncClient, method: str, path: str
) -> None:
    body = json.dumps(REPORT) if method == "POST" else None
    answer = await client.request(method, f"{path}?dryrun=true", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "exchange.field_unknown")
    assert (answer.json()["field"], answer.json()["value"]) == ("dryrun", "'true'")
    assert (await client.get("/api/v1/cases")).json()["items"] == []
