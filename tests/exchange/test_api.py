"""The API: a report once per key, commands on the version that was seen, callers veiled, every operation described."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from exchange.api import describe
from exchange.command_reader import NAMES, read_command
from exchange.routes import ROUTES
from incidents.command_table import COMMANDS
from incidents.commands import Suspend
from security.permissions import PERMISSIONS
from tests.exchange.conftest import REPORT, Door, commanded, principal, reported
from tests.exchange.console import MemoryConsole
from vocabulary.errors import Refused, Unavailable

PHONE = "13812348000"


async def opened(client: httpx2.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await reported(client, **changes)
    assert answer.status_code == 201
    case: dict[str, Any] = answer.json()["case"]
    return case


async def test_a_report_opens_its_case(client: httpx2.AsyncClient) -> None:
    answer = (await reported(client)).json()
    assert answer["case"]["state"] == "NEW"
    assert answer["report"]["text"] == "解放路井盖缺失"
    assert answer["seq"] == 3  # the report, the case, and the call that it is urgent


async def test_the_same_key_with_the_same_body_is_answered_the_same_and_done_once(
    client: httpx2.AsyncClient, console: MemoryConsole
) -> None:
    first, again = await reported(client), await reported(client)
    assert again.json() == first.json()
    assert "idempotent-replay" not in first.headers
    assert again.headers["idempotent-replay"] == "true"
    assert len(console.memory.cases) == 1


async def test_the_same_key_with_another_body_is_refused(client: httpx2.AsyncClient) -> None:
    await reported(client)
    answer = await reported(client, text="别的事")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency.key_reused")


async def test_the_order_of_fields_does_not_make_another_body(client: httpx2.AsyncClient) -> None:
    first = await reported(client)
    turned = dict(reversed(REPORT.items()))
    key = {"Idempotency-Key": "report-1"}
    again = await client.post("/api/v1/reports", json=turned, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())


async def test_a_command_on_the_version_that_was_seen_is_done(client: httpx2.AsyncClient) -> None:
    case = await opened(client)
    answer = await commanded(client, case, "dispatch", "d", lead="fire", units=["E32"])
    assert answer.status_code == 200
    assert answer.json()["case"]["state"] == "DISPATCHED"
    assert answer.json()["events"][-1]["kind"] == "incidents.case_dispatched.v1"


async def test_a_late_command_is_told_who_was_faster_when_and_how(
    client: httpx2.AsyncClient,
) -> None:
    case = await opened(client)
    await commanded(client, case, "add_note", "n", text="已联系")
    late = await commanded(client, case, "dispatch", "d", lead="fire")
    problem = late.json()
    assert late.status_code == 409
    assert problem["current_version"] == 4  # opened, called out, and the note
    assert problem["changed_by"] == "120 中心"
    assert problem["changed_at"].endswith("Z")
    assert [change["kind"] for change in problem["changes"]] == ["incidents.note_added.v1"]


async def test_a_late_command_may_come_again_with_its_key_on_the_new_version(
    client: httpx2.AsyncClient,
) -> None:
    case = await opened(client)
    await commanded(client, case, "add_note", "n", text="已联系")
    late = await commanded(client, case, "dispatch", "d", lead="fire")
    seen = {**case, "version": late.json()["current_version"]}
    assert (await commanded(client, seen, "dispatch", "d", lead="fire")).status_code == 200


async def test_an_argument_that_is_wrong_is_named(client: httpx2.AsyncClient) -> None:
    case = await opened(client)
    answer = await commanded(client, case, "dispatch", "d", units="E32")
    assert (answer.status_code, answer.json()["field"]) == (422, "arguments.units")
    unknown = await commanded(client, case, "dispatch", "d", unit=["E32"])
    assert (unknown.status_code, unknown.json()["field"]) == (422, "arguments.unit")


@pytest.mark.parametrize("name", ["explode", "receive_report"])
async def test_a_command_that_is_none_is_answered_with_those_there_are(
    client: httpx2.AsyncClient, name: str
) -> None:
    case = await opened(client)
    answer = await commanded(client, case, name, "x")
    assert answer.status_code == 422
    assert "dispatch" in answer.json()["known"]


def test_an_instant_among_the_arguments_needs_its_zone() -> None:
    command = read_command("suspend", {"until": "2026-12-01T08:00:00+08:00", "reason": "等待配件"})
    assert isinstance(command, Suspend)
    assert command.until.isoformat() == "2026-12-01T00:00:00+00:00"


@pytest.mark.parametrize("name", NAMES)
def test_no_command_takes_an_argument_that_is_not_its_own(name: str) -> None:
    with pytest.raises(RequestValidationError) as refused:
        read_command(name, {"kind": "x", "nonsense": 1})
    unknown = {e["loc"][-1] for e in refused.value.errors() if e["type"] == "extra_forbidden"}
    assert unknown == {"kind", "nonsense"}


def test_too_many_units_are_refused() -> None:
    with pytest.raises(Refused, match="200"):
        read_command("dispatch", {"units": ["E1"] * 201})


async def test_a_command_that_is_not_permitted_is_refused(
    client: httpx2.AsyncClient, door: Door
) -> None:
    case = await opened(client)
    door.who = principal("integrator")
    assert (await commanded(client, case, "void", "v", reason="误报")).status_code == 403


async def test_a_case_that_is_not_there_is_told_so(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/v1/cases/01KAMZ6Q9Z0000000000000000")
    assert (answer.status_code, answer.json()["code"]) == (404, "exchange.case_unknown")


async def test_who_may_not_see_callers_sees_stars(client: httpx2.AsyncClient, door: Door) -> None:
    case = await opened(client, text=f"请回电 {PHONE}", caller_phone=PHONE, caller_name="张建国")
    door.who = principal("integrator")
    listed = await client.get("/api/v1/cases")
    one = await client.get(f"/api/v1/cases/{case['id']}")
    assert PHONE not in listed.text + one.text
    report = one.json()["reports"][0]
    assert (report["caller_phone"], report["caller_name"]) == ("138****8000", "张****")


async def test_who_may_see_callers_sees_them(client: httpx2.AsyncClient) -> None:
    case = await opened(client, caller_phone=PHONE)
    one = await client.get(f"/api/v1/cases/{case['id']}")
    assert one.json()["reports"][0]["caller_phone"] == PHONE


async def test_an_answer_given_again_is_veiled_for_who_asks_now(
    client: httpx2.AsyncClient, door: Door
) -> None:
    await opened(client, caller_phone=PHONE)
    door.who = principal("integrator")
    again = await reported(client, caller_phone=PHONE)
    assert again.headers["idempotent-replay"] == "true"
    assert PHONE not in again.text


async def test_pages_lead_from_one_to_the_next_without_a_gap(client: httpx2.AsyncClient) -> None:
    for number in range(5):
        await reported(client, key=f"k{number}")
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/api/v1/cases", params=query)).json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(set(seen)) == len(seen) == 5


async def test_filters_may_be_repeated_or_divided_by_commas(client: httpx2.AsyncClient) -> None:
    await reported(client)
    for query in ("state=NEW,FILED", "state=NEW&state=FILED"):
        assert len((await client.get(f"/api/v1/cases?{query}")).json()["items"]) == 1
    assert not (await client.get("/api/v1/cases?state=CLOSED")).json()["items"]


async def test_events_are_read_on_from_a_number(client: httpx2.AsyncClient) -> None:
    await reported(client)
    first = (await client.get("/api/v1/events?limit=1")).json()
    rest = (await client.get(f"/api/v1/events?after={first['next']}")).json()
    assert [item["sequence"] for item in first["items"] + rest["items"]] == ["1", "2", "3"]


async def test_a_unit_is_made_known_once_and_then_located(
    client: httpx2.AsyncClient, console: MemoryConsole
) -> None:
    unit = {"id": "E32", "name": "32 车", "kind": "engine", "department": "fire"}
    assert (await client.post("/api/v1/units", json=unit)).status_code == 201
    assert (await client.post("/api/v1/units", json=unit)).status_code == 200
    here = {"lon": 119.5, "lat": 30.5, "speed_mps": 12, "heading_deg": 90}
    taken = await client.post("/api/v1/units/E32/position", json=here)
    assert (taken.status_code, taken.json()) == (202, {"accepted": True})
    stranger = await client.post("/api/v1/units/E33/position", json=here)
    assert stranger.status_code == 404


async def test_one_unit_is_read_by_its_id_by_who_may_see_units_and_a_stranger_is_named(
    client: httpx2.AsyncClient, console: MemoryConsole, door: Door
) -> None:
    unit = {"id": "E32", "name": "32 车", "kind": "engine", "department": "fire"}
    await client.post("/api/v1/units", json=unit)
    told = await client.get("/api/v1/units/E32")
    assert (told.status_code, told.json()["name"]) == (200, "32 车")
    stranger = await client.get("/api/v1/units/E33")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "dispatch.unknown_unit")
    door.who = principal("sysadmin")
    assert (await client.get("/api/v1/units/E32")).status_code == 403


async def test_readiness_names_the_check_that_fails(
    client: httpx2.AsyncClient, console: MemoryConsole, door: Door
) -> None:
    door.who = None
    assert (await client.get("/readyz")).json()["ready"] is True
    console.store_ok = False
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["store"]["ok"] is False
    assert (await client.get("/healthz")).json() == {"status": "ok"}


async def test_a_store_that_does_not_answer_is_told_with_when_to_come_again(
    client: httpx2.AsyncClient, console: MemoryConsole
) -> None:
    console.fault = Unavailable("store.slow", seconds=2)
    answer = await reported(client)
    assert answer.status_code == 503
    assert answer.headers["retry-after"].isdecimal()


def operations(app: FastAPI) -> dict[tuple[str, str], dict[str, Any]]:
    document = describe(app.router)
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_every_operation_has_its_row_for_the_gate_and_no_row_is_idle(door: Door) -> None:
    rows = {(method, route.pattern) for route in ROUTES for method in route.methods - {"HEAD"}}
    described = set(operations(door.app))
    assert described | {("GET", "/api/v1/openapi.json")} == rows


def test_every_row_asks_for_a_permission_there_is() -> None:
    assert {route.permission for route in ROUTES} - {None} <= PERMISSIONS.keys()


def test_the_description_says_of_every_operation_who_may_and_what_may_go_wrong(
    door: Door,
) -> None:
    permissions = {(m, r.pattern): r.permission for r in ROUTES for m in r.methods}
    for (method, path), operation in operations(door.app).items():
        if path.startswith("/api/"):
            assert operation["x-permission"] == permissions[method, path]
            assert {"401", "403", "500", "503"} <= operation["responses"].keys()
            assert operation["summary"]
            assert operation["description"]


def test_the_description_lists_every_command_with_the_shape_of_its_arguments(door: Door) -> None:
    command = operations(door.app)["POST", "/api/v1/cases/{case_id}/commands"]
    assert command["x-commands"].keys() == COMMANDS.keys() - {"receive_report"}


async def test_the_description_is_for_who_may_read_it(
    client: httpx2.AsyncClient, door: Door
) -> None:
    document = (await client.get("/api/v1/openapi.json")).json()
    assert document["openapi"].startswith("3.")
    door.who = principal("responder")
    assert (await client.get("/api/v1/openapi.json")).status_code == 403
