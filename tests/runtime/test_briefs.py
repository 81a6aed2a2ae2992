"""Briefs are planned in the store, made once, made up after an absence, and read in both languages."""

import io
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pypdf
import pytest
from openpyxl import load_workbook

from exchange.pdf import compile_pdf, template_text
from indicators.spans import Asked, Range, compared, days_of, trend_edges, window_of
from indicators.summary import View, summary
from runtime.brief_paper import Paper, paper_data, workbook
from runtime.briefs import Plan, planned, read_hour
from storage.briefs import Brief, change, list_briefs, load_file, order, take_due
from storage.engine import Store
from tests.indicators.vectors import frames_in, golden, instant
from tests.storage.stores import fresh_store
from views.words import words
from vocabulary.errors import Refused

ZONE = ZoneInfo("Asia/Shanghai")
FRIDAY_9 = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
PLAN = Plan(time(7, 30), "zh")


def told() -> dict[str, Any]:
    day = golden("figures")
    now = instant(day["now"])
    asked = Asked(range=Range.YESTERDAY)  # 18:00 UTC is the next morning in the county
    first, last = days_of(asked, now, ZONE)
    view = View(
        window=window_of(first, last, ZONE),
        before=compared(asked, first, last, ZONE, now),
        edges=tuple(trend_edges(first, last, ZONE)),
        now=now,
        only={},
    )

    warned = {"in_force": [], "issued": 3, "by_colour": {"red": 0, "orange": 1, "yellow": 2}}
    return summary(frames_in(day), view) | {"warnings": warned}


@pytest.fixture
def paper(request: pytest.FixtureRequest) -> Paper:
    language = getattr(request, "param", "zh")
    return Paper(
        told=told(), say=words(language), language=language, town_names={}, department_names={}
    )


@pytest.mark.parametrize("paper", ["zh", "en"], indirect=True)
def test_a_brief_is_a_paper_with_its_figures_in_words(paper: Paper) -> None:
    data, files = paper_data(paper)
    blank = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4" width="4" height="4"></svg>'
    data |= {"title": "简报", "county": "青岚县", "span": "-", "counted": "-", "foot": "-"}
    data |= {"map": {"name": "-", "note": "-", "attribution": "-"}}
    template = template_text("brief").replace("base.jpg", "base.svg")
    files |= {"map/base.svg": blank, "map/towns.svg": blank}
    pdf = compile_pdf(template, data, files, at=FRIDAY_9)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert "桥头镇" in text
    assert "75.0%" in text  # G12: 3 of 4
    warned = "黄色 2 条" if paper.language == "zh" else "Warnings issued in the span: 3"
    assert warned in text
    assert ("尚无覆盖数据" if paper.language == "zh" else "no coverage data yet") in text


def test_a_share_is_seen_in_per_cent_and_a_duration_in_seconds_and_both_stay_numbers(
    paper: Paper,
) -> None:
    sheet = load_workbook(io.BytesIO(workbook(paper, "日报"))).worksheets[0]
    seen = {
        row[0].value: (row[2].value, row[2].number_format) for row in sheet.iter_rows(min_row=2)
    }
    assert seen["G12"] == (pytest.approx(3 / 4), "0.0%")
    assert isinstance(seen["C02"][0], int | float)
    assert seen["C02"][1] == '0.000" s"'


def test_the_workbook_holds_numbers_and_no_formulas(paper: Paper) -> None:
    book = load_workbook(io.BytesIO(workbook(paper, "=1+1")))
    figures = {row[0]: row for row in book.worksheets[0].iter_rows(values_only=True)}
    assert figures["G12"][2] == pytest.approx(0.75)
    assert figures["V05"][2] == "尚无覆盖数据"
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_the_next_briefs_are_of_yesterday_and_of_last_week() -> None:
    daily, weekly = (planned(kind, PLAN, FRIDAY_9, ZONE) for kind in ("daily", "weekly"))
    assert (daily.first.isoformat(), daily.last.isoformat()) == ("2026-11-26", "2026-11-26")
    assert daily.due_at == datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    assert (weekly.first.isoformat(), weekly.last.isoformat()) == ("2026-11-16", "2026-11-22")
    assert weekly.due_at < FRIDAY_9  # missed on Monday: made up now


def test_a_planned_brief_is_kept_once_taken_once_and_taken_again_after_a_crash(
    tmp_path: Path,
) -> None:
    with fresh_store("sqlite", tmp_path) as store:
        assert kept(store, planned("daily", PLAN, FRIDAY_9, ZONE))
        assert not kept(store, planned("daily", PLAN, FRIDAY_9, ZONE))
        with store.writer.begin() as connection:
            early = datetime(2026, 11, 26, 23, 0, tzinfo=UTC)
            assert take_due(connection, early, early) is None
            taken = take_due(connection, FRIDAY_9, early)
            assert taken is not None
            assert take_due(connection, FRIDAY_9, early) is None
            later = datetime(2026, 11, 27, 1, 30, tzinfo=UTC)
            assert take_due(connection, later, later) is not None
            change(connection, taken.id, state="done", step=100, pdf=b"%PDF", xlsx=b"PK")
            assert load_file(connection, taken.id, "pdf") == b"%PDF"
            assert [one.state for one in list_briefs(connection, 5)] == ["done"]


def test_a_planned_brief_comes_at_the_hour_that_was_set_last(tmp_path: Path) -> None:
    earlier = Plan(time(6, 0), "zh")
    six = datetime(2026, 11, 26, 22, 0, tzinfo=UTC)
    with fresh_store("sqlite", tmp_path) as store:
        kept(store, planned("daily", PLAN, FRIDAY_9, ZONE))
        assert not kept(store, planned("daily", earlier, FRIDAY_9, ZONE))
        with store.writer.begin() as connection:
            assert take_due(connection, six, six) is not None
        assert not kept(store, planned("daily", PLAN, FRIDAY_9, ZONE))
        with store.writer.begin() as connection:
            assert [one.state for one in list_briefs(connection, 5)] == ["making"]


def test_what_rests_on_few_is_marked_in_the_tables_of_towns_and_departments(paper: Paper) -> None:
    data, _ = paper_data(paper)
    cells = [cell for row in data["towns"]["rows"] for cell in row[2:]]
    assert "* 75.0%" in cells or "* 100.0%" in cells
    assert [cell for cell in cells if cell.startswith("* —")] == []


def kept(store: Store, brief: Brief) -> bool:
    with store.writer.begin() as connection:
        return order(connection, brief)


def test_an_hour_that_is_none_is_refused() -> None:
    assert read_hour("") is None
    assert read_hour("07:30") == time(7, 30)
    with pytest.raises(Refused):
        read_hour("half past seven")
