"""What bad input gets: a sentence that names the field, the value and what would be right; never a 500, never silence."""

import gzip
import json
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.json_body import read_json
from exchange.problems import problem
from exchange.wanted import known_parts, parts
from tests.exchange.conftest import REPORT, Door, reported
from tests.exchange.console import MemoryConsole
from vocabulary.errors import Refused

JSON = {"Idempotency-Key": "k", "Content-Type": "application/json"}


async def sent(client: httpx2.AsyncClient, body: bytes | str, **headers: str) -> httpx2.Response:
    return await client.post("/api/v1/reports", content=body, headers={**JSON, **headers})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lon", True),
        ("lon", "119.5"),
        ("lon", 181),
        ("lat", -90.5),
        ("lat", None),
        ("lat", [30]),
        ("text", ""),
        ("text", 7),
        ("text", "x" * 2001),
        ("category", {"code": "Y0205"}),
        ("lane", "fast"),
        ("priority", "P9"),
        ("priority", 0),
        ("exercise", "yes"),
        ("exercise", 1),
        ("occurred_at", "yesterday"),
        ("occurred_at", "2026-11-22T10:00:00"),
        ("occurred_at", 1_763_000_000),
        ("occurred_at", "0001-01-01T00:00:00+14:00"),
        ("occurred_at", "2026-02-30T10:00:00Z"),
        ("caller_phone", "call me"),
        ("caller_phone", 13800000000),
    ],
)
async def test_a_wrong_field_is_named_with_its_value_and_what_would_be_right(
    client: httpx2.AsyncClient, console: MemoryConsole, field: str, value: Any
) -> None:
    answer = await reported(client, **{field: value})
    problem = answer.json()
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["field"] == field
    assert problem["wanted"]
    assert field in problem["detail"]
    assert not console.memory.journal


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_a_number_that_is_none_is_refused_by_its_field(
    client: httpx2.AsyncClient, word: str
) -> None:
    body = json.dumps(REPORT).replace("119.5", word)
    answer = await sent(client, body)
    assert (answer.status_code, answer.json()["field"]) == (422, "lon")


async def test_a_number_of_hundreds_of_digits_is_refused(client: httpx2.AsyncClient) -> None:
    for digits in (400, 5000):
        answer = await sent(client, json.dumps(REPORT).replace("119.5", "1" + "0" * digits))
        assert answer.status_code == 422


async def test_a_field_nobody_knows_is_refused_and_not_ignored(client: httpx2.AsyncClient) -> None:
    answer = await reported(client, lattitude=30.5)
    assert (answer.status_code, answer.json()["code"]) == (422, "exchange.field_unknown")
    assert answer.json()["field"] == "lattitude"


async def test_every_wrong_field_is_listed_not_only_the_first(client: httpx2.AsyncClient) -> None:
    answer = await reported(client, lon="east", lat=True, text=None)
    assert {mistake["field"] for mistake in answer.json()["errors"]} == {"lon", "lat", "text"}


async def test_what_is_missing_is_named(client: httpx2.AsyncClient) -> None:
    answer = await sent(client, '{"text": "a", "category": "Y0205", "lat": 30.5}')
    assert (answer.status_code, answer.json()["field"]) == (422, "lon")


async def test_a_report_without_its_key_is_refused_and_told_what_a_key_is(
    client: httpx2.AsyncClient,
) -> None:
    answer = await client.post("/api/v1/reports", json=REPORT)
    assert answer.status_code == 422
    assert answer.json()["field"] == "Idempotency-Key"
    assert "128" in answer.json()["detail"]


@pytest.mark.parametrize("key", ["", "x" * 129, "two words", "é"])
async def test_a_key_that_is_none_is_refused(client: httpx2.AsyncClient, key: str) -> None:
    headers = {name.encode(): value.encode("latin-1") for name, value in JSON.items()}
    headers[b"Idempotency-Key"] = key.encode("latin-1")
    answer = await client.post("/api/v1/reports", content=json.dumps(REPORT), headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")


@pytest.mark.parametrize("body", ["{", "", "[1,", '{"a":1,}', "nonsense"])
async def test_what_is_not_json_is_refused(client: httpx2.AsyncClient, body: str) -> None:
    answer = await sent(client, body)
    assert answer.status_code == (400 if body else 422)


async def test_json_that_nests_without_end_is_refused(client: httpx2.AsyncClient) -> None:
    for body in ("[" * 100_000, '{"a":' * 30 + "1" + "}" * 30):
        answer = await sent(client, body)
        assert (answer.status_code, answer.json()["code"]) == (400, "exchange.too_deep")


async def test_bytes_that_are_no_utf8_are_refused(client: httpx2.AsyncClient) -> None:
    answer = await sent(client, b'{"text": "\xff\xfe"}')
    assert (answer.status_code, answer.json()["code"]) == (400, "exchange.not_utf8")


async def test_a_field_that_stands_twice_is_refused(client: httpx2.AsyncClient) -> None:
    answer = await sent(client, '{"text": "a", "text": "b"}')
    assert (answer.status_code, answer.json()["field"]) == (422, "text")


@pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800b", "a\\u001b[31mb", "a\\u0007b"])
async def test_a_character_no_store_can_keep_is_refused(
    client: httpx2.AsyncClient, text: str
) -> None:
    answer = await sent(client, json.dumps(REPORT).replace("Y0205", text))
    assert (answer.status_code, answer.json()["field"]) == (422, "category")


async def test_a_body_of_megabytes_is_refused(client: httpx2.AsyncClient) -> None:
    answer = await sent(client, json.dumps({**REPORT, "text": "x" * 1_100_000}))
    assert answer.status_code == 413


async def test_a_body_that_is_json_only_by_chance_is_refused(client: httpx2.AsyncClient) -> None:
    answer = await sent(client, json.dumps(REPORT), **{"Content-Type": "text/plain"})
    assert answer.status_code == 415


async def test_a_misspelt_filter_never_lists_everything(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/v1/cases", params={"stat": "NEW"})
    assert (answer.status_code, answer.json()["field"]) == (422, "stat")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=OLD", "state[0]"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=ten", "limit"),
        ("open=perhaps", "open"),
        ("since=monday", "since"),
        ("priority=P7,P1", "priority[0]"),
    ],
)
async def test_a_wrong_filter_is_named(client: httpx2.AsyncClient, query: str, field: str) -> None:
    answer = await client.get(f"/api/v1/cases?{query}")
    assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.mark.parametrize("query", ["q=%00", "town=a%1Fb", "q%00=a"])
