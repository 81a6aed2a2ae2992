"""Nothing missed, as a browser shows it: banner, key, takeover and figures; and a case's departments, wishes and units."""

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browsing import Seen
from tests.views.serving import Stage, alert, row

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BANNER = "#alerts:not([hidden])"
OFFERED_AT = "2026-11-22T05:00:00.000Z"


def may(stage: Stage, *permissions: str) -> None:
    """Let who looks at the pages do more."""
    assert stage.desk.who is not None
    held = stage.desk.who.permissions | set(permissions)
    stage.desk.who = replace(stage.desk.who, permissions=held)


def keep_and_say(stage: Stage, seq: int, case: dict[str, Any], **how: bool) -> None:
    stage.rows[case["id"]] = case
    stage.say(seq, case, **how)


def selected(page: Page, case: str) -> None:
    page.click(f".row[data-id={case}]")
    page.wait_for_selector(".case-head")


def part(department: str, **parts: Any) -> dict[str, Any]:
    """Return a department's part as the API tells it."""
    return {
        "department": department,
        "lead": False,
        "offered_at": OFFERED_AT,
        "accepted_at": None,
        "arrived_at": None,
        "cleared_at": None,
        "released_at": None,
        "due_at": None,
        "note": "",
    } | parts


def test_a_banner_calls_until_somebody_acknowledges_with_one_key(
    browser: Browser, stage: Stage
) -> None:
    may(stage, "case.acknowledge")
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    assert seen.page.locator("#alerts").is_hidden()
    keep_and_say(stage, 2, row(4, priority="P0", alert=alert(step=1, missed=True)))
    banner = seen.page.locator(BANNER)
    banner.wait_for()
    told = banner.inner_text()
    assert [word in told for word in ("道路积水", "受理员、派遣员", "第 1 级", "逾时未响应")] == [
        True
    ] * 4
    seen.page.keyboard.press("a")
    seen.page.wait_for_selector(".case-head .p-P0")
    [(case, body)] = stage.commands
    assert (case, body["name"], body["version"]) == ("case4", "acknowledge", 1)
    keep_and_say(stage, 3, row(4, priority="P0", alert=None, version=2))
    seen.page.wait_for_selector("#alerts", state="hidden")
    assert seen.said == []


def test_of_several_alerts_the_most_urgent_stands_first_and_takes_the_key(
    browser: Browser, stage: Stage
) -> None:
    may(stage, "case.acknowledge")
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    for seq, (number, priority) in enumerate([(4, "P1"), (5, "P0"), (6, "P1"), (7, "P1")], 2):
        called = alert(priority=priority)
        keep_and_say(stage, seq, row(number, priority=priority, alert=called))
    seen.page.wait_for_selector(".alert-rest:has-text('另有 1 起')")
    assert seen.measured("document.querySelector('.alert').dataset.id") == "case5"
    assert seen.page.locator(".alert kbd").count() == 1


def test_who_may_not_acknowledge_sees_the_banner_without_a_button(
    browser: Browser, stage: Stage
) -> None:
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    keep_and_say(stage, 2, row(4, priority="P1", alert=alert(priority="P1")))
    seen.page.wait_for_selector(BANNER)
    assert seen.page.locator(".acknowledge").count() == 0
    seen.page.keyboard.press("a")
    seen.page.wait_for_selector(".toast.is-warn")
    assert stage.commands == []


def test_an_alert_that_has_not_reached_this_desk_is_not_called_here(
    browser: Browser, stage: Stage
) -> None:
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    keep_and_say(stage, 2, row(4, priority="P1", alert=alert(priority="P1")), called=False)
    seen.page.wait_for_selector(".row .state small:has-text('未应')")
    assert seen.page.locator("#alerts").is_hidden()


def test_the_wall_shows_what_the_server_counts_to_who_may_know(
    browser: Browser, stage: Stage
) -> None:
    assert (
        Seen(browser, stage.address, "/wall").ready("wall").page.locator(".acknowledged").count()
        == 0
    )
    may(stage, "figures.read")
    seen = Seen(browser, stage.address, "/wall").ready("wall")
    seen.page.wait_for_selector(".acknowledged >> text=95.0 %")
    told = seen.page.locator(".acknowledged").inner_text()
    assert [word in told for word in ("n=38", "9 秒", "14 秒", "2")] == [True] * 4
    response = seen.page.locator(".response").inner_text()
    few = ("n=12", "n<30", "6 分 12 秒", "15 分", "75.0 %")
    assert [word in response for word in few] == [True] * 5
    networks = seen.page.locator(".networks").inner_text()
    assert [word in networks for word in ("95.4 %", "弱覆盖", "退服")] == [True, False, False]
    clipped = "[...document.querySelectorAll('.card')].filter((box) => box.scrollHeight > box.clientHeight + 2).length"
    assert seen.measured(clipped) == 0
    assert seen.said == []


