"""Closure (domain.md E1): how cases are filed, dispatched, handled, checked and closed, by when it was due."""

from typing import Final

from indicators.frame import Frame, Mask
from indicators.model import Indicator, Sample
from indicators.rows import OWN_EYES, PATROL, PUBLIC, everywhere, is_there, nothing, on_hold, share


def _reported(frame: Frame, counted: Mask, hit: Mask) -> Sample:
    return Sample(at=frame["reported"], counted=counted, hit=hit)


def _filed(frame: Frame, _at: float) -> Sample:
    return _reported(frame, everywhere(frame), is_there(frame["filed"]))


def _valid_patrol(frame: Frame, _at: float) -> Sample:
    return _reported(frame, frame.among("source", *PATROL), is_there(frame["filed"]))


def _missed_by_patrol(frame: Frame, _at: float) -> Sample:
    ours = frame.among("lane", "routine") & frame.among("source", *PUBLIC)
    return _reported(frame, is_there(frame["filed"]), ours)


def _verified_share(frame: Frame, _at: float) -> Sample:
    verified = frame["verified"]
    return _reported(frame, verified | frame.among("source", *PATROL), verified)


def _in_time(frame: Frame, stages: Mask) -> Sample:
    due, done = frame["due"], frame["done"]
    # What was sent back in time is no longer due here; sent back too late, it was not done in time.
    late_return = frame.among("ended", "returned") & (done > due)
    counted = stages & is_there(due) & (frame.among("ended", "", "done") | late_return)
    hit = frame.among("ended", "done") & (done <= due)
    return Sample(at=due, counted=counted, hit=hit, exempt=on_hold(frame, due))


def _verify_in_time(frame: Frame, _at: float) -> Sample:
    return _in_time(frame, frame.among("stage", "verify"))


def _check_in_time(frame: Frame, _at: float) -> Sample:
    return _in_time(frame, frame.among("stage", "check"))


def _file_in_time(frame: Frame, _at: float) -> Sample:
    stages = frame.among("stage", "file", "verify") & frame.among("lane", "routine")
    return _in_time(frame, stages)


def _dispatch_in_time(frame: Frame, _at: float) -> Sample:
    # An emergency is dispatched before it is filed: its first clock is already the dispatch's.
    first = frame.among("stage", "file") & frame.among("lane", "emergency")
    later = frame.among("stage", "dispatch") & ~(frame["done"] == frame["started"])
    return _in_time(frame, first | later)


def _accept_in_time(frame: Frame, _at: float) -> Sample:
    return _in_time(frame, frame.among("stage", "accept"))


def _accurate_filing(frame: Frame, _at: float) -> Sample:
    filed = is_there(frame["filed"])
    return Sample(at=frame["filed"], counted=filed, hit=~frame.among("state", "VOID"))


def _accurate_dispatch(frame: Frame, _at: float) -> Sample:
    sent = frame.among("stage", "accept")
    return Sample(at=frame["started"], counted=sent, hit=~frame.among("ended", "returned"))


def _returned(frame: Frame, _at: float) -> Sample:
    sent = frame.among("stage", "accept")
    return Sample(at=frame["started"], counted=sent, hit=frame.among("ended", "returned"))


def _handled(frame: Frame, _at: float) -> Sample:
    sample = _in_time(frame, frame.among("stage", "handle"))
    return Sample(
        at=sample.at, counted=sample.counted, hit=frame.among("ended", "done"), exempt=sample.exempt
    )


def _handled_in_time(frame: Frame, _at: float) -> Sample:
    return _in_time(frame, frame.among("stage", "handle"))


def _due_to_close(frame: Frame, hit: Mask) -> Sample:
    due = frame["close_due"]
    counted = is_there(due) & ~frame.among("state", "REJECTED")
    return Sample(at=due, counted=counted, hit=hit, exempt=on_hold(frame, due))


def _closed(frame: Frame, _at: float) -> Sample:
    return _due_to_close(frame, frame.among("state", "CLOSED"))


def _closed_in_time(frame: Frame, _at: float) -> Sample:
    in_time = frame["ended"] <= frame["close_due"]
    return _due_to_close(frame, frame.among("state", "CLOSED") & in_time)


def _reworked(frame: Frame, _at: float) -> Sample:
    return _due_to_close(frame, frame["rework_n"] > 0)


def _extended(frame: Frame, _at: float) -> Sample:
    due = frame["close_due"]
    return Sample(at=due, counted=is_there(due), hit=frame["extended_n"] > 0)


def _held(frame: Frame, at: float) -> Sample:
    stood = (frame["opened"] <= at) & ~(frame["ended"] <= at)
    return Sample(at=frame["opened"], counted=stood, hit=on_hold(frame, at))


def _public(frame: Frame, _at: float) -> Sample:
    filed = is_there(frame["filed"])
    return Sample(at=frame["filed"], counted=filed, hit=frame.among("source", *PUBLIC))


def _found_ourselves(frame: Frame, _at: float) -> Sample:
    filed = is_there(frame["filed"])
    return Sample(at=frame["filed"], counted=filed, hit=frame.among("source", *OWN_EYES))


def _merged(frame: Frame, _at: float) -> Sample:
    return _reported(frame, everywhere(frame), frame.among("state", "MERGED"))


def _sent_to_verify(frame: Frame, _at: float) -> Sample:
    due = frame["due"]
    sent = frame.among("stage", "file") & frame.among("ended", "passed_on") & is_there(due)
    return Sample(at=due, counted=sent, hit=frame["done"] <= due, exempt=on_hold(frame, due))


def _taken(frame: Frame, _at: float) -> Sample:
    taken = frame.among("stage", "file") & frame.among("ended", "done", "passed_on")
    return Sample(at=frame["done"], counted=taken, hit=frame["done"] <= frame["due"])


def _as_proposed(frame: Frame, _at: float) -> Sample:
    sent = is_there(frame["dispatched"])
    return Sample(at=frame["dispatched"], counted=sent, hit=frame["as_proposed"])


ROWS: Final[tuple[Indicator, ...]] = (
    share("G01", _filed),
    share("G02", _valid_patrol),
    share("G03", _missed_by_patrol, better="down"),
    share("G03v", _verified_share, better="down"),
    share("G04", _verify_in_time, frame="visits"),
    share("G05", _check_in_time, frame="visits"),
    share("G06", _file_in_time, frame="visits"),
    share("G07", _accurate_filing, with_void=True),
    share("G08", _dispatch_in_time, frame="visits"),
    share("G09", _accurate_dispatch, frame="visits"),
    share("G10", _handled, frame="visits"),
    share("G11", _handled_in_time, frame="visits"),
    share("G12", _closed),
    share("G13", _closed_in_time),
    share("G14", _reworked, better="down"),
    share("G15", _extended, better="down"),
    share("G16", _held, better="down", snapshot=True),
    share("G17", _returned, frame="visits", better="down"),
    share("G18", _public, better="down"),
    share("G19", _found_ourselves),
    share("G20", _as_proposed, frame="dispatched"),
    share("G21", _merged, with_merged=True, better=""),
    share("G22", _accept_in_time, frame="visits"),
    share("G23", _sent_to_verify, frame="visits"),
    share("G24", _taken, frame="visits"),
    share("G25", nothing, frame="check_orders"),
)
