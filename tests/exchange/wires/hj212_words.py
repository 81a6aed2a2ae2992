"""HJ 212 in tests: the standard's sample, a segment with defaults, and what a stream holds."""

from datetime import UTC, datetime
from typing import Any

from exchange.wires.digits import instant_ms
from exchange.wires.hj212 import Edition, Segment, flag_of
from exchange.wires.hj212_frames import Broken, Frame, FrameFinder

STANDARD = (
    b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
    b"CP=&&RtdInterval=30&&"
)
KEY = b"0" * 16


def found(data: bytes, *, chop: int = 0) -> list[Frame | Broken]:
    finder = FrameFinder()
    pieces = [data[i : i + chop] for i in range(0, len(data), chop)] if chop else [data]
    seen = [one for piece in pieces for one in finder.feed(piece)]
    return [*seen, *finder.end()]


def segment(**changes: Any) -> Segment:
    given: dict[str, Any] = {
        "qn": "20261127101500000",
        "st": "22",
        "cn": "2011",
        "pw": "123456",
        "mn": "010000A8900016F000169DC0",
        "flag": flag_of(Edition.HJ_2017, answer=True),
        "groups": (
            {"DataTime": "20261127101400"},
            {"a34004-Rtd": "35.5", "a34004-Flag": "N"},
            {"LA-Rtd": "52.1", "LA-Flag": "N"},
        ),
    }
    return Segment(**{**given, **changes})


def at(year: int, month: int, day: int, hour: int, minute: int = 0, second: int = 0) -> int:
    return instant_ms(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