async def test_a_filter_with_a_character_no_store_takes_is_refused(
    client: httpx2.AsyncClient, query: str
) -> None:
    answer = await client.get(f"/api/v1/cases?{query}")
    assert answer.status_code == 422
    assert answer.json()["code"] in {"exchange.broken_character", "exchange.field_unknown"}


async def test_a_swapped_position_is_named_as_one_even_where_it_is_off_the_globe(
    client: httpx2.AsyncClient,
) -> None:
    answer = await reported(client, lon=30.5, lat=119.5)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "place.swapped")
    assert (problem["field"], problem["lon"], problem["lat"]) == ("lon", 30.5, 119.5)
    assert "lon 119.5" in problem["detail"]


async def test_a_compressed_body_is_refused_by_its_name(client: httpx2.AsyncClient) -> None:
    body = gzip.compress(json.dumps(REPORT).encode())
    answer = await sent(client, body, **{"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (415, "exchange.packed")


async def test_json_in_another_coding_than_utf8_is_refused(client: httpx2.AsyncClient) -> None:
    for coding in ("utf-16", "gbk"):
        answer = await sent(client, json.dumps(REPORT, ensure_ascii=False).encode(coding))
        assert (answer.status_code, answer.json()["code"]) == (400, "exchange.not_utf8")


def test_a_problem_may_name_a_number_of_any_length() -> None:
    for digits in (16, 400, 5000):
        assert problem(404, "x", "", {"x": 10**digits}).status_code == 404


async def test_half_a_position_is_no_position(client: httpx2.AsyncClient) -> None:
    unit = {"id": "E1", "name": "E1", "kind": "engine", "department": "fire", "lon": 119.5}
    answer = await client.post("/api/v1/units", json=unit)
    assert (answer.status_code, answer.json()["field"]) == (422, "lat")


async def test_an_address_that_is_none_and_a_method_that_is_not_taken_are_problems_too(
    client: httpx2.AsyncClient,
) -> None:
    nowhere = await client.get("/api/v1/incidents")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "exchange.http_404")
    put = await client.put("/api/v1/cases")
    assert (put.status_code, put.json()["code"]) == (405, "exchange.http_405")


async def test_a_fault_of_ours_shows_its_reference_and_not_its_text(
    client: httpx2.AsyncClient, console: MemoryConsole
) -> None:
    console.fault = RuntimeError("password=hunter2")
    answer = await reported(client)
    assert answer.status_code == 500
    assert len(answer.json()["reference"]) == 26
    assert "hunter2" not in answer.text


async def test_problems_speak_the_language_that_is_asked_for(
    client: httpx2.AsyncClient, door: Door
) -> None:
    wanted = {"Accept-Language": "fr, en-GB;q=0.9, zh;q=0.5"}
    english = await client.get("/api/v1/cases?limit=0", headers=wanted)
    chinese = await client.get("/api/v1/cases?limit=0", headers={"Accept-Language": "zh-CN"})
    unsaid = await client.get("/api/v1/cases?limit=0")
    assert "is needed" in english.json()["detail"]
    assert "应为" in chinese.json()["detail"]
    assert unsaid.json()["detail"] == chinese.json()["detail"]


async def test_nobody_gets_nothing(client: httpx2.AsyncClient, door: Door) -> None:
    door.who = None
    for path in ("cases", "cases/x", "events", "units", "categories", "county", "openapi.json"):
        answer = await client.get(f"/api/v1/{path}")
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"


def test_every_part_of_a_sentence_that_says_what_would_be_right_is_there() -> None:
    assert parts() <= known_parts()


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_whatever_bytes_come_they_are_read_or_refused(body: bytes) -> None:
    status = 200
    try:
        read_json(body)
    except Refused as refused:
        status = refused.status
        refused.text("zh")
    assert status in {200, 400, 422}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r"), max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4),
        max_leaves=12,
    )
)  # fmt: skip
def test_sound_json_is_read_as_it_was_written(value: Any) -> None:
    assert read_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(("language", "said"), [("zh", "、"), ("en", ", ")])
async def test_one_of_several_is_said_without_a_word_of_the_other_language(
    client: httpx2.AsyncClient, language: str, said: str
) -> None:
    answer = await client.get(
        "/api/v1/briefs/01M8FFWNWK3X5KERZH688W64F5/x", headers={"Accept-Language": language}
    )
    assert answer.status_code == 422
    wanted = answer.json()["wanted"]
    assert "'pdf'" in wanted
    assert f"'pdf'{said}'xlsx'" in wanted
