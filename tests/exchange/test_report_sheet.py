"""Sheets of reports that are damaged, or claim to be larger than they are: refused by name, and soon."""

import io
import re
import zipfile
from time import process_time

import pytest
from openpyxl import Workbook

from exchange.report_sheet import read_reports
from exchange.sheet import Sheet
from vocabulary.errors import Refused

PAGE = "xl/worksheets/sheet1.xml"


def a_book(rows: int = 2) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["内容", "类别"])
    for number in range(rows):
        page.append([f"井盖没了 {number}", "E0506"])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def changed(pattern: str, by: str, part: str = PAGE) -> Sheet:
    """Return a book with one of its parts written otherwise."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(a_book())) as before,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            text = before.read(name)
            if name == part:
                told = re.sub(pattern, by, text.decode(), count=1)
                assert told.encode() != text
                text = told.encode()
            after.writestr(name, text)
    return Sheet(name="reports.xlsx", form="xlsx", content=kept.getvalue())


def test_a_book_that_says_it_is_one_cell_large_is_read_to_its_end() -> None:
    assert len(read_reports(changed(r'<dimension ref="[^"]*"', '<dimension ref="A1"'))) == 2


def test_a_book_that_says_it_is_a_billion_rows_long_is_refused_at_once() -> None:
    book = changed(r'<row r="3"', '<row r="999999999"')
    started = process_time()
    with pytest.raises(Refused) as refused:
        read_reports(book)
    assert refused.value.code == "incidents.sheet_too_long"
    assert process_time() - started < 10


@pytest.mark.parametrize(
    ("pattern", "by", "part"),
    [
        ("</sheetData>", "", PAGE),
        (r"<sheet [^>]*>", "", "xl/workbook.xml"),
        ("<worksheet", "<w", PAGE),
        ("</workbook>", "", "xl/workbook.xml"),
    ],
)
def test_a_damaged_book_is_refused_as_such(pattern: str, by: str, part: str) -> None:
    with pytest.raises(Refused) as refused:
        read_reports(changed(pattern, by, part))
    assert refused.value.code == "incidents.bad_sheet"


def test_a_book_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(11):
            packed.writestr(f"{number}", bytes(10_000_000))
    with pytest.raises(Refused) as refused:
        read_reports(Sheet(name="bomb.xlsx", form="xlsx", content=kept.getvalue()))
    assert "too large" in refused.value.text("en")
