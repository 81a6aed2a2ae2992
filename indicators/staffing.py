"""Staffed and busy time (C09): spans of duty and of work, merged and cut into pieces of which each is busy or not. Pure."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indicators.frame import Mask, Numbers

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Spans:
    """Of which unit (its number), from when until when; they may overlap, and one that goes on ends at infinity."""

    unit: Rows
    begin: Numbers
    end: Numbers


@dataclass(frozen=True, slots=True)
class Pieces:
    """Spans that do not overlap any more, each with whether its unit worked in it."""

    spans: Spans
    busy: Mask


def pieces(duty: Spans, work: Spans) -> Pieces:
    """Return the time in which a unit was on duty or at work; who works is staffed, whatever the roster says."""
    unit = np.concatenate([duty.unit, duty.unit, work.unit, work.unit])
    at = np.concatenate([duty.begin, duty.end, work.begin, work.end])
    steps = np.repeat([1, -1, 0, 0], _lengths(duty, work))
    working = np.repeat([0, 0, 1, -1], _lengths(duty, work))
    order = np.lexsort((at, unit))
    unit, at = unit[order], at[order]
    # Over all units at once: what a unit began it also ended, so each begins at nothing.
    on, busy = np.cumsum(steps[order]) > 0, np.cumsum(working[order]) > 0
    lasts = (unit[:-1] == unit[1:]) & (at[1:] > at[:-1]) & (on[:-1] | busy[:-1])
    rows = np.flatnonzero(lasts)
    return Pieces(Spans(unit[rows], at[rows], at[rows + 1]), busy[rows])


def _lengths(duty: Spans, work: Spans) -> list[int]:
    return [len(duty.unit), len(duty.unit), len(work.unit), len(work.unit)]
