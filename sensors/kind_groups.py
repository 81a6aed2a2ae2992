"""Channels that are alike, as arrays: of one kind of device and one name. One is judged by what the others do."""

import numpy as np
from numpy.typing import NDArray

from sensors.batch import Floats, Ints
from sensors.registry import Registry


class KindGroups:
    """The watched channels of a registry by kind and name: `of` gives each its group.

    `least_step` is what it can tell apart, `period_s` how often it speaks.
    """

    def __init__(self, registry: Registry, watched: NDArray[np.bool_]) -> None:
        places: dict[tuple[str, str], int] = {}
        members: list[list[int]] = []
        self.of: Ints = np.zeros(registry.size, dtype=np.int64)
        self.least_step: Floats = np.zeros(registry.size)
        self.period_s: Floats = np.ones(registry.size)
        for number in np.flatnonzero(watched).tolist():
            name = registry.channels[number].name
            at = places.setdefault((registry.device_of(number).kind, name), len(places))
            if at == len(members):
                members.append([])
            members[at].append(number)
            self.of[number] = at
            self.period_s[number] = registry.channels[number].period.total_seconds()
            measured = registry.measured(number)
            self.least_step[number] = 10.0**-measured.decimals if measured else 0.0
        self.members = [np.asarray(one, dtype=np.int64) for one in members]
        self.count = max(1, len(members))
        self.stale_us = registry.stale_us
