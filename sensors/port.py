"""The door of the room: where adapters bring what they read, and where they learn which channel a wire's address means."""

from collections.abc import Sequence
from typing import Protocol

from sensors.batch import Batch
from sensors.model import Channel, Device, Reading, Taken


class Addresses(Protocol):
    """Which channel a wire means: `sensors.registry.Registry`."""

    def find(self, protocol: str, station: str, factor: str) -> int | None:
        """Return the number of the channel at an address of a wire, None where nothing is known there.

        `protocol` is mqtt, hj212, sl651, modbus, http, webhook or csv; `station` is what the wire calls the device (MN, station
        number, client id) and `factor` what it calls the quantity (a factor code, an element, a register, a name). Where no
        address was registered, a device's own id and a channel's own name are one on every wire.
        """
        ...

    def station(self, protocol: str, station: str) -> Device | None:
        """Return the device that a wire calls `station`, None where nothing is known."""
        ...

    def channel(self, number: int) -> Channel | None:
        """Return a channel by its number."""
        ...


class ReadingSink(Protocol):
    """Takes readings in. When it answers, what was accepted is kept: a wire may acknowledge then."""

    async def take(self, readings: Sequence[Reading]) -> Taken:
        """Keep readings; each that is not right is refused with its reason, and the others stand.

        Raises Unavailable when the store does not take them: nothing of the batch is then acknowledged.
        """
        ...

    async def take_batch(self, batch: Batch) -> Taken:
        """Do as `take` does with columns: the road of the many. One await for a batch, never one a reading."""
        ...
