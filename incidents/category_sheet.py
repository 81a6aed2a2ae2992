"""A sheet of categories from outside: each row is accepted, known already, or refused with its reason; none is guessed."""

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import yaml

from incidents.categories import COLUMNS, Category, CategoryTable, parse_category
from incidents.table_files import Row, rows_or_refusals
from vocabulary.errors import Refused

Outcome = Literal["added", "unchanged", "refused"]
MOST_ROWS: Final = 5_000
SHEET: Final = "categories"
# In YAML several conditions may stand as a list; in CSV they are joined by this.
JOINT: Final = ";"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """What became of one row; `row` counts as an editor does."""

    row: int
    outcome: Outcome
    code: str = ""
    category: Category | None = None
    cells: dict[str, str] | None = None
    refusal: Refused | None = None


def read_sheet(
    found: Iterable[Row | Refused], departments: Collection[str], known: CategoryTable
) -> list[SheetRow]:
    """Return each row's outcome. A row that is known is never edited: what differs from it needs a new version."""
    kept = {category.full_code: category for category in known.rows}
    told: list[SheetRow] = []
    for row in found:
        if len(told) == MOST_ROWS:
            raise Refused("incidents.sheet_too_long", most=MOST_ROWS)
        told.append(_told(row, departments, kept))
    return told


def _told(row: Row | Refused, departments: Collection[str], kept: dict[str, Category]) -> SheetRow:
    if isinstance(row, Refused):
        return SheetRow(row=_line(row), outcome="refused", refusal=row)
    code = row.cells["code"]
    try:
        category = parse_category(row, departments)
    except Refused as refusal:
        return SheetRow(row=row.line, outcome="refused", code=code, refusal=refusal)
    before = kept.get(category.full_code)
    if before is not None and before != category:
        kept_already = Refused("incidents.category_kept", row=row.line, value=category.full_code)
        return SheetRow(row=row.line, outcome="refused", code=code, refusal=kept_already)
    kept[category.full_code] = category
    return SheetRow(
        row=row.line,
        outcome="unchanged" if before else "added",
        code=category.full_code,
        category=category,
        cells=row.cells,
    )


def _line(refusal: Refused) -> int:
    line = refusal.values.get("row")
    return line if isinstance(line, int) else 0


def csv_rows(text: str) -> Iterator[Row | Refused]:
    """Yield the rows of a CSV sheet."""
    try:
        yield from rows_or_refusals(SHEET, text, COLUMNS)
    except csv.Error as problem:
        raise Refused("incidents.bad_sheet", form="CSV", problem=str(problem)) from None


def yaml_rows(text: str) -> Iterator[Row | Refused]:
    """Yield the rows of a YAML sheet: a list of mappings with the CSV's columns; a missing one is empty."""
    try:
        # The base loader makes texts of everything: no date, no number, no object is guessed.
        loaded = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError as problem:
        first = str(problem).splitlines()[0]
        raise Refused("incidents.bad_sheet", form="YAML", problem=first) from None
    except RecursionError:
        raise Refused("incidents.bad_sheet", form="YAML", problem="nested too deeply") from None
    if not isinstance(loaded, list):
        raise Refused("incidents.bad_sheet", form="YAML", problem="a list of rows is needed")
    for number, entry in enumerate(loaded, 1):
        yield _yaml_row(number, entry)


def _yaml_row(number: int, entry: Any) -> Row | Refused:
    if not isinstance(entry, dict):
        return Refused("incidents.bad_row", table=SHEET, row=number, n=1, expected=len(COLUMNS))
    cells = {name: _cell(entry.get(name, "")) for name in COLUMNS}
    odd = [name for name in entry if name not in COLUMNS]
    odd += [name for name, value in cells.items() if value is None]
    if odd:
        return Refused(
            "incidents.bad_cell",
            table=SHEET,
            row=number,
            column=str(odd[0])[:80],
            value=str(type(entry[odd[0]]).__name__),
            expected=", ".join(COLUMNS),
        )
    return Row(SHEET, number, {name: value or "" for name, value in cells.items()})


def _cell(value: Any) -> str | None:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return JOINT.join(part.strip() for part in value)
    return None
