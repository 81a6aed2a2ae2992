"""Coverage (domain.md E4, V05–V07): rows over the frames `signal`, `served`, `linked` and `outages` of the coverage room.

`signal`: at, town, rsrp_dbm, people (who live where it is heard so). `served`: the case's columns, weak (flag). `linked`: a
unit's way to a case, its instants, followed (its track is kept), lost (flag). `outages`: at, ended, people, town, id (its case).
"""

from typing import Final

import numpy as np

from indicators.frame import Frame
from indicators.model import Indicator, Measure, Sample
from indicators.rows import everywhere, share

WEAK_DBM: Final = -110.0
WEAK_STRICT_DBM: Final = -105.0
GROUP: Final = "coverage"


def _below(frame: Frame, limit_dbm: float) -> Sample:
    # Where nothing is heard there is no value, and nothing is weaker than that.
    weak = ~(frame["rsrp_dbm"] >= limit_dbm)
    return Sample(at=frame["at"], counted=everywhere(frame), hit=weak, weight=frame["people"])


def _weak(frame: Frame, _at: float) -> Sample:
    return _below(frame, WEAK_DBM)


def _weak_strict(frame: Frame, _at: float) -> Sample:
    return _below(frame, WEAK_STRICT_DBM)


def _in_weak_cover(frame: Frame, _at: float) -> Sample:
    return Sample(at=frame["reported"], counted=frame["known"], hit=frame["weak"])


def _lost_link(frame: Frame, _at: float) -> Sample:
    return Sample(at=frame["enroute"], counted=frame["followed"], hit=frame["lost"])


def _person_minutes(frame: Frame, at: float) -> Sample:
    until = np.fmin(frame["ended"], at)  # one that stands counts up to now
    minutes = np.maximum(until - frame["at"], 0) / 60
    unknown = np.isnan(frame["people"])
    value = np.where(unknown, 0, minutes * frame["people"])
    return Sample(at=frame["at"], counted=everywhere(frame), value=value, exempt=unknown)


ROWS: Final[tuple[Indicator, ...]] = (
    share("V05", _weak, frame="signal", better="down", snapshot=True, group=GROUP),
    share("V05s", _weak_strict, frame="signal", better="down", snapshot=True, group=GROUP),
    share("V06", _in_weak_cover, frame="served", better="down", group=GROUP),
    share("V06b", _lost_link, frame="linked", better="down", group=GROUP),
    share(
        "V07",
        _person_minutes,
        frame="outages",
        better="down",
        unit="person-min",
        measure=Measure.COUNT,
        group=GROUP,
        run=True,
    ),
)
