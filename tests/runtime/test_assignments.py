"""Assignments on a running console: the sample's units, a dispatch that offers, an answer by radio, and who is too late."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.console_process import ConsoleProcess
from tests.runtime.homes import until
from tests.runtime.wire import Heard, Wire
from vocabulary.clock import SystemClock, to_text
from vocabulary.ids import new_id

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def centre(console: ConsoleProcess) -> Wire:
    return Wire(console.port, console.key("supervisor", "integrator"))


def post(wire: Wire, path: str, body: dict[str, Any]) -> Heard:
    return wire.ask(
        "POST", f"/api/v1/{path}", body, Idempotency_Key=new_id(), Content_Type="application/json"
    )


def get(wire: Wire, path: str) -> Any:
    return json.loads(wire.ask("GET", f"/api/v1/{path}").body)


def an_urgent_case(wire: Wire, good: dict[str, Any]) -> dict[str, Any]:
    body = {**good, "category": "Y0207", "lane": "emergency"}
    case: dict[str, Any] = json.loads(post(wire, "reports", body).body)["case"]
    return case


def dispatch(wire: Wire, case: dict[str, Any], *units: str) -> Heard:
    wish = {"lead": "gas", "units": list(units)}
    body = {"name": "dispatch", "version": case["version"], "arguments": wish}
    return post(wire, f"cases/{case['id']}/commands", body)


def unit(wire: Wire, id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in get(wire, "units")["items"] if one["id"] == id)
    return found


def test_the_sample_countys_units_came_in_with_skills_and_rosters(centre: Wire) -> None:
    units = get(centre, "units")["items"]
    assert len(units) >= 110
    assert all(one["skills"] for one in units)
    assert unit(centre, "fire-01")["on_duty"]
    assert {one["status"] for one in units} <= {"available", "off_duty"}


def test_a_dispatched_unit_is_asked_and_its_arrival_is_the_cases(
    centre: Wire, good: dict[str, Any]
) -> None:
    case = an_urgent_case(centre, good)
    assert dispatch(centre, case, "gas-01").status == 200
    (held,) = get(centre, f"assignments?case={case['id']}")["items"]
    assert (held["state"], held["unit_id"], held["open"]) == ("OFFERED", "gas-01", True)
    for step, state in (("ack", "ACKED"), ("enroute", "ENROUTE"), ("on_scene", "ON_SCENE")):
        told = json.loads(post(centre, f"assignments/{held['id']}/{step}", {}).body)
        assert told["assignment"]["state"] == state
    assert get(centre, f"cases/{case['id']}")["case"]["state"] == "ON_SCENE"
    assert unit(centre, "gas-01")["status"] == "on_scene"
    assert post(centre, f"assignments/{held['id']}/clear", {}).status == 200
    assert unit(centre, "gas-01")["cases"] == []


def test_who_asks_for_a_unit_second_is_told_who_has_it_and_nothing_is_sent(
    centre: Wire, good: dict[str, Any]
) -> None:
    first, second = an_urgent_case(centre, good), an_urgent_case(centre, good)
    assert dispatch(centre, first, "gas-02").status == 200
    told = dispatch(centre, second, "gas-03", "gas-02")
    assert (told.status, told.problem["code"]) == (409, "dispatch.unit_taken")
    assert told.problem["case"] == first["id"]
    assert get(centre, f"cases/{second['id']}")["case"]["state"] == "NEW"
    assert get(centre, "assignments?unit=gas-03&open=true")["items"] == []
    assert (
        post(
            centre, f"assignments/{told.problem['assignment']}/cancel", {"reason": "另有急情"}
        ).status
        == 200
    )
    assert dispatch(centre, second, "gas-03", "gas-02").status == 200


def test_the_departments_signature_answers_for_its_units(
    centre: Wire, good: dict[str, Any]
) -> None:
    case = an_urgent_case(centre, good)
    sent = json.loads(dispatch(centre, case, "gas-04").body)["case"]
    body = {"name": "accept", "version": sent["version"], "arguments": {"department": "gas"}}
    assert post(centre, f"cases/{case['id']}/commands", body).status == 200
    until(lambda: unit(centre, "gas-04")["assignment"]["state"] == "ACKED")


def test_one_unit_tells_what_it_does_now_and_how_old_its_position_is(
    centre: Wire, good: dict[str, Any]
) -> None:
    long_ago = SystemClock().now().replace(microsecond=0) - timedelta(hours=3)
    here = {"lon": good["lon"], "lat": good["lat"], "observed_at": to_text(long_ago)}
    assert post(centre, "units/fire-02/position", here).status == 202
    assert dispatch(centre, an_urgent_case(centre, good), "fire-02").status == 200
    told = get(centre, "units/fire-02")
    assert (told["status"], told["assignment"]["state"]) == ("assigned", "OFFERED")
    assert told["assignment"]["case_id"] in told["cases"]
    seen = told["position"]
    assert (seen["observed_at"], seen["stale"]) == (to_text(long_ago), True)
    assert seen["received_at"] > seen["observed_at"]
    assert told == unit(centre, "fire-02")
    assert (
        centre.ask("GET", "/api/v1/units/no-such-unit").problem["code"] == "dispatch.unknown_unit"
    )


def test_a_crews_word_by_radio_is_taken_with_its_warnings(
    centre: Wire, good: dict[str, Any]
) -> None:
    dispatch(centre, an_urgent_case(centre, good), "power-01")
    told = json.loads(post(centre, "units/power-01/status", {"status": "out_of_service"}).body)
    # By night it is off duty beside that.
    assert "on_a_case" in {one["code"] for one in told["warnings"]}
    assert told["unit"]["said"]["status"] == "out_of_service"


def test_a_department_speaks_for_its_own_units_alone(
    console: ConsoleProcess, centre: Wire, good: dict[str, Any]
) -> None:
    case = an_urgent_case(centre, good)
    dispatch(centre, case, "water-01")
    (held,) = get(centre, f"assignments?case={case['id']}")["items"]
    other = Wire(console.port, console.key("responder", department="fire"))
    assert (
        post(other, f"assignments/{held['id']}/ack", {}).problem["code"] == "dispatch.other_units"
    )
    assert get(other, f"assignments?case={case['id']}")["items"] == []
    here = {"lon": case["lon"], "lat": case["lat"]}
    assert post(other, "units/water-01/position", here).problem["code"] == "dispatch.other_units"
    own = Wire(console.port, console.key("responder", department="water"))
    assert post(own, "units/water-01/position", here).status == 202
    assert post(own, f"assignments/{held['id']}/ack", {}).status == 200
