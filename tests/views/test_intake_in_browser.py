"""Taking reports and working through many cases in a real browser: by the keyboard, with nothing lost and a silent console."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from security.permissions import PERMISSIONS
from tests.browsing import Seen
from tests.views.intake_stage import likely
from tests.views.serving import Stage, row

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PASTE = "发件人:李明\n路口积水很深\n电话:13800001234"
TEXT = ".report-form .field textarea"


@pytest.fixture
def office(stage: Stage) -> Stage:
    """Return the stage with an officer who may do everything."""
    assert stage.desk.who is not None
    stage.desk.who = replace(stage.desk.who, permissions=frozenset(PERMISSIONS))
    return stage


def desk(browser: Browser, stage: Stage, path: str = "/desk") -> Seen:
    seen = Seen(browser, stage.address, path).ready("desk")
    seen.page.wait_for_selector("#queue .row:not([hidden])")
    return seen


def test_a_report_is_put_to_the_case_it_belongs_to_by_the_keyboard_alone(
    browser: Browser, office: Stage
) -> None:
    office.intake.likely = [likely(office.rows["case1"])]
    seen = desk(browser, office)
    page, keyboard = seen.page, seen.page.keyboard
    keyboard.press("n")
    page.wait_for_selector(f"{TEXT}:focus")
    keyboard.type("解放路口积水")
    page.wait_for_selector(".likely-row:has-text('38 m, 4 分钟, 同小类, 文本 0.71 → 0.88')")
    page.wait_for_selector(".suggestion:has-text('曾办 12 起')")
    keyboard.press("Alt+Digit1")
    page.wait_for_selector(".foretold:has-text('按类别默认')")
    keyboard.press("Alt+ArrowDown")
    keyboard.press("Enter")
    page.wait_for_selector(".attached:has-text('并入')")
    keyboard.press("Enter")
    page.wait_for_selector(".report-form", state="detached")
    [(_, body)] = office.reports
    assert (body["case"], body["category"], body["lon"]) == ("case1", "E0506", 119.91)
    assert seen.said == []


def test_a_report_may_be_a_new_case_after_all(browser: Browser, office: Stage) -> None:
    office.intake.likely = [likely(office.rows["case1"])]
    seen = desk(browser, office)
    seen.page.keyboard.press("n")
    seen.page.keyboard.type("解放路口积水")
    seen.page.click(".likely-row")
    seen.page.wait_for_selector(".attached:not([hidden])")
    seen.page.keyboard.press("Alt+KeyZ")
    seen.page.wait_for_selector(".attached", state="hidden")
    seen.page.keyboard.press("Control+Enter")
    seen.page.wait_for_selector(".report-form", state="detached")
    assert "case" not in office.reports[0][1]


def test_a_pasted_mail_fills_the_form_and_is_taken_back_whole(
    browser: Browser, office: Stage
) -> None:
    seen = desk(browser, office)
    page, keyboard = seen.page, seen.page.keyboard
    keyboard.press("n")
    page.wait_for_selector(f"{TEXT}:focus")
    keyboard.type("先写的字")
    keyboard.press("Alt+KeyV")
    keyboard.insert_text(PASTE)
    keyboard.press("Control+Enter")
    page.wait_for_selector(".pasted mark.span-phone:has-text('13800001234')")
    assert page.locator(".pasted mark.span-text").inner_text() == "路口积水很深"
    assert page.locator(TEXT).input_value() == "路口积水很深"
    assert page.get_by_label("来电号码").input_value() == "13800001234"
    keyboard.press("Alt+KeyZ")
    page.wait_for_selector(".paste-box", state="hidden")
    assert page.locator(TEXT).input_value() == "先写的字"
    assert page.get_by_label("来电号码").input_value() == ""
    assert office.reports == []
    assert seen.said == []


def test_many_are_picked_by_keys_and_merged_after_a_second_look(
    browser: Browser, office: Stage
) -> None:
    office.intake.refused = {"case3": "<b>不能</b>并案"}
    seen = desk(browser, office)
    page, keyboard = seen.page, seen.page.keyboard
    keyboard.press("j")
    keyboard.press("x")
    keyboard.press("Shift+ArrowDown")
    keyboard.press("Shift+ArrowDown")
    page.wait_for_selector(".bulk-head b:has-text('3')")
    page.click("[data-bulk=merge]")
    page.wait_for_selector(".bulk-form select:focus")
    keyboard.press("Control+Enter")
    page.wait_for_selector(".bulk-form .field-error:not([hidden])")
    assert office.intake.bulk == []
    keyboard.press("Space")
    keyboard.press("Control+Enter")
    page.wait_for_selector(".bulk-results h3.is-late:has-text('<b>不能</b>并案')")
    [(_, body)] = office.intake.bulk
    assert (body["command"], body["arguments"]) == ("merge", {"master": "case1"})
    assert sorted(body["ids"]) == ["case2", "case3"]
    keyboard.press("Escape")
    # What was refused stays picked, and so does the master.
    assert page.locator("#queue .row[aria-checked=true]").count() == 2
    keyboard.press("Escape")
    page.wait_for_selector(".bulk-bar", state="hidden")
    assert seen.said == []


def test_filters_and_order_stand_in_the_address_and_come_back(
    browser: Browser, office: Stage
) -> None:
    office.rows["case2"] = row(2, town="云溪镇", state="FILED", lead="drainage")
    seen = desk(browser, office, "/desk?town=云溪镇&sort=newest")
    page = seen.page
    assert page.locator("#queue .row:not([hidden])").count() == 1
    page.select_option("[data-filter=state]", "FILED")
    assert "state=FILED" in page.url
    page.keyboard.press("c")
    page.wait_for_selector("#queue .row[data-id=case3]:not([hidden])")
    assert "town" not in page.url
    assert "sort=newest" in page.url
    page.keyboard.press("u")
    page.wait_for_selector("#queue .row[data-id=case3]", state="hidden")


def test_a_duplicate_is_compared_and_merged_from_the_case(browser: Browser, office: Stage) -> None:
    office.intake.likely = [likely(office.rows["case2"])]
    seen = desk(browser, office)
    page = seen.page
    page.click("#queue .row[data-id=case1]")
    page.wait_for_selector(".duplicates li.is-sure:has-text('0.71 → 0.88')")
    page.click(".duplicates li .action >> nth=0")
    page.wait_for_selector(".compare-table tr:not(.is-same):has-text('编号')")
    page.click(".compare .action >> text=另一案并入本案")
    page.wait_for_selector(".compare[open]", state="detached")
    [(case, wish)] = office.commands
    assert (case, wish["name"], wish["arguments"]) == ("case2", "merge", {"master": "case1"})
    assert seen.said == []


def test_a_sheet_is_judged_before_it_is_brought(
    browser: Browser, office: Stage, tmp_path: Path
) -> None:
    sheet = tmp_path / "来报.csv"
    sheet.write_text("编号,内容\nA-1,积水\nA-2,\n", "utf-8")
    seen = desk(browser, office)
    page = seen.page
    page.keyboard.press("o")
    page.set_input_files(".import input[type=file]", sheet)
    page.wait_for_selector(".import-rows tr.is-refused:has-text('<b>没有</b>内容')")
    assert [dry for dry, _ in office.intake.sheets] == [True]
    page.keyboard.press("Enter")
    page.wait_for_selector(".import-said:has-text('已导入')")
    assert [dry for dry, _ in office.intake.sheets] == [True, False]
    assert office.intake.sheets[1][1] == sheet.read_bytes()
    assert seen.said == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_administrators_page_lists_versions(
    browser: Browser, office: Stage, language: str
) -> None:
    seen = Seen(browser, office.address, "/admin")
    cookie = {"name": "onenet_language", "value": language, "url": office.address}
    seen.context.add_cookies([cookie])  # type: ignore[list-item]
    seen.page.goto(office.address + "/admin#categories")
    seen.page.reload()
    seen.ready("admin")
    rows = seen.page.locator(".versions tbody tr")
    assert rows.count() == 1
    assert ("上水井盖" if language == "zh" else "water cover") in rows.first.inner_text()
    seen.page.check(".table-head label input")
    assert rows.count() == 2
    assert seen.measured("document.documentElement.scrollWidth") == 1920
    assert seen.said == []


def test_two_thousand_rows_are_scrolled_with_the_rows_in_sight_only(
    browser: Browser, office: Stage
) -> None:
    office.rows = {f"case{n}": row(n) for n in range(1, 2001)}
    seen = desk(browser, office)
    rows = "document.querySelectorAll('#queue .row').length"
    assert seen.measured(rows) < 60
    seen.measured("document.querySelector('#queue .rows').scrollTop = 40000")
    seen.page.wait_for_timeout(300)
    assert seen.measured(rows) < 60
    seen.page.keyboard.press("Shift+KeyA")
    seen.page.wait_for_selector(".bulk-head b:has-text('2,000')")
