"""What was seen of the wall in its compressed hours, and whether that keeps the bar."""

import statistics
from dataclasses import dataclass, field
from typing import Any, Final

WARM_HOURS: Final = 1.0
GROWTH: Final = 0.05
BACK_WITHIN_S: Final = 60.0
BAR: Final = "8 h compressed: memory after warm-up grows < 5 %, 0 events missed, 0 console errors, back after 3 faults"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much faster than life, and how many of the hours."""

    faster: float
    hours: float
    samples: int

    @property
    def seconds(self) -> float:
        """Return how long it takes."""
        return self.hours * 3600 / self.faster


@dataclass(slots=True)
class Told:
    """What is seen of the wall while it runs."""

    hours: list[float] = field(default_factory=list)
    heap_mb: list[float] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)
    listeners: list[int] = field(default_factory=list)
    layers: list[int] = field(default_factory=list)
    rss_mb: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    in_faults: int = 0
    back_s: dict[str, float] = field(default_factory=dict)


def growth(values: list[float], hours: list[float], whole: float) -> float:
    """Return by how much the last third's median is over the first's after warm-up."""
    warm = min(WARM_HOURS, whole / 4)
    after = [value for value, hour in zip(values, hours, strict=True) if hour >= warm]
    third = max(1, len(after) // 3)
    return statistics.median(after[-third:]) / statistics.median(after[:third]) - 1


def verdict(plan: Plan, told: Told, heard: dict[str, Any], events: int) -> dict[str, Any]:
    """Return the bench's last line."""
    heap = growth(told.heap_mb, told.hours, plan.hours)
    missed = heard["jumped"] + (heard["shown"] != heard["open"])
    back = all(seconds <= BACK_WITHIN_S for seconds in told.back_s.values())
    return {
        "name": "wall",
        "bar": BAR,
        "value": round(heap, 4),
        "baseline": GROWTH,
        "ratio": round(GROWTH / max(heap, 0.0001), 1),
        "hours": plan.hours,
        "faster": plan.faster,
        "events": events,
        "frames": heard["frames"],
        "values": heard["values"],
        "heap_mb": [round(told.heap_mb[0], 1), round(told.heap_mb[-1], 1)],
        "nodes": [told.nodes[0], told.nodes[-1]],
        "listeners": [told.listeners[0], told.listeners[-1]],
        "layers": [told.layers[0], told.layers[-1]],
        "rss_growth": round(growth(told.rss_mb, told.hours, plan.hours), 3),
        "back_s": told.back_s,
        "streams": heard["opened"],
        "snapshots": heard["snapshots"],
        "errors": told.errors[:5],
        "errors_in_faults": told.in_faults,
        "lost": missed,
        "ok": heap < GROWTH and not missed and not told.errors and back and len(told.back_s) == 3,
    }
