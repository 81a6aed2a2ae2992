"""What a rule's condition says of one reading, for conditions that remember or look sideways; plain thresholds go by column."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sensors.alarm_rules import Compound, Condition, Deviation, Rate, Repeat, Threshold
from sensors.logic import Expression
from sensors.machine import Verdict
from sensors.model import Channel

MINUTE_US = 60_000_000
SECOND_US = 1_000_000
# A rate needs at least this much of its window, or the first two readings would be a slope.
WINDOW_NEEDED = 0.5


class Judge(Protocol):
    """Says what a condition makes of a reading; readings come in their own order."""

    def __call__(self, at_us: int, value: float, /) -> Verdict:
        """Return the verdict."""
        ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """A threshold on one channel: `sign` -1 turns below into above."""

    sign: float
    raise_at: float
    clear_at: float

    def __call__(self, _at_us: int, value: float, /) -> Verdict:
        """Return the verdict of a value."""
        signed = value * self.sign
        if signed > self.raise_at:
            return Verdict.RAISE
        return Verdict.CLEAR if signed <= self.clear_at else Verdict.HOLD


def bounds_of(condition: Threshold, channel: Channel) -> Bounds | None:
    """Return a threshold's bounds on a channel, None where neither the rule nor the channel names a limit."""
    own = channel.high if condition.side == "above" else channel.low
    limit = condition.raise_at if condition.raise_at is not None else own
    if limit is None:
        return None
    sign = 1.0 if condition.side == "above" else -1.0
    back = limit - sign * condition.deadband
    clear_at = condition.clear_at if condition.clear_at is not None else back
    return Bounds(sign, limit * sign, min(clear_at * sign, limit * sign))


@dataclass(slots=True)
class RateJudge:
    """Change per minute over a window that slides with the readings."""

    rate: Rate
    seen: deque[tuple[int, float]] = field(default_factory=deque)

    def __call__(self, at_us: int, value: float, /) -> Verdict:
        """Return the verdict of one more reading."""
        window_us = int(self.rate.over_s * SECOND_US)
        self.seen.append((at_us, value))
        while at_us - self.seen[0][0] > window_us:
            self.seen.popleft()
        first_us, first = self.seen[0]
        if at_us - first_us < window_us * WINDOW_NEEDED:
            return Verdict.UNKNOWN
        return self._of((value - first) * MINUTE_US / (at_us - first_us))

    def _of(self, per_min: float) -> Verdict:
        way = self.rate.way
        pace = abs(per_min) if way == "either" else per_min if way == "rising" else -per_min
        clear = self.rate.clear_per_min
        if pace > self.rate.per_min:
            return Verdict.RAISE
        return (
            Verdict.CLEAR
            if pace <= (self.rate.per_min / 2 if clear is None else clear)
            else Verdict.HOLD
        )


@dataclass(slots=True)
class RepeatJudge:
    """How often a level was crossed within a window."""

    repeat: Repeat
    bounds: Bounds
    beyond: bool = False
    crossed: deque[int] = field(default_factory=deque)

    def __call__(self, at_us: int, value: float, /) -> Verdict:
        """Return the verdict of one more reading."""
        beyond = self.bounds(at_us, value) is Verdict.RAISE
        if beyond and not self.beyond:
            self.crossed.append(at_us)
        self.beyond = beyond
        while self.crossed and at_us - self.crossed[0] > self.repeat.within_s * SECOND_US:
            self.crossed.popleft()
        return Verdict.RAISE if len(self.crossed) >= self.repeat.times else Verdict.CLEAR


Usual = Callable[[int, int], tuple[float, float] | None]  # channel, instant: mean and spread


@dataclass(frozen=True, slots=True)
class DeviationJudge:
    """How far a value is from what is usual at that hour of the week."""

    deviation: Deviation
    channel: int
    usual: Usual

    def __call__(self, at_us: int, value: float, /) -> Verdict:
        """Return the verdict; without a usual there is none."""
        usual = self.usual(self.channel, at_us)
        if usual is None:
            return Verdict.UNKNOWN
        mean, spread = usual
        side = self.deviation.side
        away = value - mean
        away = abs(away) if side == "either" else away if side == "above" else -away
        bound = max(self.deviation.sigmas * spread, self.deviation.at_least)
        if away > bound:
            return Verdict.RAISE
        return Verdict.CLEAR if away <= bound / 2 else Verdict.HOLD


Newest = Callable[[int], Mapping[str, float]]  # instant: the fresh values of the device's channels


@dataclass(frozen=True, slots=True)
class CompoundJudge:
    """An expression over the newest values of one device."""

    when: Expression
    clear: Expression | None
    newest: Newest

    def __call__(self, at_us: int, _value: float, /) -> Verdict:
        """Return the verdict; where a channel of the expression has no fresh value there is none."""
        values = self.newest(at_us)
        names = self.when.names | (self.clear.names if self.clear else frozenset())
        if not names <= values.keys():
            return Verdict.UNKNOWN
        if self.when.holds(values):
            return Verdict.RAISE
        return Verdict.CLEAR if self.clear is None or self.clear.holds(values) else Verdict.HOLD


def judge_of(condition: Condition, channel: Channel, usual: Usual, newest: Newest) -> Judge | None:
    """Return what judges a channel by a condition, None where there is nothing to judge it by."""
    match condition:
        case Threshold():
            return bounds_of(condition, channel)
        case Rate():
            return RateJudge(condition)
        case Repeat():
            level = bounds_of(Threshold(side=condition.side, raise_at=condition.level), channel)
            return RepeatJudge(condition, level) if level else None
        case Deviation():
            return DeviationJudge(condition, channel.number, usual)
        case Compound():
            clear = Expression(condition.clear) if condition.clear is not None else None
            return CompoundJudge(Expression(condition.when), clear, newest)
        case _:
            return None
