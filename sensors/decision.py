"""What the engine found, and how grave it is."""

from dataclasses import dataclass
from typing import Final

from sensors.alarm_rules import AlarmRule, Severity
from sensors.machine import Change, Phase

SEVERITIES: Final = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Decision:
    """A change of one rule's alarm on one channel. `behind`: how many channels a gateway's silence hides."""

    rule: AlarmRule
    channel: int
    change: Change
    value: float | None
    limit: float | None
    behind: int = 0


def rank_of(phase: Phase, rule: AlarmRule) -> tuple[bool, int]:
    """Return what sorts the graver after the less grave: what stands after what is suspected."""
    return phase is not Phase.SUSPECT, -SEVERITIES.index(rule.severity)
