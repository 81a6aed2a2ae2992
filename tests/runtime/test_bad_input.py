"""Somebody sends nonsense to the real console: every answer is a sentence in zh and in en, and none is a 500."""

import gzip
import json
import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.runtime.wire import Heard, Wire

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("no_fault_of_ours")]
NUMBERS = count()
CHINESE = re.compile("[一-鿿]")


def report(wire: Wire, body: Any, language: str = "en", **headers: str) -> Heard:
    once = {"Idempotency_Key": f"nonsense-{next(NUMBERS)}", "Content_Type": "application/json"}
    return wire.ask("POST", "/api/v1/reports", body, language, **{**once, **headers})


@pytest.fixture
def kept(wire: Wire) -> Iterator[None]:
    """Hold that nothing was kept."""
    before = json.loads(wire.ask("GET", "/readyz").body)["checks"]["store"]
    yield
    assert json.loads(wire.ask("GET", "/readyz").body)["checks"]["store"] == before


WRONG_FIELDS = {
    "unknown": {"lattitude": 1},
    "number for text": {"text": 7},
    "text for number": {"lon": "117"},
    "truth for number": {"lon": True},
    "list for number": {"lat": [29]},
    "empty": {"text": ""},
    "spaces": {"text": " \n\t"},
    "too long": {"text": "x" * 2001},
    "nul": {"text": "a\x00b"},
    "escape": {"text": "a\x1b[31mb"},
    "bell": {"caller_name": "a\x07"},
    "outside": {"lon": 0.0, "lat": 0.0},
    "beside": {"lon": 119.9},
    "off the globe": {"lon": 181},
    "category": {"category": "Z9"},
    "source": {"source": "nowhere"},
    "priority": {"priority": "P9"},
    "phone": {"caller_phone": "call me"},
    "future": {"occurred_at": "2099-01-01T00:00:00Z"},
    "no zone": {"occurred_at": "2026-11-22T10:00:00"},
    "address": {"address": "x" * 500},
}


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("changes", WRONG_FIELDS.values(), ids=WRONG_FIELDS.keys())
def test_a_wrong_field_is_told_in_both_languages_and_nothing_is_kept(
    changes: dict[str, Any], wire: Wire, good: dict[str, Any]
) -> None:
    chinese, english = (report(wire, {**good, **changes}, words) for words in ("zh", "en"))
    assert chinese.status == english.status == 422
    assert CHINESE.search(chinese.problem["detail"])
    assert chinese.problem["code"] == english.problem["code"]
    assert chinese.problem["detail"] != english.problem["detail"]


@pytest.mark.usefixtures("kept")
def test_swapped_coordinates_are_named_as_swapped(wire: Wire, good: dict[str, Any]) -> None:
    answer = report(wire, {**good, "lon": good["lat"], "lat": good["lon"]})
    assert answer.problem["code"] in {"place.swapped", "county.swapped"}
    assert "swapped" in answer.problem["detail"]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400])
def test_a_number_that_is_none_is_named_by_its_field(
    number: str, wire: Wire, good: dict[str, Any]
) -> None:
    body = json.dumps({**good, "lat": 0.125}).replace("0.125", number).encode()
    answer = report(wire, body)
    assert (answer.status, answer.problem["field"]) == (422, "lat")


BODIES: dict[str, tuple[bytes, dict[str, str], int]] = {
    "not json": (b"{", {}, 400),
    "not utf8": (b'{"text": "\xff"}', {}, 400),
    "a list": (b"[1]", {}, 422),
    "null": (b"null", {}, 422),
    "nothing": (b"", {}, 422),
    "deep": (b"[" * 5000, {}, 400),
    "a megabyte": (json.dumps({"text": "x" * 1_000_000}).encode(), {}, 413),
    "gzip": (gzip.compress(b"{}"), {"Content_Encoding": "gzip"}, 415),
    "form": (b"a=b", {"Content_Type": "application/x-www-form-urlencoded"}, 415),
    "no type": (b"{}", {"Content_Type": ""}, 415),
    "no key": (b"{}", {"Idempotency_Key": ""}, 422),
    "key too long": (b"{}", {"Idempotency_Key": "k" * 129}, 422),
    "length lies": (b"{}", {"Content_Length": "99999999999"}, 413),
    "length below zero": (b"{}", {"Content_Length": "-2"}, 400),
    "chunks lie": (b"zz\r\n{}\r\n0\r\n\r\n", {"Transfer_Encoding": "chunked"}, 400),
    "chunks without end": (
        b"100000\r\n" + b"x" * 0x100000 + b"\r\n10\r\n" + b"x" * 16 + b"\r\n0\r\n\r\n",
        {"Transfer_Encoding": "chunked"},
        413,
    ),
}


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(("body", "headers", "status"), BODIES.values(), ids=BODIES.keys())
def test_a_body_that_cannot_be_is_refused(
    body: bytes, headers: dict[str, str], status: int, wire: Wire
) -> None:
    answer = report(wire, body, **headers)
    assert (answer.status, bool(answer.problem["detail"])) == (status, True)


