"""Faults and true events laid into the feed by a seed: what was done to which channel, when, and what ought to be noticed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from exchange.sample_feed.signals import drawn
from sensors.model import Channel


class FaultKind(StrEnum):
    """What can be wrong with a sensor, and EVENT: nothing is wrong with it, the world is."""

    EVENT = "event"
    STUCK = "stuck"
    DRIFT = "drift"
    SPIKE = "spike"
    SILENT = "silent"
    SKEW = "skew"


HOUR_S: Final = 3600
SKEW_S: Final = 120
LASTS_S: Final = {
    FaultKind.EVENT: 3 * HOUR_S,
    FaultKind.STUCK: 6 * HOUR_S,
    FaultKind.DRIFT: 8 * HOUR_S,
    FaultKind.SPIKE: 0,
    FaultKind.SILENT: 5 * HOUR_S,
    FaultKind.SKEW: 4 * HOUR_S,
}
# What lies above a limit by this share of it is clearly above.
BEYOND: Final = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault on one channel, from `start_s` to `end_s`; `bound` is the limit it crosses, where it crosses one."""

    kind: FaultKind
    channel: int
    start_s: int
    end_s: int
    bound: float

    def sent(self, at_s: int, healthy: float, begun: float) -> tuple[int, float] | None:
        """Return instant and value that are sent for the healthy one (`begun`: the one at its start); None: nothing is."""
        if not self.start_s <= at_s <= self.end_s:
            return at_s, healthy
        if self.kind is FaultKind.SILENT:
            return None
        if self.kind is FaultKind.SKEW:
            return at_s + SKEW_S, healthy
        if self.kind is FaultKind.STUCK:
            return at_s, begun
        return at_s, self._moved(at_s, healthy, begun)

    def _moved(self, at_s: int, healthy: float, begun: float) -> float:
        far = self.bound * (1 + BEYOND) if self.bound > 0 else self.bound - BEYOND
        if self.kind is FaultKind.DRIFT:
            share = (at_s - self.start_s) / max(1, self.end_s - self.start_s)
            return healthy + (far - healthy) * share
        # What the world does to a sensor it does with its noise and rhythm on top.
        return far + healthy - begun


def plan(
    seed: int, channels: Sequence[Channel], from_s: int, until_s: int, count: int
) -> list[Fault]:
    """Return `count` faults of each kind, each on a channel of its own that has an upper limit, spread over the time."""
    # A device that speaks four times a day shows nothing within one.
    able = [
        one
        for one in channels
        if one.high is not None and one.period.total_seconds() * 9 <= until_s - from_s
    ]
    able.sort(key=lambda one: drawn(seed, "channel", one.device, one.name))
    faults: list[Fault] = []
    for number, channel in enumerate(able[: count * len(FaultKind)]):
        kind = list(FaultKind)[number % len(FaultKind)]
        # A device that speaks once an hour needs more time to show anything.
        period_s = int(channel.period.total_seconds())
        lasts_s = max(LASTS_S[kind], 5 * period_s) if kind is not FaultKind.SPIKE else 0
        room_s = max(1, until_s - from_s - lasts_s - 4 * period_s)
        start_s = from_s + 2 * period_s + int(drawn(seed, kind, channel.device)[0] * room_s)
        end_s = start_s + (lasts_s or period_s - 1)
        faults.append(
            Fault(
                kind=kind,
                channel=channel.number,
                start_s=start_s,
                end_s=end_s,
                bound=channel.high or 0.0,
            )
        )
    return faults
