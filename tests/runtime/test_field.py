"""The crew's side of the API: its own unit's tasks with what it must know, notes and photos once, and nobody else's."""

import io
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from PIL import Image

from runtime.people import administration
from security.administration import SYSTEM_PRINCIPAL
from security.principal import acting_as
from security.signin_routes import home_of
from tests.runtime.citizens import Office, a_photo, an_office
from vocabulary.ids import new_id

pytestmark = [pytest.mark.server]
PHONE = {"sec-ch-ua-mobile": "?1"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with an_office(tmp_path_factory.mktemp("field")) as office:
        portal = office.client.portal
        assert portal is not None
        for department in ("fire", "gas"):
            office.keys[department] = portal.call(_crew_key, office, department)
        unit = {"id": "F1", "name": "消防1车", "kind": "engine", "department": "fire"}
        assert office.ask("POST", "/api/v1/units", json=unit).status_code == 201
        yield office


async def _crew_key(office: Office, department: str) -> str:
    console = office.console
    people = administration(console.journal, console.secrets, console.clock)
    with acting_as(SYSTEM_PRINCIPAL):
        text, _ = await people.issue_key(department, ["responder"], department=department)
    return text


@pytest.fixture(scope="module")
def held(office: Office) -> dict[str, Any]:
    case = office.report(new_id(), category="Y0205", lane="emergency", text="冒烟,电话 13812348888")
    wish = {"lead": "fire", "units": ["F1"]}
    body = {"name": "dispatch", "version": case["case"]["version"], "arguments": wish}
    path = f"/api/v1/cases/{case['case']['id']}/commands"
    assert office.ask("POST", path, once=new_id(), json=body).status_code == 200
    (item,) = tasks(office)["items"]
    found: dict[str, Any] = item
    return found


def tasks(office: Office, who: str = "fire") -> dict[str, Any]:
    told: dict[str, Any] = office.ask("GET", "/api/v1/field/tasks?unit=F1", who).json()
    return told


def photo(
    office: Office, held: dict[str, Any], content: bytes, once: str, who: str = "fire", **more: Any
) -> httpx2.Response:
    path = f"/api/v1/field/assignments/{held['assignment']['id']}/photo"
    headers = {"Content-Type": "image/jpeg"}
    return office.ask("POST", path, who, once, content=content, headers=headers, **more)


def test_a_task_tells_what_where_and_until_when_and_no_callers_number(
    held: dict[str, Any],
) -> None:
    case = held["case"]
    assert held["assignment"]["state"] == "OFFERED"
    assert held["assignment"]["answer_by"]
    assert case["category_zh"]
    assert case["category_en"]
    assert case["where_zh"]
    assert "13812348888" not in case["text"]


def test_another_departments_crew_sees_and_writes_nothing(
    office: Office, held: dict[str, Any]
) -> None:
    assert tasks(office, "gas")["code"] == "dispatch.other_units"
    path = f"/api/v1/field/assignments/{held['assignment']['id']}/note"
    other = office.ask("POST", path, "gas", new_id(), json={"text": "x"})
    assert other.json()["code"] == "dispatch.other_units"
    assert photo(office, held, a_photo(), new_id(), "gas").status_code == 403
    assert office.ask("GET", "/api/v1/field/tasks?unit=F1", "intake").status_code == 403
    unknown = office.ask("GET", "/api/v1/field/tasks?unit=nobody", "fire")
    assert unknown.status_code == 404


def test_a_note_sent_twice_is_one_fact_with_the_crews_own_clock(
    office: Office, held: dict[str, Any]
) -> None:
    path = f"/api/v1/field/assignments/{held['assignment']['id']}/note"
    body = {"text": "阀门已关", "occurred_at": "2026-11-22T06:03:21Z"}
    first = office.ask("POST", path, "fire", "note-1", json=body)
    again = office.ask("POST", path, "fire", "note-1", json=body)
    assert (first.status_code, first.json()) == (200, again.json())
    detail = office.ask("GET", f"/api/v1/cases/{held['case']['id']}").json()
    notes = [one for one in detail["timeline"] if one["data"].get("text") == "阀门已关"]
    assert [one["source_at"] for one in notes] == ["2026-11-22T06:03:21.000Z"]
    empty = office.ask("POST", path, "fire", new_id(), json={"text": ""})
    assert empty.status_code == 422


def test_a_photo_is_kept_once_and_without_what_its_camera_wrote(
    office: Office, held: dict[str, Any]
) -> None:
    content = a_photo()
    first, again = (photo(office, held, content, "photo-1") for _ in range(2))
    assert (first.status_code, first.json()) == (200, again.json())
    detail = office.ask("GET", f"/api/v1/cases/{held['case']['id']}").json()
    (kept,) = [each for report in detail["reports"] for each in report["photos"]]
    answer = office.ask("GET", kept["url"], "fire")
    with Image.open(io.BytesIO(answer.content)) as seen:
        assert (seen.format, dict(seen.getexif())) == ("JPEG", {})
    files = list((office.home / "photos").rglob("*.jpg"))
    assert len(files) == 1  # the second upload left nothing behind


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "intake.no_photo"), (b"%PDF-1.7 no picture", "intake.no_photo")],
)
def test_what_is_no_picture_is_refused(
    office: Office, held: dict[str, Any], content: bytes, code: str
) -> None:
    answer = photo(office, held, content, new_id())
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_the_page_is_the_crews_and_its_worker_and_manifest_hold_nothing_of_anybody(
    office: Office,
) -> None:
    page = office.ask("GET", "/field", "fire")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert office.ask("GET", "/field", "intake").status_code == 403
    worker = office.client.get("/field/worker.js")
    assert worker.headers["service-worker-allowed"] == "/field"
    assert worker.headers["content-type"].startswith("text/javascript")
    manifest = office.client.get("/field/manifest.webmanifest").json()
    assert (manifest["start_url"], manifest["scope"]) == ("/field", "/field")
    for icon in manifest["icons"]:
        drawn = office.client.get(icon["src"])
        with Image.open(io.BytesIO(drawn.content)) as seen:
            assert icon["sizes"] == f"{seen.width}x{seen.height}"


def test_a_crew_begins_at_its_tasks_on_a_phone_and_at_the_desk_elsewhere() -> None:
    crew = frozenset({"field.view", "desk.view"})
    assert home_of(crew, PHONE) == "/field"
    assert home_of(crew, {}) == "/desk"
    assert home_of(frozenset({"desk.view"}), PHONE) == "/desk"
    assert home_of(frozenset({"audit.read"}), PHONE) is None