def test_each_department_shows_its_own_standing_and_what_may_be_done_for_it(
    browser: Browser, stage: Stage
) -> None:
    stage.actions = ["accept", "return", "clear_assist", "release_assist"]
    with_it = [
        part("drainage", lead=True),
        part("gas", accepted_at=OFFERED_AT, due_at="2026-11-22T05:10:00.000Z"),
    ]
    stage.rows["case1"] |= {"tasks": with_it}
    stage.details = {
        "timeline": [entry(3, "assist_returned", "赵磊", department="fire", reason="不归我管")],
        "parts": [*with_it, part("fire", released_at=OFFERED_AT, note="不归我管")],
    }
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    selected(seen.page, "case1")
    line = seen.page.locator(".department[data-department=fire]")
    line.wait_for()
    assert "已退回" in line.inner_text()
    assert "不归我管" in line.inner_text()
    steps = """[...document.querySelectorAll('.department')].map((line) =>
        [line.dataset.department, ...[...line.querySelectorAll('[data-step]')].map((b) => b.dataset.step)])"""
    assert seen.measured(steps) == [
        ["drainage", "accept", "return"],
        ["gas", "clear_assist", "release_assist"],
        ["fire"],
    ]
    assert "is-late" in str(
        seen.page.locator(".department[data-department=gas] .left").get_attribute("class")
    )
    seen.page.click(".department[data-department=drainage] [data-step=accept]")
    assert seen.page.locator(".action-form select").first.input_value() == "drainage"
    assert seen.said == []


def test_a_wish_shows_whose_turn_it_is_and_is_granted_there(browser: Browser, stage: Stage) -> None:
    stage.actions = ["approve", "refuse"]
    until = "2026-11-29T01:00:00.000Z"
    stage.rows["case1"] |= {"approval": {"what": "suspension", "role": "leader", "left": 1}}
    stage.details = {
        "timeline": [
            entry(
                5, "approval_requested", "王强", what="suspension", steps=["supervisor", "leader"]
            ),
            entry(6, "approval_given", "陈静", step="supervisor"),
        ],
        "approval": stage.rows["case1"]["approval"] | {"until": until, "reason": "等闸门"},
    }
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    selected(seen.page, "case1")
    card = seen.page.locator(".approval")
    card.wait_for()
    told = card.inner_text()
    words = ("王强 申请挂账至 11-29 09:00", "等闸门", "陈静 已批准", "领导")
    assert [word in told for word in words] == [True] * 4
    card.locator("[data-step=approve]").click()
    seen.page.wait_for_selector(".action-form .hint:has-text('还差 1 级')")
    seen.page.click(".action-form button[type=submit]")
    seen.page.wait_for_selector(".action-form", state="detached")
    assert [(case, body["name"]) for case, body in stage.commands] == [("case1", "approve")]
    assert seen.said == []


def entry(seq: int, kind: str, who: str, **data: Any) -> dict[str, Any]:
    return {
        "seq": seq,
        "version": seq,
        "kind": f"incidents.{kind}.v1",
        "at": OFFERED_AT,
        "source_at": None,
        "actor": {"name": who},
        "data": data,
    }


def test_the_centre_answers_for_a_unit_by_radio_and_a_refusal_needs_its_reason(
    browser: Browser, stage: Stage
) -> None:
    may(stage, "units.read", "case.act_for", "case.dispatch")
    asked = {"id": "a1", "unit_id": "u1", "case_id": "case1", "state": "OFFERED", "open": True}
    told = {"attempt": 2, "offered_at": OFFERED_AT, "answer_by": OFFERED_AT, "reason": ""}
    stage.assignments = [asked | told]
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    selected(seen.page, "case1")
    seen.page.wait_for_selector(".assignments >> text=第 2 次派单")
    seen.page.click(".assignments [data-step=decline]")
    seen.page.keyboard.press("Enter")
    assert stage.steps == []
    seen.page.keyboard.type("车辆故障")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector(".assignments form", state="detached")
    assert stage.steps == [("a1", "decline", {"reason": "车辆故障"})]
    seen.page.click(".assignments [data-step=ack]")
    seen.page.wait_for_timeout(300)
    assert stage.steps[1:] == [("a1", "ack", {})]
    assert seen.said == []


def test_a_case_on_hold_stands_still_in_the_queue_and_in_the_panel(
    browser: Browser, stage: Stage
) -> None:
    until = "2026-11-29T01:00:00.000Z"
    stage.rows["case1"] |= {"suspended": True, "resumes_at": until}
    stage.rows["case1"] |= {"started_at": OFFERED_AT}
    clock = {"stage": "file", "started_at": OFFERED_AT, "due_at": until}
    opened_entry = entry(1, "case_opened", "李敏", clock=clock)
    stage.details = {
        "timeline": [opened_entry],
        "clock": {"paused": True, "remaining_s": 1200, "limit_kind": "urgent_hours"},
    }
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    seen.page.wait_for_selector(".row[data-id=case1] .left.is-held:has-text('至 11-29')")
    selected(seen.page, "case1")
    line = seen.page.locator(".clock.is-held")
    line.wait_for()
    assert "20:00" in line.inner_text()
    assert "暂停至 11-29 09:00" in line.inner_text()
    before = line.inner_text()
    seen.page.wait_for_timeout(2200)
    assert seen.page.locator(".clock.is-held").inner_text() == before


def test_every_new_key_stands_on_the_sheet_and_in_the_command_bar(
    browser: Browser, stage: Stage
) -> None:
    stage.actions = ["dispatch", "suspend"]
    seen = Seen(browser, stage.address, "/desk").ready("desk")
    seen.page.keyboard.press("?")
    seen.page.wait_for_selector("dialog[open] >> text=响应最紧急的呼叫")
    seen.page.keyboard.press("Escape")
    selected(seen.page, "case1")
    seen.page.wait_for_selector("[data-action=suspend]", state="attached")
    seen.page.keyboard.press("/")
    seen.page.keyboard.type("挂账")
    seen.page.wait_for_selector(".options.up li:has-text('申请挂账')")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector(".action-form .hint:has-text('每案最多挂账 1 次')")
