"""An office's own tables: a file in the home stands for the shipped one, and what cannot be read is said with its row."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from dispatch.kinds import answer_within
from incidents.model import Priority
from incidents.rulebook import shipped_tables
from incidents.table_files import shipped
from runtime.own_tables import own_tables, own_waits
from vocabulary.errors import Refused


def put(home: Path, name: str, text: str) -> None:
    (home / "tables").mkdir(exist_ok=True)
    (home / "tables" / name).write_text(text, "utf-8")


def test_without_files_of_its_own_an_office_works_with_the_shipped_tables(tmp_path: Path) -> None:
    assert own_tables(tmp_path) is shipped_tables()


def test_a_new_years_days_off_and_on_are_added_in_one_file(tmp_path: Path) -> None:
    put(tmp_path, "holidays.csv", shipped("holidays.csv") + "2027-02-20,workday,调休上班,公告\n")
    calendar = own_tables(tmp_path).calendar
    assert calendar.is_workday(date(2027, 2, 20))
    assert not shipped_tables().calendar.is_workday(date(2027, 2, 20))


def test_a_row_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    put(tmp_path, "holidays.csv", "date,kind,zh,source\n2027-02-31,holiday,春节,x\n")
    with pytest.raises(Refused) as refused:
        own_tables(tmp_path)
    assert (refused.value.values["table"], refused.value.values["row"]) == ("holidays.csv", 2)


def test_a_file_that_is_none_of_these_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "holiday.csv", "x\n")
    with pytest.raises(Refused) as refused:
        own_tables(tmp_path)
    assert "holidays.csv" in refused.value.text("zh")


def test_an_office_says_for_itself_how_long_its_crews_have_to_answer(tmp_path: Path) -> None:
    assert own_waits(tmp_path) is answer_within()
    rows = "".join(f"{priority},600\n" for priority in Priority)
    put(tmp_path, "answer_within.csv", f"priority,answer_within_s\n{rows}")
    assert own_waits(tmp_path) == dict.fromkeys(Priority, timedelta(minutes=10))
    assert own_tables(tmp_path) is shipped_tables()  # a table of units changes none of cases


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("P0,0\nP1,60\nP2,60\nP3,60\nP4,60\n", "“0”"),
        ("P0,60\nP1,60\nP2,60\nP3,60\n", "P4"),
    ],
)
def test_a_wait_of_nothing_and_a_priority_left_out_are_refused(
    tmp_path: Path, text: str, named: str
) -> None:
    put(tmp_path, "answer_within.csv", f"priority,answer_within_s\n{text}")
    with pytest.raises(Refused) as refused:
        own_waits(tmp_path)
    assert named in refused.value.text("zh")
    assert "answer_within.csv" in refused.value.text("zh")


def test_2026_has_its_make_up_days() -> None:
    calendar = shipped_tables().calendar
    assert calendar.is_workday(date(2026, 2, 14))
    assert calendar.is_workday(date(2026, 10, 10))
    assert not calendar.is_workday(date(2026, 10, 7))
    assert not calendar.is_workday(date(2026, 2, 23))
