"""A sheet of categories: rows are added, known, or refused with their number and reason; nothing kept is edited."""

import pytest

from incidents.categories import COLUMNS, CategoryTable
from incidents.category_sheet import SheetRow, csv_rows, read_sheet, yaml_rows
from tests.incidents.stories import TABLES
from tests.incidents.test_tables import ROW
from vocabulary.errors import Refused

NEW = {**ROW, "version": "2027", "valid_from": "2027-01-01"}
DEPARTMENTS = tuple(TABLES.departments)
NOTHING = CategoryTable(())


def sheet(*rows: dict[str, str]) -> str:
    return "\n".join([",".join(COLUMNS), *(",".join(row.values()) for row in rows)])


def told(text: str, known: CategoryTable = TABLES.categories) -> list[SheetRow]:
    return read_sheet(csv_rows(text), DEPARTMENTS, known)


def reason(row: SheetRow) -> str:
    assert row.refusal is not None
    return row.refusal.code


def test_the_shipped_table_has_the_whole_of_both_levels_in_both_languages() -> None:
    rows = TABLES.categories.current()
    objects = [row for row in rows if row.code[0] == "B"]
    events = [row for row in rows if row.code[0] == "E"]
    assert {row.code[:3] for row in objects} == {f"B0{n}" for n in range(1, 6)}
    assert {row.code[:3] for row in events} == {f"E0{n}" for n in range(1, 7)}
    assert len(objects) >= 80
    assert len(events) >= 60
    for row in rows:
        group = TABLES.group(row.code)
        assert row.name_zh
        assert row.name_en
        assert group.zh
        assert group.en
        assert row.legal_basis, row.code


def test_a_new_version_is_added_and_the_same_again_is_unchanged() -> None:
    first = told(sheet(NEW))
    assert [(row.row, row.outcome) for row in first] == [(2, "added")]
    assert first[0].category is not None
    again = told(sheet(NEW), CategoryTable((first[0].category,)))
    assert [row.outcome for row in again] == ["unchanged"]


def test_a_kept_version_is_never_edited() -> None:
    changed = told(sheet({**NEW, "limit_value": "9"}), told_table(NEW))
    assert reason(changed[0]) == "incidents.category_kept"
    newer = told(sheet({**NEW, "version": "2028", "limit_value": "9"}), told_table(NEW))
    assert newer[0].outcome == "added"


def told_table(*rows: dict[str, str]) -> CategoryTable:
    found = told(sheet(*rows), NOTHING)
    return CategoryTable([row.category for row in found if row.category is not None])


def test_one_bad_row_does_not_hold_up_the_others() -> None:
    bad = {**NEW, "code": "E0507", "limit_value": "尽快"}
    short = ",".join(COLUMNS[:3])
    rows = told("\n".join([sheet(NEW, bad), short, sheet({**NEW, "code": "E0508"}).split("\n")[1]]))
    assert [(row.row, row.outcome) for row in rows] == [
        (2, "added"),
        (3, "refused"),
        (4, "refused"),
        (5, "added"),
    ]
    assert [reason(row) for row in rows[1:3]] == ["incidents.bad_cell", "incidents.bad_row"]


@pytest.mark.parametrize("limit", ["", "尽快", "2小时", "两", "-1", "0", "1e400", "2,5"])
def test_a_limit_that_cannot_be_read_is_refused_and_never_guessed(limit: str) -> None:
    rows = told(sheet({**NEW, "limit_value": limit.replace(",", "、")}))
    assert reason(rows[0]) == "incidents.bad_cell"


def test_a_row_that_stands_twice_in_a_sheet_with_other_words_is_refused_the_second_time() -> None:
    rows = told(sheet(NEW, {**NEW, "name_zh": "别的"}))
    assert [row.outcome for row in rows] == ["added", "refused"]


def test_yaml_says_the_same_as_csv_and_lists_its_conditions() -> None:
    lines = [f"- {name}: {value!r}" if name == "scheme" else f"  {name}: {value!r}" for name, value in NEW.items()]  # fmt: skip
    joined = NEW["filing_conditions"].split(";")
    listed = "\n".join(lines).replace(repr(NEW["filing_conditions"]), str(joined))
    for text in ("\n".join(lines), listed):
        rows = read_sheet(yaml_rows(text), DEPARTMENTS, NOTHING)
        assert [row.category for row in rows] == [told(sheet(NEW), NOTHING)[0].category]


@pytest.mark.parametrize("text", ["a: b", "{", "x", ""])
def test_yaml_that_is_no_sheet_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_sheet(yaml_rows(text), DEPARTMENTS, NOTHING)
    assert refused.value.code == "incidents.bad_sheet"


@pytest.mark.parametrize(
    "text", ["- [1, 2]", "- {scheme: {a: b}}", "- {colour: red}", "- !!python/object:os.x {}"]
)
def test_a_yaml_row_that_is_none_is_refused_by_itself(text: str) -> None:
    rows = read_sheet(yaml_rows(text), DEPARTMENTS, NOTHING)
    assert [row.outcome for row in rows] == ["refused"]


def test_another_head_is_refused_whole() -> None:
    with pytest.raises(Refused) as refused:
        told("a,b\n1,2\n")
    assert refused.value.code == "incidents.bad_head"
    with pytest.raises(Refused) as refused:
        told(sheet({**NEW, "name_en": "x" * 200_000}))
    assert refused.value.code == "incidents.bad_sheet"


def test_a_sheet_has_an_end() -> None:
    row = ",".join(NEW.values())
    with pytest.raises(Refused) as refused:
        told("\n".join([",".join(COLUMNS), *([row] * 5001)]))
    assert refused.value.code == "incidents.sheet_too_long"
