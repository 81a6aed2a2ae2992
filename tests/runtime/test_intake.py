"""Intake on a whole console: repeats are told, machines join by rule, sheets are brought once, versions are live at once."""

from collections.abc import Iterator
from typing import Any

import pytest

from incidents.categories import COLUMNS
from incidents.table_files import shipped
from tests.runtime.citizens import Office, an_office

pytestmark = [pytest.mark.server]
CSV = {"Content-Type": "text/csv"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with an_office(tmp_path_factory.mktemp("intake")) as office:
        yield office


def bring(
    office: Office, what: str, sheet: str, role: str = "supervisor", *, dry_run: bool = False
) -> dict[str, Any]:
    path = f"/api/v1/{what}/import?dry_run={str(dry_run).lower()}&name=a.csv"
    answer = office.ask("POST", path, role, content=sheet.encode(), headers=CSV)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def outcomes(told: dict[str, Any]) -> list[str]:
    return [row["outcome"] for row in told["rows"]]


# --- on arrival ---


def test_the_same_caller_minutes_later_is_told_and_nothing_is_merged(office: Office) -> None:
    first = office.report("c1", caller_phone="13800001111", text="东门口有个坑")
    again = office.report("c2", caller_phone="+86 138-0000-1111", text="完全是另一件事")
    assert again["repeat"]["reason"] == "same_caller"
    assert again["repeat"]["case"]["id"] == first["case"]["id"]
    assert (again["attached"], again["case"]["id"] != first["case"]["id"]) == (False, True)


def test_a_report_that_is_nearly_the_same_is_told_with_its_terms(office: Office) -> None:
    first = office.report("d1", text="乾元路与临溪路口窨井盖丢失")
    again = office.report("d2", text="临溪路乾元路路口窨井盖丢失了")
    assert again["duplicates"][0]["case"]["id"] == first["case"]["id"]
    assert "同小类" in again["duplicates"][0]["why"]
    assert again["repeat"]["reason"] == "score"


def test_what_is_told_beside_a_report_is_told_again_with_the_same_answer(office: Office) -> None:
    one = office.report("e1", text="西街尽头的路灯杆倒了")
    assert office.report("e1", text="西街尽头的路灯杆倒了") == one


def test_a_sensor_that_repeats_itself_joins_its_case_by_rule(office: Office) -> None:
    alarm = {"source": "sensor", "category": "S01", "text": "水位 3.4 m 超阈值"}
    first = office.report("s1", "integrator", **alarm)
    again = office.report("s2", "integrator", **alarm)
    assert (again["attached"], again["by_rule"]) == (True, "machine_repeats")
    assert (again["case"]["id"], again["case"]["reports"]) == (first["case"]["id"], 2)
    here = office.here()
    away = office.report("s3", "integrator", **{**alarm, "lat": here["lat"] + 0.002})
    other = office.report("s4", "integrator", **{**alarm, "category": "S02"})
    assert [away["attached"], other["attached"]] == [False, False]


def test_a_report_put_to_a_case_is_counted_with_it_wherever_the_case_is_read(
    office: Office,
) -> None:
    first = office.report("count1", text="河边栏杆倒了")["case"]
    told = office.report("count2", text="栏杆倒在河边", case=first["id"])
    kept = office.ask("GET", f"/api/v1/cases/{first['id']}").json()
    [listed] = office.ask("GET", "/api/v1/cases", params={"q": first["number"]}).json()["items"]
    assert (told["case"]["reports"], kept["case"]["reports"], listed["reports"]) == (2, 2, 2)
    assert kept["case"]["version"] == told["case"]["version"]


def test_a_person_who_says_the_same_as_a_sensor_is_only_asked(office: Office) -> None:
    told = office.report("p1", category="S01", text="水位 3.4 m 超阈值")
    assert told["attached"] is False


def test_what_is_attached_stands_in_the_timeline_with_its_rule(office: Office) -> None:
    alarm = {"source": "sensor", "category": "S03", "text": "压力低"}
    case = office.report("t1", "integrator", **alarm)["case"]
    office.report("t2", "integrator", **alarm)
    detail = office.ask("GET", f"/api/v1/cases/{case['id']}").json()
    told = [one["data"] for one in detail["timeline"] if one["kind"].endswith("attached.v1")]
    assert told[0]["by_rule"] == "machine_repeats"
    assert "m, " in told[0]["why"]
    assert len(detail["reports"]) == 2


# --- sheets ---


def test_a_sheet_of_reports_is_taken_once_however_often_it_is_sent(office: Office) -> None:
    here = office.here()
    sheet = (
        "编号,内容,类别,经度,纬度,地址,电话,时间\n"
        f"A1,路灯不亮,路灯,{here['lon']},{here['lat']},,13800002222,2026-11-01 08:00\n"
        "A2,积水很深,E0506,,,人民路,,\n"
        "A3,积水,E0506,,,没有这个地方,,\n"
        f"A4,,E0506,{here['lon']},{here['lat']},,,\n"
        f"A5,红绿灯不亮,,{here['lon']},{here['lat']},,,\n"
        f"A6,有坑,E0113,{here['lon']},{here['lat']},,,尽快\n"
        f"A7,有坑,E0113,0,0,,,\n"
        f"A8,有坑,E0113,{here['lon']},,,,\n"
        f"A9,有坑,没有这类,{here['lon']},{here['lat']},,,\n"
    )
    looked = bring(office, "reports", sheet, dry_run=True)
    assert (looked["accepted"], looked["refused"]) == (2, 7)
    assert all(row["case_id"] is None for row in looked["rows"])
    first = bring(office, "reports", sheet)
    assert outcomes(first) == ["accepted"] * 2 + ["refused"] * 7
    assert [row["problem"] for row in first["rows"][2:]] == [
        "intake.address_nowhere",
        "intake.text_needed",
        "intake.category_needed",
        "intake.bad_cell",
        first["rows"][6]["problem"],
        "exchange.half_a_place",
        "incidents.unknown_category",
    ]
    assert "B0211" in first["rows"][4]["reason"]
    assert "人民路" in first["rows"][1]["remarks"][0]
    again = bring(office, "reports", sheet)
    assert outcomes(again)[:2] == ["unchanged"] * 2
    assert again["rows"][0]["case_id"] == first["rows"][0]["case_id"]


def test_a_look_at_a_sheet_foretells_what_its_import_does(office: Office) -> None:
    here = f"{office.here()['lon']},{office.here()['lat']}"
    sheet = (
        "编号,内容,类别,经度,纬度,事发时间\n"
        f"L1,路灯不亮,路灯,{here},\n"
        f"L1,路灯倒了,路灯,{here},\n"
        f"L1,路灯不亮,路灯,{here},\n"
        f"L2,{'长' * 2001},路灯,{here},\n"
        f"L3,路灯不亮,路灯,{here},2099-01-01 00:00\n"
        f"L4,路灯不亮,路灯,{here},昨天\n"
        "L5,路灯不亮,路灯,,,\n"
    )
    looked = bring(office, "reports", sheet, dry_run=True)
    brought = bring(office, "reports", sheet)
    assert outcomes(looked) == ["accepted", "refused", "unchanged"] + ["refused"] * 4
    told = [[(row["outcome"], row["problem"], row["reason"]) for row in one["rows"]] for one in (looked, brought)]  # fmt: skip
    assert told[0] == told[1]
    assert brought["rows"][4]["problem"] == "intake.not_yet"
    assert "事发时间" in brought["rows"][5]["reason"]  # as the sheet calls it


def test_a_known_number_with_other_words_is_refused(office: Office) -> None:
    here = office.here()
    row = f"B1,路灯不亮,B0137,{here['lon']},{here['lat']}\n"
    head = "编号,内容,类别,经度,纬度\n"
    assert outcomes(bring(office, "reports", head + row)) == ["accepted"]
    changed = bring(office, "reports", head + row.replace("不亮", "亮了"))
    assert changed["rows"][0]["problem"] == "intake.row_changed"


# --- categories ---


def test_a_new_version_is_live_at_once_and_old_cases_keep_theirs(office: Office) -> None:
    old = office.report("v1", category="B0101")["case"]
    row = next(line for line in shipped("categories.csv").splitlines() if ",B0101," in line)
    new = row.replace("2013,2013-12-31", "2026,2026-01-01").replace(",4,工作时,", ",3,工作时,")
    bad = new.replace("B0101", "B0102").replace(",3,工作时,", ",尽快,工作时,")
    future = new.replace("2026,2026-01-01", "2099,2099-01-01")
    told = bring(office, "categories", "\n".join([",".join(COLUMNS), new, bad, future]))
    assert outcomes(told) == ["added", "refused", "added"]
    assert told["rows"][1]["row"] == 3
    fresh = office.report("v2", category="B0101")["case"]
    assert fresh["category"] == "GB30428-2@2026:B0101"
    kept = office.ask("GET", f"/api/v1/cases/{old['id']}").json()["case"]
    assert kept["category"] == "GB30428-2@2013:B0101"
    listed = {row["code"]: row for row in office.ask("GET", "/api/v1/categories").json()["items"]}
    assert listed["B0101"]["full_code"] == "GB30428-2@2026:B0101"
    assert (listed["B0101"]["limit_value"], listed["B0101"]["group_zh"]) == (3, "公用设施")
    again = bring(office, "categories", "\n".join([",".join(COLUMNS), new]))
    assert outcomes(again) == ["unchanged"]
    edited = bring(office, "categories", "\n".join([",".join(COLUMNS), new.replace(",3,工", ",9,工")]))  # fmt: skip
    assert edited["rows"][0]["problem"] == "incidents.category_kept"


def test_versions_are_listed_with_where_they_come_from_and_what_is_in_force(office: Office) -> None:
    row = next(line for line in shipped("categories.csv").splitlines() if ",B0103," in line)
    new = row.replace("2013,2013-12-31", "2026,2026-01-01")
    bring(office, "categories", "\n".join([",".join(COLUMNS), new]))
    items = office.ask("GET", "/api/v1/categories/versions", "sysadmin").json()["items"]
    of = {one["full_code"]: one for one in items if one["code"] == "B0103"}
    old, brought = of["GB30428-2@2013:B0103"], of["GB30428-2@2026:B0103"]
    assert (old["origin"], old["in_force"], old["added_at"]) == ("shipped", False, None)
    assert (brought["origin"], brought["in_force"]) == ("brought", True)
    assert brought["added_at"] is not None
    assert office.ask("GET", "/api/v1/categories/versions", "intake").status_code == 403


def test_the_priority_foretold_is_the_priority_given(office: Office) -> None:
    path = "/api/v1/reports/priority"
    told = office.ask("GET", path, params={"category": "B0123", **office.here()}).json()
    assert told["priority"] == office.report("pr1", text="校门口的井盖没了")["case"]["priority"]
    alone = office.ask("GET", path, params={"category": "B0123"}).json()
    assert (alone["rule"], alone["sites"]) == ("category_default", [])


def test_what_is_suggested_learns_from_what_was_handled(office: Office) -> None:
    params = {"text": "鸡公车又堵在这里"}
    before = office.ask("GET", "/api/v1/categories/suggest", params=params).json()["items"]
    assert "E0401" not in [one["code"] for one in before]
    for number in range(3):
        case = office.report(f"l{number}", category="E0401", text=f"鸡公车卖菜 {number}")["case"]
        for name in ("file", "dispatch"):
            body = {"name": name, "version": case["version"], "arguments": {}}
            path = f"/api/v1/cases/{case['id']}/commands"
            answer = office.ask("POST", path, once=f"l{number}{name}", json=body)
            assert answer.status_code == 200, answer.text
            case = answer.json()["case"]
    portal = office.client.portal
    assert portal is not None
    portal.call(office.console.service.suggesting.learn)
    after = office.ask("GET", "/api/v1/categories/suggest", params=params).json()["items"]
    assert (after[0]["code"], after[0]["learned"]) == ("E0401", 3)
    assert "3" in after[0]["why"]


# --- many at once ---


@pytest.mark.slow
def test_a_flood_of_reports_is_merged_in_a_few_calls_and_nothing_is_lost(
    office: Office,
) -> None:
    here = office.here()
    head = "编号,内容,类别,经度,纬度\n"
    flood = [
        f"F{n},积水很深第{n}处,E0506,{here['lon'] + n % 40 * 1e-5},{here['lat'] + n // 40 * 1e-5}"
        for n in range(501)
    ]
    told = bring(office, "reports", head + "\n".join(flood))
    assert told["accepted"] == 501
    ids = [row["case_id"] for row in told["rows"]]
    master, rest = ids[0], ids[1:]
    for start in range(0, len(rest), 250):
        body = {"ids": rest[start : start + 250], "command": "merge", "arguments": {"master": master}}  # fmt: skip
        answer = office.ask("POST", "/api/v1/cases/bulk", once=f"flood-{start}", json=body)
        assert answer.json()["done"] == 250, answer.text[:500]
    body = {"ids": rest[:250], "command": "merge", "arguments": {"master": master}}
    again = office.ask("POST", "/api/v1/cases/bulk", once="flood-0", json=body)
    assert all(one["replayed"] for one in again.json()["results"])
    case = office.ask("GET", f"/api/v1/cases/{master}").json()["case"]
    assert case["reports"] == 501
