"""Values that are brought, not counted: the evaluation sheet, industry, the digital supply chain; read row by row, pure.

The sheet of GB/T 33356 has 9 first-level and 29 second-level indicators and 62 items; its wording was not at hand, so names
come with the values an office brings, and only the shape is known here.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from indicators.catalogue import BY_ID
from vocabulary.errors import Refused

SETS: Final = ("evaluation", "industry", "supply_chain")
COLUMNS: Final = (
    *(
        "set",
        "code",
        "parent",
        "name_zh",
        "name_en",
        "value",
        "unit",
        "period",
        "source",
        "indicator",
    ),
)
NEEDED: Final = ("set", "code", "name_zh", "period")
# What a whole evaluation sheet has at each level of its codes (A, A.1, A.1.1): aligned with GB/T 33356-2022, county appendix.
SHEET: Final = (9, 29, 62)
LONGEST: Final = 200
_CODE: Final = re.compile(r"[A-Za-z0-9]{1,8}(\.[0-9]{1,3}){0,2}")
_PERIOD: Final = re.compile(r"\d{4}(-(0[1-9]|1[0-2]|Q[1-4]))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One indicator's value for a period; a heading has none, one that names an `indicator` of ours is counted by us."""

    set: str
    code: str
    parent: str = ""
    name_zh: str
    name_en: str = ""
    value: float | None = None
    unit: str = ""
    period: str
    source: str = ""
    indicator: str = ""

    @property
    def key(self) -> str:
        """Return what a later row with the same key takes the place of."""
        return f"{self.set}:{self.code}:{self.period}"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of a sheet: its line, and its value or why it was refused."""

    row: int
    code: str
    value: Value | None
    refusal: Refused | None


def read_values(rows: Iterable[Mapping[str, str]]) -> list[ReadRow]:
    """Return every row as it was read; lines are counted as a spreadsheet does, its head being the first."""
    found = []
    for line, row in enumerate(rows, 2):
        cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
        try:
            found.append(ReadRow(line, cells["code"], _value(cells), None))
        except Refused as refused:
            found.append(ReadRow(line, cells["code"], None, refused))
    return found


def check_head(names: Iterable[str]) -> None:
    """Refuse a sheet that lacks a column that is needed."""
    missing = [name for name in NEEDED if name not in set(names)]
    if missing:
        raise Refused(
            "figures.columns_missing", missing=", ".join(missing), known=", ".join(COLUMNS)
        )


def _value(cells: Mapping[str, str]) -> Value:
    for name in NEEDED:
        if not cells[name]:
            raise Refused("figures.cell_empty", field=name)
    for name, cell in cells.items():
        if len(cell) > LONGEST:
            raise Refused("figures.cell_long", field=name, most=LONGEST)
    _known("set", cells["set"], SETS)
    if cells["indicator"]:
        _known("indicator", cells["indicator"], tuple(BY_ID))
    for name, pattern, example in (
        ("code", _CODE, "A.1.2"),
        ("period", _PERIOD, "2026, 2026-11, 2026-Q3"),
    ):
        if not pattern.fullmatch(cells[name]):
            raise Refused("figures.cell_wrong", field=name, value=cells[name], example=example)
    number = _number(cells["value"])
    return Value(**{**cells, "value": number})  # type: ignore[arg-type]


def _known(field: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise Refused("figures.cell_wrong", field=field, value=value, example=", ".join(known[:12]))


def _number(text: str) -> float | None:
    if not text:
        return None
    try:
        number = float(text.replace(",", "").removesuffix("%"))
    except ValueError:
        raise Refused("figures.cell_wrong", field="value", value=text, example="97.8") from None
    if not math.isfinite(number):
        raise Refused("figures.cell_wrong", field="value", value=text, example="97.8")
    return number


def completeness(values: Iterable[Value]) -> list[dict[str, int]]:
    """Return how much of the evaluation sheet stands, level by level."""
    codes = {value.code for value in values if value.set == "evaluation"}
    return [
        {
            "level": level,
            "known": sum(code.count(".") == level - 1 for code in codes),
            "whole": whole,
        }
        for level, whole in enumerate(SHEET, 1)
    ]
