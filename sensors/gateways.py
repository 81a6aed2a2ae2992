"""Whose silence is whose: a gateway lives while it or anything behind it is heard, and a silent one speaks for its children."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sensors.batch import Ints
from sensors.registry import Registry

FOREVER: Final = np.iinfo(np.int64).max // 4


class Gateways:
    """The gateways of a registry as arrays; `of` gives each channel its gateway's place, -1 where it speaks alone."""

    def __init__(self, registry: Registry) -> None:
        self.of: Ints = np.full(registry.size, -1, dtype=np.int64)
        self.own: dict[int, int] = {}  # a gateway's own channel -> its place
        self.children: list[int] = []
        names = sorted({one.gateway for one in registry.devices.values() if one.gateway})
        self._after: Ints = np.full(len(names), FOREVER, dtype=np.int64)
        for at, name in enumerate(names):
            count = 0
            for child in registry.behind(name):
                for channel in registry.channels_of(child.id):
                    self.of[channel.number] = at
                    self._after[at] = min(self._after[at], registry.stale_us[channel.number])
                    count += 1
            self.children.append(count)
            for channel in registry.channels_of(name):
                self.own[channel.number] = at
        self._own_of = np.full(len(names), -1, dtype=np.int64)
        for channel_number, at in self.own.items():
            self._own_of[at] = channel_number
        self._stale = registry.stale_us
        self.back_us: Ints = np.zeros(len(names), dtype=np.int64)
        self._was_silent = np.zeros(len(names), dtype=bool)

    def look(self, heard_us: Ints, gone_us: Ints, now_us: int) -> tuple[Ints, NDArray[np.bool_]]:
        """Return when each gateway was last proven alive, and which are silent now or were told to be gone since."""
        count = len(self.children)
        last = np.zeros(count, dtype=np.int64)
        behind = np.flatnonzero(self.of >= 0)
        np.maximum.at(last, self.of[behind], heard_us[behind])
        after = self._after.copy()
        for number, at in self.own.items():
            if heard_us[number] > 0:
                last[at] = max(last[at], heard_us[number])
                after[at] = self._stale[number]
        silent = now_us - last > after
        for number, at in self.own.items():
            silent[at] |= gone_us[number] > 0 and last[at] <= gone_us[number]
        returned = self._was_silent & ~silent
        self.back_us[returned] = last[returned]
        self._was_silent = silent
        return last, silent
