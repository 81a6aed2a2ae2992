"""The platform itself and the hotline (domain.md E4, P01–P04, H01): rows over the frames `dispatches` and `hotline`."""

from typing import Final

from indicators.frame import Frame
from indicators.model import Indicator, Sample
from indicators.rows import duration, everywhere, is_there, nothing, share


def _latency(frame: Frame, _at: float) -> Sample:
    value = frame["latency_s"]
    return Sample(at=frame["at"], counted=is_there(value), value=value, target=1.0)


def _answered(frame: Frame, _at: float) -> Sample:
    return Sample(at=frame["at"], counted=everywhere(frame), hit=frame["answered"])


def _solved(frame: Frame, _at: float) -> Sample:
    return Sample(at=frame["at"], counted=everywhere(frame), hit=frame["solved"])


def _content(frame: Frame, _at: float) -> Sample:
    return Sample(at=frame["at"], counted=everywhere(frame), hit=frame["content"])


ROWS: Final[tuple[Indicator, ...]] = (
    duration("P01", _latency, frame="dispatches", target=1.0, target_share=0.95, group="platform"),
    share("P04", nothing, frame="trials", group="platform"),
    share("H01a", _answered, frame="hotline", group="hotline"),
    share("H01b", _solved, frame="hotline", group="hotline"),
    share("H01c", _content, frame="hotline", group="hotline"),
)
