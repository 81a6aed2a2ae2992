"""What an HJ 212 segment measured: a reading per factor and suffix with time and quality; and the answer its sender waits for."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from exchange.wires.digits import read_local, read_number
from exchange.wires.hj212 import Edition, Group, Segment, flag_of
from exchange.wires.hj212_frames import WIRE
from exchange.wires.model import NO_VALUE, WireReading
from exchange.wires.unreadable import Unreadable
from sensors.model import HJ212_FLAGS, Quality

SECONDS: Final = "%Y%m%d%H%M%S"
DATA: Final = frozenset({"2011", "2013", "2031", "2041", "2051", "2061"})
HEARTBEAT: Final = "9015"
NOTICE_ANSWER, DATA_ANSWER, REQUEST_ANSWER, RESULT = "9013", "9014", "9011", "9012"
SYSTEM: Final = "91"
# What cannot be computed is sent as this (2025, 8.1.1 d): it is no value, least of all one above a limit.
# A running total (Cou) may honestly pass through it.
SENTINEL: Final = 9999.99
_TOTAL: Final = "Cou"
_PLAIN: Final = "Rtd"
_VALUES: Final = frozenset({"Rtd", "Avg", "Min", "Max", _TOTAL, "Ori"})
_CORRECTED: Final = "Zs"
# 2005 wrote quality as digits for stations on water and air; they stand for the letters that came after.
_OLD_FLAGS: Final = {"0": "C", "1": "M", "2": "D", "3": "D", "4": "B", "5": "T"}


def read_readings(segment: Segment) -> list[WireReading]:
    """Return what was measured; a factor's instantaneous value goes by its code alone, others with their suffix (a34004-Avg)."""
    stamp = segment.value("DataTime")
    at_ms = None if not stamp else _instant(stamp, "DataTime")
    found: list[WireReading] = []
    for group in segment.groups:
        found += _of_group(segment, group, at_ms)
    return found


def _of_group(segment: Segment, group: Group, at_ms: int | None) -> Iterator[WireReading]:
    for name, text in group.items():
        factor, dash, suffix = name.rpartition("-")
        if not dash or not _measures(suffix) or not text:
            continue
        taken = group.get(f"{factor}-SampleTime")
        when = _instant(taken, f"{factor}-SampleTime") if taken else at_ms
        if when is None:
            raise Unreadable("wires.missing_element", wire=WIRE, element="DataTime")
        code = factor if suffix == _PLAIN else name
        value = read_number(text, WIRE, name)
        quality = _quality(group.get(f"{factor}-Flag", "N"), factor)
        if value == SENTINEL and suffix != _TOTAL:
            yield WireReading(segment.mn, code, when, NO_VALUE, Quality.MISSING)
        else:
            yield WireReading(segment.mn, code, when, value, quality)


def _measures(suffix: str) -> bool:
    return suffix in _VALUES or suffix.removeprefix(_CORRECTED) in _VALUES


def _instant(text: str, element: str) -> int:
    """Return an instant; the milliseconds that some senders put behind are theirs to keep."""
    return read_local(text[:14] if len(text) == 17 else text, SECONDS, WIRE, element)


def _quality(text: str, factor: str) -> Quality:
    flag = _OLD_FLAGS.get(text, text.upper()) or "N"
    if flag not in HJ212_FLAGS:
        wanted = " ".join(HJ212_FLAGS)
        raise Unreadable(
            "wires.bad_element", wire=WIRE, element=f"{factor}-Flag", value=text, wanted=wanted
        )
    return HJ212_FLAGS[flag]


def answer_to(segment: Segment) -> Segment | None:
    """Return the acknowledgement that the sender asked for: 9014 for data, 9013 for a notice; None where it asked for none."""
    if not segment.wants_answer or segment.cn in (
        REQUEST_ANSWER, RESULT, NOTICE_ANSWER, DATA_ANSWER,
    ):  # fmt: skip
        return None
    code = DATA_ANSWER if segment.cn in DATA or segment.cn == HEARTBEAT else NOTICE_ANSWER
    return _answer(segment, code, ())


def accept_request(segment: Segment, code: int = 1) -> Segment:
    """Return 9011, by which a device says that it will do a request (QnRtn 1), or why not."""
    return _answer(segment, REQUEST_ANSWER, ({"QnRtn": str(code)},))


def tell_result(segment: Segment, code: int = 1) -> Segment:
    """Return 9012, by which a device says how a request went (ExeRtn 1: done)."""
    return _answer(segment, RESULT, ({"ExeRtn": str(code)},))


def _answer(segment: Segment, code: str, groups: tuple[Group, ...]) -> Segment:
    flag = flag_of(Edition(segment.edition))
    return replace(
        segment, st=SYSTEM, cn=code, flag=flag, groups=groups, packets=1, packet=1,
        resent=False, further={},
    )  # fmt: skip
