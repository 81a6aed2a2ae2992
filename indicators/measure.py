"""Counting: one indicator over one window, for all or by town, department or person, and how it went before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from indicators.columns import seconds
from indicators.frame import Frame, Frames, Mask, Numbers
from indicators.model import Figure, Indicator, Measure, Sample, Window
from indicators.percentiles import nearest_rank, wilson

PERCENTS: Final = (50, 90, 95, 99)
NOTHING: Final = np.empty(0)
# What no figure counts: its name, the column, and the word in it where it is no flag.
NEVER: Final = (
    ("exercise", "exercise", None),
    ("void", "state", "VOID"),
    ("merged", "state", "MERGED"),
)
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """An indicator's rows in a window: those that count, those exempt, and what else was left out."""

    indicator: Indicator
    frame: Frame
    sample: Sample
    rows: Rows
    hits: Mask
    exempt: Rows
    left_out: Mapping[str, int]

    def ids(self, which: str = "counted") -> list[str]:
        """Return the cases behind it: all counted, the hits, the misses, or the exempt; each once, in order."""
        rows = {
            "counted": self.rows,
            "hit": self.rows[self.hits],
            "missed": self.rows[~self.hits],
            "exempt": self.exempt,
        }[which]
        # A row of which no case came has no id, and is counted all the same.
        return [id for id in dict.fromkeys(self.frame["id"][rows]) if id]


def count(
    indicator: Indicator,
    frames: Frames,
    window: Window,
    now: float,
    only: Mapping[str, str] | None = None,
) -> Counted | None:
    """Return what counts in a window, as far as it was due by `now`; None where the indicator has no source.

    `only` narrows it to one town, department or person by column.
    """
    frame = frames.get(indicator.frame)
    if frame is None:
        return None
    begin, end = seconds(window.since), min(seconds(window.until), now)
    sample, rows = _candidates(indicator, frames, frame, end)
    if sample.until is not None:
        sample, rows = _clipped(sample, sample.until, rows, begin, end)
    elif not indicator.snapshot:
        at = sample.at[rows]
        rows = rows[(at >= begin) & (at < end)]
    rows = _narrowed(frame, sample, rows, only or {})
    rows, left_out = _excluded(indicator, frame, rows)
    left_out |= _unwatched(sample, rows, end - begin)
    exempt = np.zeros(len(rows), np.bool_) if sample.exempt is None else sample.exempt[rows]
    left_out["exempt"] = int(exempt.sum())
    kept = rows[~exempt]
    return Counted(
        indicator=indicator,
        frame=frame,
        sample=sample,
        rows=kept,
        hits=np.zeros(len(kept), np.bool_) if sample.hit is None else sample.hit[kept],
        exempt=rows[exempt],
        left_out=left_out,
    )


def _clipped(
    sample: Sample, until: Numbers, rows: Rows, begin: float, end: float
) -> tuple[Sample, Rows]:
    """Return rows that last, cut at the window's edges: what each amounts to there, and those of which anything is left."""
    first, last = np.maximum(sample.at, begin), np.minimum(until, end)
    amount = np.maximum(last - first, 0.0) / sample.each_s
    cut = replace(sample, value=amount, weight=amount, until=last)
    return cut, rows[amount[rows] > 0]


def _narrowed(frame: Frame, sample: Sample, rows: Rows, only: Mapping[str, str]) -> Rows:
    for column, value in only.items():
        if not frame.has(column):
            return rows[:0]
        wanted = frame.among(column, value)[rows]
        # Who looked, looked at every town.
        rows = rows[wanted if sample.watched is None else wanted | sample.watched[rows]]
    return rows


def _unwatched(sample: Sample, rows: Rows, length_s: float) -> dict[str, int]:
    """Return how much of a window nobody looked, where that is known."""
    if sample.watched is None or sample.value is None:
        return {}
    looked = float(sample.value[rows[sample.watched[rows]]].sum())
    return {"unwatched": round(max(0.0, length_s / sample.each_s - looked))}


def _candidates(
    indicator: Indicator, frames: Frames, frame: Frame, end: float
) -> tuple[Sample, Rows]:
    """Return the formula's sample and the rows it counts; what holds for every window is reckoned once."""
    key = (indicator.id, end if indicator.snapshot or indicator.run else None)
    if key not in frames.memory:
        sample = indicator.count(frame, end)
        frames.memory[key] = sample, np.flatnonzero(frame.alive & sample.counted)
    found: tuple[Sample, Rows] = frames.memory[key]
    return found


def _excluded(indicator: Indicator, frame: Frame, rows: Rows) -> tuple[Rows, dict[str, int]]:
    left_out: dict[str, int] = {}
    for name, column, word in NEVER:
        if not frame.has(column) or getattr(indicator, f"with_{name}", False):
            continue
        gone = frame[column][rows] if word is None else frame.is_word(column, word, rows)
        left_out[name] = int(gone.sum())
        rows = rows[~gone]
    return rows, left_out


