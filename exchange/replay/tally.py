"""Counts of a replay as it goes: everything that was sent is accepted, replayed or refused for a reason; nothing is left over."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """What was asked and what became of it; positions are counted apart, because losing one loses nothing."""

    calls: int = 0
    reports: int = 0
    sent: int = 0
    accepted: int = 0
    replayed: int = 0
    retried: int = 0
    stale: int = 0
    positions: int = 0
    gave_up: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    positions_refused: Counter[str] = field(default_factory=Counter)

    def line(self) -> str:
        """Return the counts in one line."""
        parts = [
            f"calls={self.reports}/{self.calls}",
            f"sent={self.sent}",
            f"accepted={self.accepted}",
            f"replayed={self.replayed}",
            f"retried={self.retried}",
            f"stale={self.stale}",
            f"refused={sum(self.refused.values())}{_reasons(self.refused)}",
            f"positions={self.positions}{_reasons(self.positions_refused)}",
        ]
        return " ".join(parts)


def _reasons(counts: Counter[str]) -> str:
    shown = ", ".join(f"{reason}: {n}" for reason, n in counts.most_common(6))
    return f" ({shown})" if shown else ""
