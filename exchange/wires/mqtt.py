"""Readings and device states by MQTT: the two handlers of the link that belong to sensing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from exchange.wires.digits import instant_ms
from exchange.wires.door import Door
from exchange.wires.mqtt_link import MqttLink
from exchange.wires.mqtt_payloads import (
    OBSERVATIONS,
    STATES,
    WIRE,
    read_observations,
    read_state,
    read_topic,
)
from vocabulary.clock import Clock

MOST_DEVICES: Final = 100_000


@dataclass(slots=True)
class MqttReadings:
    """What MQTT brings: readings to the door, and which devices said, or let their broker say, that they are gone."""

    door: Door
    clock: Clock
    offline: set[str] = field(default_factory=set)
    tell: Callable[[str, bool], None] = lambda _device, _online: None

    def join(self, link: MqttLink) -> None:
        """Hear observations (shared among consoles) and states."""
        link.on(OBSERVATIONS, self.observe)
        link.on(STATES, self.hear_state, shared=False)

    async def observe(self, topic: str, payload: bytes) -> None:
        """Take a message's readings; it is acknowledged when they are kept."""
        readings = read_observations(topic, payload, instant_ms(self.clock.now()))
        await self.door.take(WIRE, read_topic(topic).device, readings)

    async def hear_state(self, topic: str, payload: bytes) -> None:
        """Remember who is gone; an empty message takes a retained state back."""
        if not payload:
            self.offline.discard(read_topic(topic).device)
            return
        device, online = read_state(topic, payload)
        self.tell(device, online)
        if online:
            self.offline.discard(device)
        elif len(self.offline) < MOST_DEVICES:
            self.offline.add(device)
