"""The room checklist is data: every room is in it, and every place it names exists."""

import re

import pytest

from tests.architecture.tree import ROOT, rooms

HEAD = ["room", "pure core", "contract tests", "messages documented", "audit", "failure drill"]
CELL = re.compile(r"(yes|–|no): .+")


def table() -> list[list[str]]:
    """Return the table's rows, head first."""
    lines = (ROOT / "docs" / "room-checklist.md").read_text("utf-8").splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("|")
    ]


def test_every_room_is_in_the_checklist() -> None:
    head, _rule, *rows = table()
    assert head == HEAD
    assert sorted(row[0] for row in rows) == rooms()


@pytest.mark.parametrize("column", HEAD[1:])
def test_every_cell_says_where_why_or_what_is_owed(column: str) -> None:
    _head, _rule, *rows = table()
    cells = {row[0]: row[HEAD.index(column)] for row in rows}
    assert {room: cell for room, cell in cells.items() if not CELL.fullmatch(cell)} == {}


def test_every_place_the_checklist_names_exists() -> None:
    _head, _rule, *rows = table()
    named = {place for row in rows for cell in row for place in re.findall(r"`([\w./-]+)`", cell)}
    assert len(named) > 5
    assert {place for place in named if not (ROOT / place).exists()} == set()
    unplaced = [
        f"{row[0]}: {cell}"
        for row in rows
        for cell in row
        if cell.startswith("yes:") and "`" not in cell
    ]
    assert unplaced == []
