"""Emergency (domain.md E3): how fast help is on its way, there, and done, on raw samples; alerts and who answered them."""

from typing import Final

import numpy as np

from indicators.frame import Frame, Mask, Numbers
from indicators.model import Indicator, Measure, Sample
from indicators.rows import duration, everywhere, is_there, share

ARRIVAL_S: Final = {"P0": 300.0, "P1": 1800.0}
ANSWER_S: Final = 15.0
CONNECTED: Final = 0.95
TURNOUT_S: Final = 80.0
TRAVEL_S: Final = 240.0
MINUTE_S: Final = 60.0
HOUR_S: Final = 3600.0
PROCESS_S: Final = {"P0": 60.0, "P1": 180.0, "P2": 900.0}


def _span(frame: Frame, begin: Numbers, end: Numbers, **given: object) -> Sample:
    value = end - begin
    # Sources mix clocks; a step before the one it follows is no time, and is left out.
    counted = is_there(value) & (value >= 0)
    return Sample(at=frame["reported"], counted=counted, value=value, **given)  # type: ignore[arg-type]


def _by_priority(frame: Frame, targets: dict[str, float]) -> Numbers:
    found = np.full(frame.length, np.nan)
    for priority, target in targets.items():
        found[frame.among("priority", priority)] = target
    return found


def _answered(frame: Frame, _at: float) -> Sample:
    value = frame["answer_s"]
    return Sample(at=frame["rang"], counted=is_there(value), value=value, target=ANSWER_S)


def _connected(frame: Frame, _at: float) -> Sample:
    return Sample(at=frame["rang"], counted=everywhere(frame), hit=is_there(frame["answer_s"]))


def _processing(frame: Frame, _at: float) -> Sample:
    target = _by_priority(frame, PROCESS_S)
    return _span(frame, frame["reported"], frame["dispatched"], target=target)


def _turnout(frame: Frame, _at: float) -> Sample:
    return _span(frame, frame["offered"], frame["enroute"], target=TURNOUT_S)


def _travel(frame: Frame, _at: float) -> Sample:
    return _span(frame, frame["arriving_enroute"], frame["arrived"], target=TRAVEL_S)


def _response(frame: Frame, _at: float) -> Sample:
    return _span(frame, frame["reported"], frame["arrived"], target=_by_priority(frame, ARRIVAL_S))


def _control(frame: Frame, _at: float) -> Sample:
    return _span(frame, frame["arrived"], frame["controlled"])


def _on_scene_time(frame: Frame, _at: float) -> Sample:
    return _span(frame, frame["arrived"], frame["resolved"])


def _acknowledged(frame: Frame, _at: float) -> Sample:
    value = frame["acknowledged"] - frame["offered"]
    target = frame["ack_due"] - frame["offered"]
    return Sample(at=frame["offered"], counted=is_there(value), value=value, target=target)


def _to_resolve(frame: Frame, _at: float) -> Sample:
    return _span(frame, frame["filed"], frame["resolved"])


def _escalated(frame: Frame, _at: float) -> Sample:
    offered: Mask = is_there(frame["offered"])
    return Sample(at=frame["offered"], counted=offered, hit=frame["step"] > 0)


def _found_nobody(frame: Frame, _at: float) -> Sample:
    asked = is_there(frame["offered"])
    refused = frame.among("ended", "declined", "timed_out")
    return Sample(at=frame["offered"], counted=asked, hit=refused)


def _utilised(frame: Frame, _at: float) -> Sample:
    return Sample(
        at=frame["at"],
        until=frame["until"],
        each_s=HOUR_S,
        counted=everywhere(frame),
        hit=frame["busy"],
    )


def _as_recommended(frame: Frame, _at: float) -> Sample:
    return Sample(at=frame["sent"], counted=everywhere(frame), hit=frame["accepted"])


def _places_empty(frame: Frame, _at: float) -> Sample:
    return Sample(at=frame["sent"], counted=everywhere(frame), hit=frame["empty"])


def _uncovered(frame: Frame, _at: float) -> Sample:
    return Sample(
        at=frame["at"],
        until=frame["until"],
        each_s=MINUTE_S,
        counted=everywhere(frame),
        watched=frame["watched"],
    )


IN_NINE_OF_TEN: Final = 0.9

ROWS: Final[tuple[Indicator, ...]] = (
    duration("C01", _answered, frame="calls", target=ANSWER_S, target_share=IN_NINE_OF_TEN),
    share("C01b", _connected, frame="calls", target=CONNECTED, group="emergency"),
    duration("C02", _processing, target_share=IN_NINE_OF_TEN),
    duration("C03", _turnout, frame="rides", target=TURNOUT_S, target_share=IN_NINE_OF_TEN),
    duration("C04", _travel, target=TRAVEL_S, target_share=IN_NINE_OF_TEN),
    duration("C05", _response, target_share=IN_NINE_OF_TEN),
    duration("C06", _control),
    duration("C06b", _on_scene_time),
    duration("C07", _acknowledged, frame="alerts", target_share=IN_NINE_OF_TEN),
    duration("C07b", _to_resolve),
    share("C08", _escalated, frame="alerts", better="down", target=0.0, group="emergency"),
    share("C09", _utilised, frame="staffing", better="", group="emergency"),
    share("C10", _as_recommended, frame="recommendations", group="emergency"),
    share("C10b", _places_empty, frame="recommended_places", better="down", group="emergency"),
    share(
        "C11",
        _uncovered,
        frame="cover",
        better="down",
        unit="min",
        group="emergency",
        measure=Measure.COUNT,
    ),
    share("C12", _found_nobody, frame="rides", better="down", group="emergency"),
)
