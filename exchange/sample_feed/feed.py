"""The feed itself: which channels are due between two instants and what they send, faults among them; the same for a seed."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from exchange.sample_feed.faults import Fault
from exchange.sample_feed.signals import drawn, signals, value
from sensors.model import Channel
from sensors.registry import Registry


class Said(NamedTuple):
    """One reading of the feed: the instant it is sent at, the instant its device tells, and its value."""

    sent_s: int
    channel: Channel
    at_s: int
    value: float


class SampleFeed:
    """Readings of the channels whose kind has a signal."""

    def __init__(self, seed: int, registry: Registry, faults: Iterable[Fault] = ()) -> None:
        self._seed = seed
        self._faults = {fault.channel: fault for fault in faults}
        self.channels = channels_with_signal(registry)
        self._signal = {
            one.number: signals()[registry.devices[one.device].kind, one.name]
            for one in self.channels
        }
        # A device tells what it can tell apart, and no more.
        self._decimals = {
            one.number: measured.decimals
            for one in self.channels
            if (measured := registry.measured(one.number))
        }
        self._phase = {
            one.number: int(drawn(seed, "phase", one.device)[0] * one.period.total_seconds())
            for one in self.channels
        }

    def between(self, after_s: int, until_s: int) -> list[Said]:
        """Return what is sent after one instant and up to another, in the order of sending."""
        said: list[Said] = []
        for channel in self.channels:
            period_s = int(channel.period.total_seconds())
            phase_s = self._phase[channel.number]
            first = (after_s - phase_s) // period_s + 1
            for at_s in range(first * period_s + phase_s, until_s + 1, period_s):
                told = self._told(channel, at_s)
                if told is not None:
                    said.append(Said(at_s, channel, *told))
        said.sort(key=lambda one: (one.sent_s, one.channel.number))
        return said

    def _told(self, channel: Channel, at_s: int) -> tuple[int, float] | None:
        signal = self._signal[channel.number]
        healthy = value(signal, self._seed, channel.device, at_s)
        fault = self._faults.get(channel.number)
        if fault is None:
            return at_s, round(healthy, self._decimals[channel.number])
        begun = value(signal, self._seed, channel.device, fault.start_s)
        sent = fault.sent(at_s, healthy, begun)
        return None if sent is None else (sent[0], round(sent[1], self._decimals[channel.number]))


def channels_with_signal(registry: Registry) -> Sequence[Channel]:
    """Return the channels that the feed can speak for."""
    return [
        one
        for one in registry.channels.values()
        if (registry.devices[one.device].kind, one.name) in signals()
    ]
