"""An indicator as a row: what it is called, how it is counted, what is left out; and a figure as what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from indicators.frame import Frame, Mask, Numbers

FEW: Final = 30  # below so many a figure says so beside itself


class Measure(StrEnum):
    """What a figure is: a share of things due, a duration with its percentiles, a count, a ratio."""

    SHARE = "share"
    DURATION = "duration"
    COUNT = "count"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a formula makes of a frame: which rows count, and what each is worth.

    `at` is the instant that places a row in a window: when the thing was due, else when it came in. `exempt` rows leave
    both sides of the fraction and are printed as a count. `value` is what a duration or a ratio measures, and what a count
    adds up where rows are not counted by number. `weight` is how many a row stands for: people of a grid, equal samples.

    Rows that last from `at` `until` then count for as much of a window as lies in it, `each_s` seconds being one: of a share
    that is their weight, of a count their value. Where `watched` rows say when somebody looked, a count is nothing where
    nobody did, and the rest of the window is printed.
    """

    at: Numbers
    counted: Mask
    hit: Mask | None = None
    value: Numbers | None = None
    target: Numbers | float | None = None
    exempt: Mask | None = None
    weight: Numbers | None = None
    until: Numbers | None = None
    each_s: float = 1.0
    watched: Mask | None = None


# Of a frame, as it stands at the end of the window (seconds since 1970).
Formula = Callable[[Frame, float], Sample]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One row of the catalogue.

    `frame` names the rows it counts; where nobody brings that frame, `missing` says what is not there yet. `better` is up,
    down or empty. A `snapshot` is of one instant, not of a window; rows that `run` still are reckoned at its end. VOID cases
    stay out unless `with_void`, merged ones unless `with_merged`. A share may name the `target` it should reach, a duration the
    seconds in which most (`target_share`) are done.
    """

    id: str
    name: Text
    formula: Text
    source: str
    excluded: Text
    unit: str
    better: str
    measure: Measure
    frame: str
    count: Formula
    missing: Text = Text("尚无数据来源", "no source yet")
    target: float | None = None
    target_share: float | None = None
    with_void: bool = False
    with_merged: bool = False
    group: str
    snapshot: bool = False
    run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A span of time: from `since` on, before `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure with all that is needed to believe it: n, what was left out, its interval, its newest datum.

    `value` is None for 0/0 and where there is no source: neither is zero, and neither is one hundred per cent.
    """

    indicator: str
    value: float | None
    n: int = 0
    hits: int | None = None
    low: float | None = None
    high: float | None = None
    percentiles: Mapping[str, float] = field(default_factory=dict)
    within: float | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    newest_at: float | None = None
    no_source: bool = False

    @property
    def few(self) -> bool:
        """Say whether it rests on so few that it may be chance."""
        return 0 < self.n < FEW