def test_words_of_any_kind_are_kept_as_they_were_written(wire: Wire, good: dict[str, Any]) -> None:
    for text in (
        "'; DROP TABLE events; --",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "{{7*7}} ${7*7} %s %(x)s {0}",
        "🔥🚒 火\n第二行\t末",
    ):
        answer = report(wire, {**good, "text": text})
        assert answer.status == 201, answer.body
        case = json.loads(answer.body)["case"]
        assert case["text"] == text
        found = json.loads(wire.ask("GET", f"/api/v1/cases/{case['id']}").body)
        assert found["case"]["text"] == text
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_key_used_again_says_the_same_or_refuses_another_body(
    wire: Wire, good: dict[str, Any]
) -> None:
    first, again = (report(wire, good, Idempotency_Key="one") for _ in range(2))
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["idempotent-replay"] == "true"
    other = report(wire, {**good, "text": "其他"}, Idempotency_Key="one")
    assert (other.status, other.problem["code"]) == (409, "idempotency.key_reused")


def command(wire: Wire, case: str, body: dict[str, Any]) -> Heard:
    headers = {"Idempotency_Key": f"c-{next(NUMBERS)}", "Content_Type": "application/json"}
    return wire.ask("POST", f"/api/v1/cases/{case}/commands", body, **headers)


def test_a_stale_version_says_who_changed_what_and_when(wire: Wire, good: dict[str, Any]) -> None:
    case = json.loads(report(wire, good).body)["case"]
    note = {"name": "add_note", "version": case["version"], "arguments": {"text": "到场"}}
    assert command(wire, case["id"], note).status == 200
    late = command(wire, case["id"], note)
    told = late.problem
    assert late.status == 409
    assert told["current_version"] == case["version"] + 1
    assert told["changed_by"] == "test"
    assert told["changed_at"].endswith("Z")
    assert told["changes"][0]["kind"] == "incidents.note_added.v1"


COMMANDS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown": ({"name": "explode", "version": 1, "arguments": {}}, "name"),
    "negative version": ({"name": "file", "version": -1, "arguments": {}}, "version"),
    "version is a truth": ({"name": "file", "version": True, "arguments": {}}, "version"),
    "version is a fraction": ({"name": "file", "version": 1.5, "arguments": {}}, "version"),
    "version without end": ({"name": "file", "version": 10**400, "arguments": {}}, "version"),
    "arguments are a list": ({"name": "file", "version": 1, "arguments": []}, "arguments"),
    "unknown argument": ({"name": "file", "version": 1, "arguments": {"x": 1}}, "x"),
    "unknown field": ({"name": "file", "version": 1, "arguments": {}, "force": True}, "force"),
}


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(("body", "named"), COMMANDS.values(), ids=COMMANDS.keys())
def test_a_command_that_is_none_is_refused_by_what_is_wrong(
    body: dict[str, Any], named: str, wire: Wire
) -> None:
    answer = command(wire, "01KAMZ6Q9Z0000000000000000", body)
    assert answer.status == 422
    assert named in answer.problem["detail"]


def test_a_position_that_cannot_be_is_refused(wire: Wire, good: dict[str, Any]) -> None:
    where = {"lon": good["lon"], "lat": good["lat"]}
    for changes in (
        {"speed_mps": -1},
        {"heading_deg": 361},
        {"accuracy_m": -5},
        {"lon": 0},
        {"lon": where["lat"], "lat": where["lon"]},
        {"observed_at": "2099-01-01T00:00:00Z"},
    ):
        path, headers = "/api/v1/units/fire-01/position", {"Content_Type": "application/json"}
        answer = wire.ask("POST", path, {**where, **changes}, **headers)
        assert (answer.status, bool(answer.problem["detail"])) == (422, True)
