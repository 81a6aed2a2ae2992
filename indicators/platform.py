"""The platform itself and the hotline (domain.md E4, P01, P04, H01): rows over `dispatches`, `trials` and `hotline`.

`dispatches`: at, latency_s (to the millisecond), times (how often). `trials`: at, took_s (none: not heard in time).
`hotline`: when an order came in, was due, signed, closed and its citizen asked; responded, solved, satisfied (1, 0, none: not
asked), redone, exempt, town, department.
"""

from typing import Final

import numpy as np

from indicators.frame import Frame, Numbers
from indicators.model import Indicator, Sample
from indicators.rows import duration, everywhere, is_there, share

BUDGET_S: Final = 1.0
UNDER_WAY_S: Final = 10.0


def _latency(frame: Frame, _at: float) -> Sample:
    return Sample(
        at=frame["at"],
        counted=everywhere(frame),
        value=frame["latency_s"],
        weight=frame["times"],
        target=BUDGET_S,
    )


def _tried(frame: Frame, at: float) -> Sample:
    heard = is_there(frame["took_s"])
    # What was begun just now may still be on its way.
    over = heard | (frame["at"] < at - UNDER_WAY_S)
    return Sample(at=frame["at"], counted=over, hit=heard)


def _when_due(frame: Frame) -> Numbers:
    """Return when an order was due to be done, else when it came in."""
    due: Numbers = np.where(is_there(frame["due"]), frame["due"], frame["received"])
    return due


def _when_asked(frame: Frame) -> Numbers:
    asked: Numbers = np.where(is_there(frame["visited"]), frame["visited"], _when_due(frame))
    return asked


def _said(frame: Frame, name: str, at: Numbers) -> Sample:
    told = frame[name]
    return Sample(at=at, counted=is_there(told), hit=told > 0, exempt=frame["exempt"])


def _responded(frame: Frame, _at: float) -> Sample:
    return _said(frame, "responded", _when_due(frame))


def _solved(frame: Frame, _at: float) -> Sample:
    return _said(frame, "solved", _when_asked(frame))


def _satisfied(frame: Frame, _at: float) -> Sample:
    return _said(frame, "satisfied", _when_asked(frame))


def _in_time(frame: Frame, due: str, done: str) -> Sample:
    return Sample(
        at=frame[due],
        counted=is_there(frame[due]),
        hit=frame[done] <= frame[due],
        exempt=frame["exempt"],
    )


def _signed(frame: Frame, _at: float) -> Sample:
    return _in_time(frame, "sign_due", "signed")


def _closed_in_time(frame: Frame, _at: float) -> Sample:
    return _in_time(frame, "due", "closed")


def _redone(frame: Frame, _at: float) -> Sample:
    closed = is_there(frame["closed"])
    return Sample(at=frame["closed"], counted=closed, hit=frame["redone"], exempt=frame["exempt"])


ROWS: Final[tuple[Indicator, ...]] = (
    duration(
        "P01", _latency, frame="dispatches", target=BUDGET_S, target_share=0.95, group="platform"
    ),
    share("P04", _tried, frame="trials", group="platform", run=True),
    share("H01a", _responded, frame="hotline", group="hotline"),
    share("H01b", _solved, frame="hotline", group="hotline"),
    share("H01c", _satisfied, frame="hotline", group="hotline"),
    share("H01d", _signed, frame="hotline", group="hotline"),
    share("H01e", _closed_in_time, frame="hotline", group="hotline"),
    share("H01f", _redone, frame="hotline", group="hotline", better="down"),
)
