"""Figures as they are asked for and answered."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from exchange.answers import CaseRow
from exchange.fields import Strict, text
from exchange.warning_forms import TownView, WordsView
from incidents.warnings.model import Colour
from indicators.spans import Asked, Compare, Range

Day = Annotated[date | None, Field(examples=["2026-11-01"])]


class SpanQuery(Strict):
    """Over which days figures are made; with `range=days`, `first` and `last` name days of the county, both included."""

    range: Range = Range.TODAY
    first: Day = None
    last: Day = None
    compare: Compare = Compare.PREVIOUS
    town: Annotated[str, text(80)] = ""
    department: Annotated[str, text(40)] = ""

    def asked(self) -> Asked:
        """Return what is asked in our own words."""
        names = ("range", "first", "last", "compare", "town", "department")
        return Asked(**{name: getattr(self, name) for name in names})


class BehindQuery(SpanQuery):
    """Which of the cases behind a figure: all counted, the hits, the misses, or those exempt."""

    which: Literal["counted", "hit", "missed", "exempt"] = "counted"
    limit: Annotated[int, Field(ge=1, le=500)] = 100
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class FigureValue(BaseModel):
    """A figure: `value` is null for 0/0 and where there is no source; `few` says that n is below 30."""

    value: float | None
    n: int
    hits: int | None
    low: float | None
    high: float | None
    few: bool
    percentiles: dict[str, float]
    within: float | None
    left_out: dict[str, int]
    newest_at: str | None
    no_source: bool


class IndicatorRow(BaseModel):
    """What there is to know of an indicator beside its value."""

    id: str
    name_zh: str
    name_en: str
    formula_zh: str
    formula_en: str
    excluded_zh: str
    excluded_en: str
    missing_zh: str
    missing_en: str
    source: str
    unit: str
    better: str
    measure: str
    group: str
    target: float | None
    target_share: float | None
    drills: bool


class TrendPoint(BaseModel):
    """One span of a trend."""

    value: float | None
    n: int


class FigureRow(FigureValue, IndicatorRow):
    """A figure with how it went before."""

    trend: list[TrendPoint]
    before: FigureValue | None


class FigureGroup(BaseModel):
    """Figures of one town, department or priority, by indicator."""

    name: str
    figures: dict[str, FigureValue]


class ScoreRow(BaseModel):
    """A composite score by the published profile; `weighed` is the share of the weights that had a value."""

    name: str
    score: float | None
    grade: str | None
    weighed: float
    points: dict[str, float | None]


class WarningInForce(BaseModel):
    """An actual warning that is in force, in short."""

    id: str
    colour: Colour | None
    words: dict[str, WordsView]
    whole: bool
    towns: list[TownView]
    expires_at: str


class WarningFigures(BaseModel):
    """Actual warnings: those in force, and how many were issued in the span, by colour; updates are not counted again."""

    in_force: list[WarningInForce]
    issued: int
    by_colour: dict[Colour, int]


class Summary(BaseModel):
    """All figures of a span."""

    first: str
    last: str
    since: str
    until: str
    before: dict[str, str] | None
    at: str
    newest_at: str | None
    edges: list[str]
    cards: list[str]
    figures: list[FigureRow]
    towns: list[FigureGroup]
    departments: list[FigureGroup]
    priorities: list[FigureGroup]
    scores: dict[str, list[ScoreRow]]
    warnings: WarningFigures


class IndicatorList(BaseModel):
    """The catalogue."""

    items: list[IndicatorRow]


class CasesBehind(BaseModel):
    """The cases behind a figure: a page of them, and the places of all (at most 2,000), longitude first."""

    figure: FigureValue
    total: int
    items: list[CaseRow]
    places: list[list[float]]
