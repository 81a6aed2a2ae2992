"""Coverage (domain.md E4, V05–V07): rows over the frames `signal`, `served` and `outages`, which the coverage room brings.

`signal`: at, rsrp_dbm, town. `served`: at (the case's report), weak (flag). `outages`: at, minutes_people.
"""

from typing import Final

from indicators.frame import Frame
from indicators.model import Indicator, Measure, Sample
from indicators.rows import everywhere, is_there, nothing, share

WEAK_DBM: Final = -110.0
WEAK_STRICT_DBM: Final = -105.0
GROUP: Final = "coverage"


def _weak(frame: Frame, _at: float) -> Sample:
    signal = frame["rsrp_dbm"]
    return Sample(at=frame["at"], counted=is_there(signal), hit=signal < WEAK_DBM)


def _weak_strict(frame: Frame, _at: float) -> Sample:
    signal = frame["rsrp_dbm"]
    return Sample(at=frame["at"], counted=is_there(signal), hit=signal < WEAK_STRICT_DBM)


def _in_weak_cover(frame: Frame, _at: float) -> Sample:
    return Sample(at=frame["at"], counted=everywhere(frame), hit=frame["weak"])


ROWS: Final[tuple[Indicator, ...]] = (
    share("V05", _weak, frame="signal", better="down", snapshot=True, group=GROUP),
    share("V05s", _weak_strict, frame="signal", better="down", snapshot=True, group=GROUP),
    share("V06", _in_weak_cover, frame="served", better="down", group=GROUP),
    share(
        "V07",
        nothing,
        frame="outages",
        better="down",
        unit="person-min",
        measure=Measure.COUNT,
        group=GROUP,
    ),
)
