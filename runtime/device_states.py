"""What devices, or the broker that lost them, say of being there: heard by the rules about silence."""

from runtime.sensing import Sensing
from sensors.batch import to_us
from sensors.registry import Registry
from vocabulary.clock import Clock
from vocabulary.errors import Unavailable


def known_devices(sensing: Sensing) -> Registry:
    """Return the registry as it was read; before that nobody can be called unknown, and what came is to come again."""
    if sensing.version < 0:
        raise Unavailable("wires.not_taken")
    return sensing.registry


class DeviceStates:
    """Takes a device's word; the next turn of the rules acts on it."""

    def __init__(self, sensing: Sensing, clock: Clock) -> None:
        self._sensing, self._clock = sensing, clock

    def hear(self, station: str, online: bool) -> None:
        """Note that a device is there or gone; one that nobody knows is nobody's."""
        registry, now_us = known_devices(self._sensing), to_us(self._clock.now())
        device = registry.station("mqtt", station)
        for channel in registry.channels_of(device.id) if device else ():
            self._sensing.newest.say(channel.number, now_us, there=online)
