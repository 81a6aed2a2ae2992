"""Figures of how alerts were acknowledged (domain.md E3, C07 and C08): raw latencies, nearest-rank percentiles, 0/0 is none."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from incidents.model import Priority
from vocabulary.clock import to_text

FORMULA: Final = "C07 acknowledged - offered; C08 escalations by step; in time: acknowledged by ack_due_at, of those due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One alert and what became of it."""

    case_id: str
    number: str
    priority: Priority
    exercise: bool
    offered_at: datetime
    ack_due_at: datetime | None
    step: int = 0
    missed: bool = False
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    desk: str = ""
    implied: bool = False
    ended_at: datetime | None = None
    waiting: bool = False

    @property
    def latency_s(self) -> float | None:
        """Return how long it took until somebody acknowledged it."""
        if self.acknowledged_at is None:
            return None
        return (self.acknowledged_at - self.offered_at).total_seconds()

    @property
    def in_time(self) -> bool:
        """Say whether it was acknowledged by its deadline."""
        acknowledged, due_at = self.acknowledged_at, self.ack_due_at
        return acknowledged is not None and (due_at is None or acknowledged <= due_at)

    def due(self, at: datetime) -> bool:
        """Say whether it counts at `at`: acknowledged, or its deadline passed while it waited. One that ended before does not."""
        if self.acknowledged_at is not None:
            return True
        end = self.ended_at or at
        return self.ack_due_at is not None and self.ack_due_at <= min(end, at)


def alert_view(alert: Offered) -> dict[str, Any]:
    """Return an alert as the API lists it."""
    return {
        "case_id": alert.case_id,
        "number": alert.number,
        "priority": alert.priority.value,
        "exercise": alert.exercise,
        "offered_at": to_text(alert.offered_at),
        "ack_due_at": _text(alert.ack_due_at),
        "step": alert.step,
        "missed": alert.missed,
        "acknowledged_at": _text(alert.acknowledged_at),
        "acknowledged_by": alert.acknowledged_by,
        "desk": alert.desk,
        "implied": alert.implied,
        "ended_at": _text(alert.ended_at),
        "latency_s": alert.latency_s,
    }


def acknowledgement_figures(
    alerts: Sequence[Offered], *, since: datetime, until: datetime, at: datetime
) -> dict[str, Any]:
    """Return the figures over alerts of a window, as they stand at `at`; exercises are counted apart, never in."""
    real = [alert for alert in alerts if not alert.exercise]
    priorities = [one for one in Priority if any(alert.priority is one for alert in real)]
    return {
        "formula": FORMULA,
        "since": to_text(since),
        "until": to_text(until),
        "exercises": len(alerts) - len(real),
        "total": _figure(None, real, at),
        "by_priority": [
            _figure(one, [alert for alert in real if alert.priority is one], at)
            for one in priorities
        ],
    }


def _figure(priority: Priority | None, alerts: Sequence[Offered], at: datetime) -> dict[str, Any]:
    latencies = sorted(alert.latency_s for alert in alerts if alert.latency_s is not None)
    due = [alert for alert in alerts if alert.due(at)]
    in_time = sum(alert.in_time for alert in due)
    steps = Counter(step for alert in alerts for step in range(1, alert.step + 1))
    return {
        "priority": priority.value if priority else None,
        "offered": len(alerts),
        "acknowledged": len(latencies),
        "waiting": sum(alert.waiting for alert in alerts),
        "due": len(due),
        "in_time": in_time,
        "missed": len(due) - in_time,
        "escalated": {str(step): n for step, n in sorted(steps.items())},
        "share_in_time": round(in_time / len(due), 4) if due else None,
        "latency_p50_s": nearest_rank(latencies, 50),
        "latency_p90_s": nearest_rank(latencies, 90),
        "latency_max_s": latencies[-1] if latencies else None,
    }


def nearest_rank(ordered: Sequence[float], percent: int) -> float | None:
    """Return the percentile that is one of the values, None where there is none."""
    if not ordered:
        return None
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def _text(instant: datetime | None) -> str | None:
    return to_text(instant) if instant else None
