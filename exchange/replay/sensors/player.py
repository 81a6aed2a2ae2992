"""Plays measurements to an MQTT broker in their own rhythm, so many times faster; every message is acknowledged by the broker."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from exchange.replay.sensors.model import DataSet, Sample
from exchange.wires.mqtt_link import OWED_MOST
from exchange.wires.mqtt_payloads import ROOT, write_observations

AHEAD: Final = OWED_MOST - 100  # messages the broker may owe us an answer for


class Publisher(Protocol):
    """`exchange.wires.mqtt_link.MqttLink`, as far as playing needs it."""

    @property
    def unanswered(self) -> int:
        """Return how many messages the broker has not acknowledged yet."""
        ...

    def publish(self, topic: str, payload: bytes) -> None:
        """Give a message to the broker."""
        ...


@dataclass(slots=True)
class Played:
    """What was played."""

    messages: int = 0
    readings: int = 0
    late_s: float = 0.0


async def play(
    data: DataSet,
    to: Publisher,
    *,
    county: str,
    speed: float,
    shift_ms: int = 0,
    limit: int | None = None,
) -> Played:
    """Play until the end; `speed` 0 is as fast as the broker takes it. `late_s` is how far we fell behind the rhythm."""
    loop = asyncio.get_running_loop()
    played, began_s, first_ms = Played(), loop.time(), None
    for sample in _first(data.samples, limit):
        first_ms = sample.at_ms if first_ms is None else first_ms
        if speed:
            due_s = began_s + (sample.at_ms - first_ms) / 1000 / speed
            ahead_s = due_s - loop.time()
            played.late_s = max(played.late_s, -ahead_s)
            if ahead_s > 0:
                await asyncio.sleep(ahead_s)
        topic = f"{ROOT}/{county}/{data.domain}/replay/{sample.device}/obs"
        to.publish(topic, write_observations(sample.at_ms + shift_ms, sample.values))
        played.messages += 1
        played.readings += len(sample.values)
        if played.messages % 50 == 0:
            await answered(to, AHEAD)
    await answered(to, 0)
    return played


async def answered(to: Publisher, most: int) -> None:
    """Wait until the broker owes us no more than so many answers."""
    while to.unanswered > most:  # noqa: ASYNC110 - the library tells nobody when an answer comes
        await asyncio.sleep(0.005)


def _first(samples: Iterator[Sample], limit: int | None) -> Iterator[Sample]:
    for number, sample in enumerate(samples):
        if limit is not None and number >= limit:
            return
        yield sample