def figure_of(counted: Counted | None, indicator: Indicator) -> Figure:
    """Return the figure of what was counted."""
    if counted is None:
        return Figure(indicator=indicator.id, value=None, no_source=True)
    made = figure_over(counted, np.arange(len(counted.rows)))
    return replace(made, left_out=dict(counted.left_out))


def figure_over(counted: Counted, some: npt.NDArray[Any]) -> Figure:
    """Return the figure of some of the counted rows (positions in `rows`)."""
    rows = counted.rows[some]
    sample = counted.sample
    at = (sample.at if sample.until is None else sample.until)[rows]
    newest = float(at.max()) if len(at) else None
    made = _MEASURES[counted.indicator.measure](counted, rows, counted.hits[some])
    return Figure(indicator=counted.indicator.id, newest_at=newest, **made)


def _share(counted: Counted, rows: npt.NDArray[Any], hits: Mask) -> dict[str, Any]:
    if counted.sample.weight is not None:
        return _weighed_share(counted.sample.weight[rows], hits)
    n, k = len(rows), int(hits.sum())
    low, high = wilson(k, n) or (None, None)
    return {"value": k / n if n else None, "n": n, "hits": k, "low": low, "high": high}


def _weighed_share(weight: Numbers, hits: Mask) -> dict[str, Any]:
    """Return the share of what the rows stand for; it is no sample of a greater whole, and so has no interval."""
    whole, part = float(weight.sum()), float(weight[hits].sum())
    return {"value": part / whole if whole else None, "n": round(whole), "hits": round(part)}


def _duration(counted: Counted, rows: npt.NDArray[Any], _hits: Mask) -> dict[str, Any]:
    sample = counted.sample
    values: Numbers = NOTHING if sample.value is None else sample.value[rows]
    times = None if sample.weight is None else sample.weight[rows]
    found = {f"p{percent}": nearest_rank(values, percent, times) for percent in PERCENTS}
    percentiles = {name: value for name, value in found.items() if value is not None}
    each = np.ones(len(rows)) if times is None else times
    made = {"value": found["p90"], "n": round(float(each.sum())), "percentiles": percentiles}
    return made if sample.target is None else made | _met(values, each, sample.target, rows)


def _met(
    values: Numbers, each: Numbers, target: Numbers | float, rows: npt.NDArray[Any]
) -> dict[str, Any]:
    """Return the share of samples within their target, of those that have one."""
    limits = target[rows] if isinstance(target, np.ndarray) else np.full(len(rows), target)
    bound = np.isfinite(limits)
    inside = round(float(each[bound & (values <= limits)].sum()))
    whole = round(float(each[bound].sum()))
    low, high = wilson(inside, whole) or (None, None)
    within = inside / whole if whole else None
    return {"within": within, "hits": inside, "low": low, "high": high}


def _count(counted: Counted, rows: npt.NDArray[Any], hits: Mask) -> dict[str, Any]:
    sample = counted.sample
    if sample.watched is not None and sample.value is not None:
        looked = sample.watched[rows]
        whole, found = (float(sample.value[rows[which]].sum()) for which in (looked, ~looked))
        return {"value": found if whole else None, "n": round(whole)}
    if counted.sample.value is not None:
        return {"value": float(counted.sample.value[rows].sum()), "n": len(rows)}
    return {"value": float(hits.sum()), "n": len(rows), "hits": int(hits.sum())}


def _ratio(counted: Counted, rows: npt.NDArray[Any], hits: Mask) -> dict[str, Any]:
    """Return how many rows there are for each hit."""
    k = int(hits.sum())
    return {"value": len(rows) / k if k else None, "n": len(rows), "hits": k}


_MEASURES: Final = {
    Measure.SHARE: _share,
    Measure.DURATION: _duration,
    Measure.COUNT: _count,
    Measure.RATIO: _ratio,
}


def figure(indicator: Indicator, frames: Frames, window: Window, now: float) -> Figure:
    """Return one indicator's figure for a window."""
    return figure_of(count(indicator, frames, window, now), indicator)


def by_group(counted: Counted, column: str) -> dict[str, Figure]:
    """Return the figure of each town, department or person (`column`) that has rows."""
    codes = counted.frame[column][counted.rows]
    order = np.argsort(codes, kind="stable")
    found, starts = np.unique(codes[order], return_index=True)
    parts = np.split(order, starts[1:])
    words = counted.frame.words[column]
    pairs = zip(found, parts, strict=True) if len(found) else ()
    return {
        words[int(code)]: figure_over(counted, part) for code, part in pairs if words[int(code)]
    }


def trend(counted: Counted, edges: Sequence[float]) -> list[Figure]:
    """Return the figures of the spans between these instants."""
    at = counted.sample.at[counted.rows]
    places = np.searchsorted(np.asarray(edges), at, side="right") - 1
    return [figure_over(counted, np.flatnonzero(places == i)) for i in range(len(edges) - 1)]
