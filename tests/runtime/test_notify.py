"""Notifications on a whole console: an offer reaches its crew once, what fails is tried five times, no number is told."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from exchange.notify.model import Channel, Notification, Recipient, Told
from exchange.notify.post import Post
from runtime.notify_work import Notifier
from runtime.notifying import TOLD
from tests.clocks import ManualClock
from tests.runtime.citizens import Office, an_office
from tests.runtime.homes import until
from vocabulary.errors import codes
from vocabulary.ids import new_id

pytestmark = [pytest.mark.server]
PHONE = "13800138000"
TABLES = {
    "channels.csv": "channel,kind,address,secret,template\n"
    'duanxin,sms,http://127.0.0.1:9/send,,"{""to"":""{to}"",""text"":""{text}""}"\n',
    "recipients.csv": "name,audience,channel,to,language\n"
    f"赵磊,unit:F1,duanxin,{PHONE},\n赵磊,unit:F1,file,,\nDuty,role:supervisor,desk,,en\n",
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("notify")
    (home / "notify").mkdir()
    for name, text in TABLES.items():
        (home / "notify" / name).write_text(text, "utf-8")
    with an_office(home) as office:
        unit = {"id": "F1", "name": "消防1车", "kind": "engine", "department": "fire"}
        assert office.ask("POST", "/api/v1/units", json=unit).status_code == 201
        yield office


def told(office: Office, **wanted: str) -> list[dict[str, Any]]:
    items = office.ask("GET", "/api/v1/notifications?limit=500").json()["items"]
    return [one for one in items if wanted.items() <= one.items()]


@pytest.fixture(scope="module")
def offered(office: Office) -> dict[str, Any]:
    case = office.report(new_id(), category="Y0205", lane="emergency")["case"]
    wish = {"lead": "fire", "units": ["F1"]}
    body = {"name": "dispatch", "version": case["version"], "arguments": wish}
    path = f"/api/v1/cases/{case['id']}/commands"
    assert office.ask("POST", path, once=new_id(), json=body).status_code == 200
    until(lambda: len(told(office, case_id=case["id"])) == 2, 30)
    found: dict[str, Any] = case
    return found


def test_an_offer_is_told_to_the_units_crew_once_by_each_channel(
    office: Office, offered: dict[str, Any]
) -> None:
    until(lambda: bool(told(office, case_id=offered["id"], channel="file", state="sent")), 30)
    items = told(office, case_id=offered["id"], event="dispatch.assignment_offered.v1")
    assert sorted(one["channel"] for one in items) == ["duanxin", "file"]
    line = json.loads((office.home / "notify" / "sink.jsonl").read_text("utf-8").splitlines()[0])
    assert line["recipient"] == "赵磊"
    assert offered["number"] in line["text"]


def test_a_number_stands_in_no_answer_no_row_and_no_line(
    office: Office, offered: dict[str, Any]
) -> None:
    assert PHONE not in office.ask("GET", "/api/v1/notifications").text
    for file in (office.home / "onenet.db", office.home / "notify" / "sink.jsonl"):
        assert PHONE.encode() not in file.read_bytes()
    assert office.ask("GET", "/api/v1/notifications", "intake").status_code == 403


class Failing(Post):
    """A way out on which nothing gets through."""

    async def send(self, channel: Channel, to: Recipient, told: Notification, at: Any) -> Told:
        return Told(problem="HTTP 500")


def test_what_fails_is_tried_five_times_then_given_up_and_can_be_told_again(
    office: Office, offered: dict[str, Any]
) -> None:
    (failing,) = told(office, case_id=offered["id"], channel="duanxin")
    console, portal = office.console, office.client.portal
    assert portal is not None
    clock = ManualClock(console.clock.now())
    rooms = replace(console.notifier.rooms, clock=clock)
    notifier = Notifier(rooms, console.home, Failing(console.home / "notify"))
    for minutes in (1, 3, 3, 11, 11, 11):
        clock.advance(timedelta(minutes=minutes))
        portal.call(notifier.turn)
    (dead,) = told(office, id=failing["id"])
    assert dead["state"] == "dead"
    assert dead["tries"] == 5
    assert dead["problem"]
    again = office.ask("POST", f"/api/v1/notifications/{failing['id']}/again")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    unknown = office.ask("POST", "/api/v1/notifications/01NOSUCH/again")
    assert unknown.json()["code"] == "notify.unknown"
    assert "waiting" in office.ask("GET", "/readyz").json()["checks"]["notify"]["detail"]


def test_every_kind_that_is_told_has_its_sentence_in_both_languages() -> None:
    for name in TOLD.values():
        assert codes()[f"notify.say.{name}"].zh
        assert codes()[f"notify.say.{name}"].en
