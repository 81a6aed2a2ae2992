"""Sensing (domain.md E4, V01–V04): rows over the frames `devices` and `alarms`, which the sensors' room brings.

`devices`: at (its registration), online (flag), town, department. `alarms`: at (raised), closed_at, unfounded (flag),
lead_s (sensor before first human report), opened_case (flag).
"""

from typing import Final

from indicators.frame import Frame
from indicators.model import Indicator, Measure, Sample
from indicators.rows import duration, everywhere, is_there, share

GROUP: Final = "sensing"


def _online(frame: Frame, _at: float) -> Sample:
    return Sample(at=frame["at"], counted=everywhere(frame), hit=frame["online"])


def _unfounded(frame: Frame, _at: float) -> Sample:
    return Sample(at=frame["at"], counted=is_there(frame["closed_at"]), hit=frame["unfounded"])


def _lead(frame: Frame, _at: float) -> Sample:
    return Sample(at=frame["at"], counted=is_there(frame["lead_s"]), value=frame["lead_s"])


def _compression(frame: Frame, _at: float) -> Sample:
    return Sample(at=frame["at"], counted=everywhere(frame), hit=frame["opened_case"])


ROWS: Final[tuple[Indicator, ...]] = (
    share("V01", _online, frame="devices", snapshot=True, group=GROUP),
    share("V02", _unfounded, frame="alarms", better="down", group=GROUP),
    duration("V03", _lead, frame="alarms", better="up", group=GROUP),
    share("V04", _compression, frame="alarms", measure=Measure.RATIO, unit=":1", group=GROUP),
)
