"""Split packets of HJ 212 put together again: in any order, each once, within a time; what never became whole is told."""

from dataclasses import dataclass, field, replace
from typing import Final

from exchange.wires.hj212 import Segment
from exchange.wires.hj212_frames import WIRE
from exchange.wires.unreadable import Unreadable

PATIENCE_S: Final = 30.0
MOST_OPEN: Final = 64  # of one sender

Key = tuple[str, str, str, str]


@dataclass(slots=True)
class _Open:
    since_s: float
    packets: dict[int, Segment] = field(default_factory=dict)


class Assembly:
    """The packets of one connection that wait for the others of their kind; `now_s` is any clock that only goes forward."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._open: dict[Key, _Open] = {}
        self._patience_s = patience_s

    def take(self, segment: Segment, now_s: float) -> Segment | None:
        """Return the whole segment once its last packet is here; one that was never split at once."""
        if not segment.is_split:
            return segment
        key = (
            segment.mn,
            segment.cn,
            segment.qn or segment.value("DataTime"),
            str(segment.packets),
        )
        if key not in self._open and len(self._open) >= MOST_OPEN:
            raise Unreadable(
                "wires.too_long", wire=WIRE, element="PNUM", value=MOST_OPEN + 1, wanted=MOST_OPEN
            )
        waiting = self._open.setdefault(key, _Open(now_s))
        waiting.packets[segment.packet] = segment
        if len(waiting.packets) < segment.packets:
            return None
        del self._open[key]
        return _joined(waiting.packets)

    def lapsed(self, now_s: float) -> list[tuple[Segment, Unreadable]]:
        """Return what has waited too long: the packets that did come, as one, and which are missing."""
        late = [k for k, one in self._open.items() if now_s - one.since_s >= self._patience_s]
        return [self._give_up(key) for key in late]

    def _give_up(self, key: Key) -> tuple[Segment, Unreadable]:
        packets = self._open.pop(key).packets
        whole = _joined(packets)
        missing = [str(n) for n in range(1, whole.packets + 1) if n not in packets]
        reason = Unreadable(
            "wires.packets_missing",
            wire=WIRE,
            element="PNO",
            value=", ".join(missing),
            wanted=whole.packets,
        )
        return whole, reason


def _joined(packets: dict[int, Segment]) -> Segment:
    ordered = [packets[number] for number in sorted(packets)]
    groups = []
    for segment in ordered:
        groups += [g for g in segment.groups if not ("DataTime" in g and g in groups)]
    return replace(ordered[0], groups=tuple(groups), packet=1)
