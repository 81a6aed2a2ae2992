"""Everything that measures, in memory: devices, their channels, the addresses by which wires mean them, and limits as arrays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sensors.kinds import kinds
from sensors.model import Channel, ChannelKind, Device, Kind

MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Address:
    """Where on a wire a channel is found, where that is not its device's id and its own name."""

    protocol: str
    station: str
    factor: str
    channel: int


class Registry:
    """Devices and channels as they stand; made anew after an import. Safe to read from several threads."""

    def __init__(
        self,
        devices: Iterable[Device] = (),
        channels: Iterable[Channel] = (),
        addresses: Iterable[Address] = (),
    ) -> None:
        self.devices: Mapping[str, Device] = {one.id: one for one in devices}
        self.channels: Mapping[int, Channel] = {one.number: one for one in channels}
        self._of_device: dict[str, list[Channel]] = {}
        for one in self.channels.values():
            self._of_device.setdefault(one.device, []).append(one)
        self._children: dict[str, list[Device]] = {}
        for device in self.devices.values():
            if device.gateway:
                self._children.setdefault(device.gateway, []).append(device)
        self._by_name = {(one.device, one.name): one.number for one in self.channels.values()}
        self._by_wire = {(one.protocol, one.station, one.factor): one.channel for one in addresses}
        self._stations = {
            (protocol, station): self.channels[number].device
            for (protocol, station, _), number in self._by_wire.items()
        }
        self._lay_out()

    def _lay_out(self) -> None:
        self.size = max(self.channels, default=0) + 1
        self.known: NDArray[np.bool_] = np.zeros(self.size, dtype=bool)
        self.least = np.full(self.size, -np.inf)
        self.most = np.full(self.size, np.inf)
        self.stale_us = np.full(self.size, np.iinfo(np.int64).max, dtype=np.int64)
        for number, channel in self.channels.items():
            self.known[number] = True
            self.stale_us[number] = int(channel.stale_after.total_seconds() * MICROSECONDS)
            measured = self.measured(number)
            if measured is not None and measured.least is not None:
                self.least[number] = measured.least
            if measured is not None and measured.most is not None:
                self.most[number] = measured.most

    def find(self, protocol: str, station: str, factor: str) -> int | None:
        """Return the channel at an address (`sensors.port.Addresses`)."""
        found = self._by_wire.get((protocol, station, factor))
        return self._by_name.get((station, factor)) if found is None else found

    def station(self, protocol: str, station: str) -> Device | None:
        """Return the device that a wire calls so (`sensors.port.Addresses`)."""
        return self.devices.get(self._stations.get((protocol, station), station))

    def channel(self, number: int) -> Channel | None:
        """Return a channel by its number."""
        return self.channels.get(number)

    def device_of(self, number: int) -> Device:
        """Return the device a known channel belongs to."""
        return self.devices[self.channels[number].device]

    def channels_of(self, device: str) -> list[Channel]:
        """Return a device's channels."""
        return self._of_device.get(device, [])

    def behind(self, gateway: str) -> list[Device]:
        """Return the devices that speak through a gateway."""
        return self._children.get(gateway, [])

    def kind_of(self, device: Device) -> Kind | None:
        """Return a device's kind, None where the table has none of that id."""
        return kinds().get(device.kind)

    def measured(self, number: int) -> ChannelKind | None:
        """Return what the kinds' table says of a channel, None where its kind or its name is not in it."""
        channel = self.channels[number]
        device = self.devices.get(channel.device)
        kind = kinds().get(device.kind) if device else None
        return kind.channel(channel.name) if kind else None
