"""Papers on a whole console: a case's record is whole, masked, audited, checked by the rule that is documented."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from exchange.ports import Once
from incidents.handover.messages import CountersignShift, SignShift
from security.policy import permissions_of
from security.principal import Principal
from storage.answers import Answer
from storage.audit import audit
from storage.rebuild import rebuild
from tests.runtime.citizens import Office, a_photo, an_office
from vocabulary.message import Actor

pytestmark = [pytest.mark.server]
GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "papers.md"
PHONE = "13812345678"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with an_office(tmp_path_factory.mktemp("papers")) as office:
        yield office


def command(office: Office, case_id: str, name: str, **arguments: Any) -> dict[str, Any]:
    row = office.ask("GET", f"/api/v1/cases/{case_id}").json()["case"]
    body = {"name": name, "version": row["version"], "arguments": arguments}
    once = f"{case_id}:{row['version']}"
    answer = office.ask("POST", f"/api/v1/cases/{case_id}/commands", once=once, json=body)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.fixture(scope="module")
def case_id(office: Office) -> str:
    who = {"caller_phone": PHONE, "caller_name": "王小明"}
    said = f"燃气味很重,请回电 {PHONE}"
    given = {"category": "Y0207", "lane": "emergency", "text": said, **who}
    case: str = office.report("p1", **given)["case"]["id"]
    command(office, case, "dispatch", lead="gas", assists=["fire"])
    command(office, case, "add_note", text="现场联系人 13900001111")
    twin = office.report("p2", category="Y0207", lane="emergency", text="煤气味")["case"]["id"]
    command(office, twin, "merge", master=case)
    return case


def export(office: Office, case_id: str, *, personal: bool = False) -> dict[str, Any]:
    path = f"/api/v1/cases/{case_id}/export.json?personal={str(personal).lower()}"
    answer = office.ask("GET", path)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def checked(record: dict[str, Any], folder: Path) -> subprocess.CompletedProcess[str]:
    """Check a record as the guide says, by the very lines that stand there."""
    [program] = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    file = folder / "record.json"
    file.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    return subprocess.run(
        [sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=False
    )


def test_a_record_is_whole_by_the_rule_in_the_guide(
    office: Office, case_id: str, tmp_path: Path
) -> None:
    record = export(office, case_id, personal=True)
    said = checked(record, tmp_path)
    assert said.returncode == 0, said.stderr
    assert f"{len(record['timeline'])} of {len(record['timeline'])} events checked" in said.stdout
    assert record["chain"]["masked"] == []


@pytest.mark.parametrize("where", ["data", "actor", "head", "cut"])
def test_a_record_that_was_changed_does_not_hold(
    office: Office, case_id: str, tmp_path: Path, where: str
) -> None:
    record = export(office, case_id, personal=True)
    last = record["timeline"][-1]
    match where:
        case "data":
            last["data"]["joined"] = "another"
        case "actor":
            last["sealed"] = last["sealed"].replace("supervisor", "somebody else")
        case "head":
            record["chain"]["head"] = "0" * 64
        case _:
            record["timeline"].pop()
    assert checked(record, tmp_path).returncode != 0


def test_a_masked_record_shows_no_number_and_still_holds(
    office: Office, case_id: str, tmp_path: Path
) -> None:
    record = export(office, case_id)
    text = json.dumps(record, ensure_ascii=False)
    assert PHONE not in text
    assert "13900001111" not in text
    assert "138****5678" in text
    assert len(record["chain"]["masked"]) == 3  # the report, the case it opened, the note
    assert checked(record, tmp_path).returncode == 0


def test_a_merge_is_told_by_numbers_and_not_by_ids(office: Office, case_id: str) -> None:
    record = export(office, case_id)
    [joined] = [one["data"]["joined"] for one in record["timeline"] if "joined" in one["data"]]
    assert re.fullmatch(r"\d{19}", record["numbers"][joined])
    screen = office.ask("GET", f"/api/v1/cases/{case_id}").json()
    assert screen["numbers"] == record["numbers"]


def test_who_was_sent_to_check_is_told_by_name(office: Office) -> None:
    case = office.report("p3", category="Y0207", lane="emergency", text="阀井冒气")["case"]["id"]
    command(office, case, "dispatch", lead="gas")
    for step in ("accept", "arrive", "resolve"):
        command(office, case, step, department="gas")
    command(office, case, "assign_check")
    [sent] = [one for one in export(office, case)["timeline"] if "checker" in one["data"]]
    text = "\n".join(pages(office, f"/api/v1/cases/{case}/export.pdf"))
    assert sent["data"]["checker"] not in text
    assert f"核查人{sent['actor']['name']}" in "".join(text.split())


def pages(office: Office, path: str, language: str = "zh") -> list[str]:
    answer = office.ask("GET", path, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]


@pytest.mark.parametrize(("language", "words"), [("zh", "办理经过"), ("en", "Timeline")])
def test_the_paper_tells_it_in_both_languages(
    office: Office, case_id: str, language: str, words: str
) -> None:
    record = export(office, case_id)
    text = "\n".join(pages(office, f"/api/v1/cases/{case_id}/export.pdf", language))
    assert words in text
    assert record["case"]["number"] in text
    assert record["chain"]["head"] in text
    assert record["numbers"][next(iter(record["numbers"]))] in text
    assert (PHONE in text, "138****5678" in text) == (False, True)


@pytest.mark.parametrize(("language", "word"), [("zh", "演练"), ("en", "Exercise")])
def test_an_exercise_is_called_so_across_every_page_of_its_paper(
    office: Office, language: str, word: str
) -> None:
    given: dict[str, Any] = {"category": "Y0207", "lane": "emergency", "exercise": True}
    case = office.report(f"drill-{language}", **given)["case"]
    printed = pages(office, f"/api/v1/cases/{case['id']}/export.pdf", language)
    assert all(word in page for page in printed)
    assert export(office, case["id"])["case"]["exercise"] is True


def test_photos_are_in_the_paper(office: Office) -> None:
    assert office.send(photos=[("a.jpg", a_photo())]).status_code == 303
    newest = office.ask("GET", "/api/v1/cases?limit=1").json()["items"][0]["id"]
    answer = office.ask("GET", f"/api/v1/cases/{newest}/export.pdf")
    images = [
        image for page in PdfReader(io.BytesIO(answer.content)).pages for image in page.images
    ]
    assert len(images) == 1


def test_every_export_is_in_the_audit_trail(office: Office, case_id: str) -> None:
    export(office, case_id, personal=True)
    query = select(audit).where(audit.c.action == "case.export").order_by(audit.c.seq.desc())
    with office.console.journal.store.reader.connect() as connection:
        row = connection.execute(query).first()
    assert row is not None
    told = json.loads(row.after)
    assert (row.object, told["form"], told["personal"], told["callers"]) == (
        case_id,
        "json",
        True,
        1,
    )


@pytest.mark.parametrize("form", ["json", "pdf"])
def test_who_may_not_export_or_not_see_callers_is_refused(
    office: Office, case_id: str, form: str
) -> None:
    path = f"/api/v1/cases/{case_id}/export.{form}"
    assert office.ask("GET", path, "integrator").status_code == 403
    assert office.ask("GET", f"{path}?personal=perhaps").status_code == 422
    unknown = office.ask("GET", f"/api/v1/cases/nobody/export.{form}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "exchange.case_unknown")


# --- handing a shift over ---


def as_person(office: Office, name: str, method: str, *arguments: Any) -> dict[str, Any]:
    """Ask the service as a signed-in person of the centre; sign-in itself is tested where it stands."""
    roles = frozenset({"supervisor"})
    actor = Actor(id=f"person:{name}", name=name, kind="person", roles=roles)
    principal = Principal(actor=actor, permissions=permissions_of(roles))
    portal = office.client.portal
    assert portal is not None
    answer: Answer = portal.call(getattr(office.console.service, method), principal, *arguments)
    return answer.body


def test_a_shift_is_signed_twice_kept_printed_and_made_anew_from_the_journal(
    office: Office, case_id: str
) -> None:
    draft = office.ask("GET", "/api/v1/shifts/sheet").json()
    assert case_id in {item["case_id"] for item in draft["items"]}
    wish = SignShift(seat="1 号席", note="备用电台已坏", notes={case_id: "盯住复燃"})
    going = as_person(office, "李明", "sign_shift", wish, Once(key="s1", fingerprint="a"))
    again = as_person(office, "李明", "sign_shift", wish, Once(key="s1", fingerprint="a"))
    assert going == again
    id = going["handover"]["id"]
    taking = CountersignShift(handover_id=id, remarks="清楚")
    as_person(office, "王芳", "countersign_shift", taking, Once(key="s2", fingerprint="b"))
    kept = office.ask("GET", f"/api/v1/shifts/{id}").json()
    assert (kept["state"], kept["outgoing"]["name"], kept["incoming"]["name"]) == (
        "done",
        "李明",
        "王芳",
    )
    [noted] = [item["note"] for item in kept["sheet"]["items"] if item["case_id"] == case_id]
    assert noted == "盯住复燃"
    assert office.ask("GET", "/api/v1/shifts").json()["items"][0]["id"] == id
    for language, word in (("zh", "接班人"), ("en", "Incoming")):
        text = "\n".join(pages(office, f"/api/v1/shifts/{id}/sheet.pdf", language))
        for told in (
            word,
            "李明",
            "王芳",
            "备用电台已坏",
            "盯住复燃",
            kept["sheet"]["items"][0]["number"],
        ):
            assert told in text
    rebuild(office.console.journal)
    assert office.ask("GET", f"/api/v1/shifts/{id}").json() == kept


def test_a_key_signs_no_shift_and_a_stranger_sees_none(office: Office) -> None:
    answer = office.ask("POST", "/api/v1/shifts", once="k1", json={"note": "x"})
    assert (answer.status_code, answer.json()["code"]) == (403, "shift.person_signs")
    assert office.ask("POST", "/api/v1/shifts", "intake", "k2", json={}).status_code == 403
    assert office.ask("GET", "/api/v1/shifts", "integrator").status_code == 403
    assert office.ask("GET", "/api/v1/shifts/nobody").status_code == 404
    bad = office.ask("POST", "/api/v1/shifts", once="k3", json={"notes": {"x": "长" * 501}})
    assert (bad.status_code, "notes" in bad.text) == (422, True)
