"""Tables: the shipped ones are whole, and what cannot be read is refused with its row and column."""

from collections.abc import Callable
from datetime import date

import pytest

from incidents.categories import COLUMNS, CategoryTable, parse_categories
from incidents.clocks import Limit
from incidents.model import Lane, LimitKind, Priority
from incidents.priority import Trigger, parse_priorities, parse_raise_rules, raised
from incidents.rulebook import parse_calendar, parse_codes, parse_departments, read_tables
from incidents.table_files import shipped
from tests.incidents.stories import TABLES
from vocabulary.errors import Refused

ROW = {
    "scheme": "GB30428-2",
    "version": "2013",
    "valid_from": "2013-12-31",
    "code": "E0506",
    "name_zh": "道路积水",
    "name_en": "flooded road",
    "filing_conditions": "01 积水|flooded=1 紧急工作时+4 工作时;02 渗水|seeping",
    "closing_conditions": "01 排除|gone +photo +note;02 恢复|restored",
    "limit_value": "2",
    "limit_kind": "紧急工作时",
    "lead_dept": "drainage",
    "supervise_dept": "urban_management",
    "legal_basis": "",
    "default_priority": "P1",
    "cap_category": "Transport",
    "cot_type": "b-r-o",
    "open311_service_code": "E0506",
    "lane": "routine",
}
DEPARTMENTS = ("drainage", "urban_management")


def table(*rows: dict[str, str]) -> CategoryTable:
    lines = [",".join(COLUMNS), *(",".join(row.values()) for row in rows)]
    return parse_categories("\n".join(lines), DEPARTMENTS)


def test_the_shipped_table_covers_every_domain() -> None:
    rows = TABLES.categories.current()
    assert len(rows) >= 60
    assert {row.code[0] for row in rows} == set("BESHYC")
    assert all(row.filing_conditions and row.closing_conditions for row in rows)
    assert {row.lane for row in rows if row.code.startswith("Y")} == {Lane.EMERGENCY}


def test_every_departments_table_entry_is_named_in_both_languages() -> None:
    assert all(row.zh and row.en for row in TABLES.departments.values())


def test_a_row_is_read_whole() -> None:
    row = table(ROW).find("E0506")
    first, second = row.filing_conditions
    assert first.control == Limit(1, LimitKind.URGENT_HOURS)
    assert first.limit == Limit(4, LimitKind.WORK_HOURS)
    assert (second.limit, second.control) == (Limit(2, LimitKind.URGENT_HOURS), None)
    assert row.closing_conditions[0].wants == {"photo", "note"}
    assert row.closing_conditions[1].wants == frozenset()


def test_a_category_may_have_no_closing_condition() -> None:
    assert table({**ROW, "closing_conditions": ""}).find("E0506").closing_conditions == ()


@pytest.mark.parametrize(
    "code",
    ["E0506", "e0506", " E0506 ", "E0506.01", "GB30428-2@2013:E0506", "GB30428-2@2013:E0506.01"],
)
def test_a_category_is_found_by_its_short_or_full_code(code: str) -> None:
    assert TABLES.categories.find(code).full_code == "GB30428-2@2013:E0506"


def test_an_unknown_code_is_told_what_is_near_to_it() -> None:
    with pytest.raises(Refused) as refused:
        TABLES.categories.find("GB30428-2@2031:E0506")
    assert "E0506 道路积水" in refused.value.text("zh")
    assert TABLES.categories.nearest("@@@@") != ""


