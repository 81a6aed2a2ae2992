"""What leaders are shown: every figure with its trend, its comparison and what was left out; towns, departments, scores."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

from indicators.catalogue import CATALOGUE
from indicators.columns import seconds
from indicators.frame import Frames
from indicators.measure import Counted, by_group, count, figure_of, trend
from indicators.model import Figure, Indicator, Measure, Window
from indicators.scores import Score, scores
from vocabulary.clock import to_text

Json = dict[str, Any]
CARDS: Final = ("G01", "G12", "G13", "C02", "C05", "G14", "G16", "G19")
PLACED: Final = ("G01", "G12", "G13", "G14", "C05")
BY_DEPARTMENT: Final = ("G22", "G11", "G12", "G13", "G14", "G17")
DRILLED: Final = frozenset(
    (
        *("cases", "visits", "rides", "alerts", "served", "linked", "outages"),
        *("recommendations", "recommended_places", "dispatched"),
    )
)
SCORED: Final = ("town", "department", "dispatcher", "intake")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Over what a summary is made: a window, what it is compared with, the edges of the trend, and the present instant."""

    window: Window
    before: Window | None
    edges: tuple[datetime, ...]
    now: datetime
    only: Mapping[str, str]


def summary(frames: Frames, view: View) -> Json:
    """Return the whole page's figures."""
    told = [row_of(indicator, frames, view) for indicator in CATALOGUE]
    return {
        "since": to_text(view.window.since),
        "until": to_text(view.window.until),
        "before": _window(view.before),
        "at": to_text(view.now),
        "edges": [to_text(edge) for edge in view.edges],
        "cards": list(CARDS),
        "figures": told,
        "newest_at": max((row["newest_at"] for row in told if row["newest_at"]), default=None),
        "towns": groups("town", PLACED, frames, view),
        "departments": groups("department", BY_DEPARTMENT, frames, view),
        "priorities": groups("priority", ("C02", "C05", "C07"), frames, view),
        "scores": {who: score_rows(who, frames, view) for who in SCORED} if not view.only else {},
    }


def row_of(indicator: Indicator, frames: Frames, view: View) -> Json:
    """Return one figure with how it went before."""
    now = seconds(view.now)
    counted = count(indicator, frames, view.window, now, view.only)
    told = figure_view(figure_of(counted, indicator)) | described(indicator)
    told["trend"] = _trend(indicator, frames, view, now)
    told["before"] = None
    if view.before is not None and counted is not None:
        earlier = count(indicator, frames, view.before, now, view.only)
        told["before"] = figure_view(figure_of(earlier, indicator))
    return told


def _trend(indicator: Indicator, frames: Frames, view: View, now: float) -> list[Json]:
    if indicator.snapshot:
        ends = [Window(since=view.window.since, until=edge) for edge in view.edges[1:]]
        found = [
            figure_of(count(indicator, frames, one, now, view.only), indicator)
            for one in ends
            if one.until > view.edges[0]
        ]
    else:
        whole = Window(since=view.edges[0], until=view.edges[-1])
        counted = count(indicator, frames, whole, now, view.only)
        found = [] if counted is None else _spans(counted, frames, view, now)
    return [{"value": one.value, "n": one.n} for one in found]


def _spans(counted: Counted, frames: Frames, view: View, now: float) -> list[Figure]:
    if counted.sample.until is None:
        return trend(counted, [seconds(edge) for edge in view.edges])
    # What lasts over an edge belongs to both spans.
    indicator = counted.indicator
    windows = (Window(since=since, until=until) for since, until in pairwise(view.edges))
    return [figure_of(count(indicator, frames, w, now, view.only), indicator) for w in windows]


def groups(column: str, wanted: tuple[str, ...], frames: Frames, view: View) -> list[Json]:
    """Return each town, department or priority with some figures, in the order of their names."""
    found: dict[str, Json] = {}
    for indicator in CATALOGUE:
        if indicator.id not in wanted:
            continue
        counted = count(indicator, frames, view.window, seconds(view.now), view.only)
        if counted is None or not counted.frame.has(column):
            continue
        for name, figure in by_group(counted, column).items():
            found.setdefault(name, {})[indicator.id] = figure_view(figure)
    return [{"name": name, "figures": figures} for name, figures in sorted(found.items())]


def score_rows(who: str, frames: Frames, view: View) -> list[Json]:
    """Return the scores of everybody of one kind, the best first."""
    return [score_view(one) for one in scores(who, frames, view.window, seconds(view.now))]


def score_view(score: Score) -> Json:
    """Return a score as JSON."""
    return {
        "name": score.name,
        "score": score.score,
        "grade": score.grade,
        "weighed": round(score.weighed, 4),
        "points": dict(score.points),
    }


def described(indicator: Indicator) -> Json:
    """Return what there is to know of an indicator beside its value."""
    return {
        "id": indicator.id,
        "name_zh": indicator.name.zh,
        "name_en": indicator.name.en,
        "formula_zh": indicator.formula.zh,
        "formula_en": indicator.formula.en,
        "excluded_zh": indicator.excluded.zh,
        "excluded_en": indicator.excluded.en,
        "missing_zh": indicator.missing.zh,
        "missing_en": indicator.missing.en,
        "source": indicator.source,
        "unit": indicator.unit,
        "better": indicator.better,
        "measure": indicator.measure.value,
        "group": indicator.group,
        "target": indicator.target,
        "target_share": indicator.target_share,
        "drills": indicator.frame in DRILLED,
    }


def figure_view(figure: Figure) -> Json:
    """Return a figure as JSON."""
    return {
        "value": figure.value,
        "n": figure.n,
        "hits": figure.hits,
        "low": figure.low,
        "high": figure.high,
        "few": figure.few,
        "percentiles": dict(figure.percentiles),
        "within": figure.within,
        "left_out": dict(figure.left_out),
        "newest_at": _instant(figure.newest_at),
        "no_source": figure.no_source,
    }


def behind(counted: Counted, which: str) -> list[str]:
    """Return the cases behind a figure; a duration's misses are those over their target, the slowest first."""
    if counted.indicator.measure is not Measure.DURATION or counted.sample.value is None:
        return counted.ids(which)[::-1]  # what came last is asked about first
    values = counted.sample.value[counted.rows]
    rows = counted.rows[values.argsort()[::-1]]
    return list(dict.fromkeys(counted.frame["id"][rows])) if which != "exempt" else []


def _window(window: Window | None) -> Json | None:
    if window is None:
        return None
    return {"since": to_text(window.since), "until": to_text(window.until)}


def _instant(at: float | None) -> str | None:
    return None if at is None else to_text(datetime.fromtimestamp(at, UTC))