def test_a_new_version_stands_beside_the_old_from_its_day_on() -> None:
    new = {**ROW, "version": "2027", "valid_from": "2027-01-01", "limit_value": "1"}
    for rows in ((ROW, new), (new, ROW)):
        both = table(*rows)
        assert both.find("E0506").version == "2027"
        assert both.find("E0506", date(2026, 12, 31)).version == "2013"
        assert both.find("GB30428-2@2013:E0506").limit.value == 2
    with pytest.raises(Refused):
        table(new).find("E0506", date(2026, 12, 31))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("limit_value", "尽快"),
        ("limit_value", "0"),
        ("limit_kind", "小时"),
        ("filing_conditions", "01 积水|flooded=尽快"),
        ("filing_conditions", "01 积水|flooded=尽快+5 工作日"),
        ("filing_conditions", "积水"),
        ("filing_conditions", ""),
        ("closing_conditions", "01 排除|gone +video"),
        ("closing_conditions", "排除"),
        ("scheme", ""),
        ("valid_from", "去年"),
        ("code", "X0506"),
        ("code", "E05.06"),
        ("lead_dept", "navy"),
        ("supervise_dept", ""),
        ("default_priority", "P5"),
        ("cap_category", "Water"),
        ("lane", "fast"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_with_row_and_column(column: str, value: str) -> None:
    good = {**ROW, "code": "E0507"}
    with pytest.raises(Refused) as refused:
        table(good, {**ROW, column: value})
    assert refused.value.code == "incidents.bad_cell"
    assert (refused.value.values["row"], refused.value.values["column"]) == (3, column)
    assert column in refused.value.text("zh")


def test_a_code_stands_once_in_a_version() -> None:
    with pytest.raises(Refused) as refused:
        table(ROW, ROW)
    assert refused.value.values["column"] == "code"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("a,b\n", "incidents.bad_head"), ("", "incidents.bad_head")],
)
def test_another_head_is_refused(text: str, refusal: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_departments(text)
    assert refused.value.code == refusal


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        parse_departments("id,zh,en\nfire,消防\n")
    assert refused.value.code == "incidents.bad_row"


def test_a_byte_order_mark_of_a_spreadsheet_is_no_part_of_the_head() -> None:
    assert "fire" in parse_departments("\ufeffid,zh,en\nfire,消防,Fire\n")


CALENDAR = "name,value\nzone,Asia/Shanghai\nhours,08:30-12:00\nweekdays,1 2\n"
HOLIDAYS = "date,kind,zh,source\n"


def _calendar(change: tuple[str, str]) -> Callable[[], object]:
    return lambda: parse_calendar(CALENDAR.replace(*change), HOLIDAYS)


@pytest.mark.parametrize(
    "change",
    [("Asia/Shanghai", "Moon/Tycho"), ("08:30-12:00", "all day"), ("1 2", "8"), ("1 2", "Mon")],
)
def test_a_calendar_that_cannot_be_read_is_refused(change: tuple[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        _calendar(change)()
    assert refused.value.values["column"] == "value"


def test_holidays_and_make_up_days_are_dates() -> None:
    days = HOLIDAYS + "2026-10-01,holiday,国庆节,x\n2026-10-10,workday,调休,x\n"
    calendar = parse_calendar(CALENDAR, days)
    assert calendar.holidays == {date(2026, 10, 1)}
    assert calendar.extra_workdays == {date(2026, 10, 10)}
    with pytest.raises(Refused):
        parse_calendar(CALENDAR, HOLIDAYS + "10-01,holiday,国庆节,x\n")


def test_a_table_that_lacks_a_row_the_rules_need_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match=r"priorities\.csv lacks"):
        parse_priorities(shipped("priorities.csv").partition("P4,")[0])
    short = {"timers.csv": "name,value,source\ncheck,24 h,x\n"}
    with pytest.raises(ValueError, match=r"timers\.csv lacks"):
        read_tables(lambda name: short.get(name) or shipped(name))


def test_a_county_may_bring_its_own_check_limit() -> None:
    own = {"timers.csv": shipped("timers.csv").replace("check,24 h", "check,2 工作日")}
    tables = read_tables(lambda name: own.get(name) or shipped(name))
    assert tables.timers["check"] == Limit(2, LimitKind.WORK_DAYS)


def test_codes_say_which_sources_may_be_verified() -> None:
    codes = parse_codes("list,code,zh,en,verify,sensor\nsource,phone,电话,phone,yes,\n")
    assert codes["source"]["phone"].verify
    with pytest.raises(Refused):
        parse_codes("list,code,zh,en,verify,sensor\ncolour,red,红,red,,\n")


# --- raise rules ---


@pytest.mark.parametrize(
    ("present", "trigger", "floor", "after"),
    [
        (Priority.P3, Trigger.SECOND_SOURCE, None, Priority.P2),
        (Priority.P1, Trigger.SECOND_SOURCE, None, None),  # not above P1
        (Priority.P0, Trigger.SECOND_SOURCE, None, None),  # never lower
        (Priority.P1, Trigger.SENSOR_AND_REPORT, None, Priority.P0),
        (Priority.P4, Trigger.REPEATED, None, Priority.P2),
        (Priority.P1, Trigger.REPEATED, None, None),
        (Priority.P3, Trigger.JOINED_MORE_URGENT, Priority.P0, Priority.P0),
        (Priority.P1, Trigger.JOINED_MORE_URGENT, Priority.P3, None),
        (Priority.P2, Trigger.UNACKNOWLEDGED, None, Priority.P1),
        (Priority.P2, Trigger.VULNERABLE_SITE, None, Priority.P1),
    ],
)
def test_a_rule_only_raises(
    present: Priority, trigger: Trigger, floor: Priority | None, after: Priority | None
) -> None:
    found = raised(present, trigger, TABLES.raise_rules, floor)
    assert (found.priority if found else None) == after


def test_every_trigger_has_one_rule_and_a_struck_rule_raises_nothing() -> None:
    rules = parse_raise_rules(shipped("raise_rules.csv"))
    assert sorted(rule.trigger for rule in rules) == sorted(Trigger)
    without = tuple(rule for rule in rules if rule.trigger is not Trigger.REPEATED)
    assert raised(Priority.P4, Trigger.REPEATED, without) is None
