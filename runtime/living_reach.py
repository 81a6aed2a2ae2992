"""Radio reach for dispatching and for weighing silence, asked of the coverage in use; while there is none, it is not known."""

from collections.abc import Sequence

import numpy as np

from dispatch.reach import PointReach
from layers.coverage.reach import Reach
from layers.coverage.signal_field import SIGNALS, UNKNOWN
from runtime.living_coverage import LivingCoverage
from vocabulary.place import Place


class LivingReach:
    """`dispatch.reach.RadioReach` and `sensors.patience.SignalOf`."""

    def __init__(self, living: LivingCoverage) -> None:
        self._living = living

    def at(self, lon_deg: float, lat_deg: float) -> Sequence[PointReach]:
        """Return what is heard at a position, a row per operator and technology; one that is not heard has no value."""
        atlas = self._living.ready
        if atlas is None:
            return ()
        reach = Reach(atlas.map, atlas.scales["4G"].weak_below_dbm)
        return [
            PointReach(operator=one.operator, technology=one.technology, rsrp_dbm=one.rsrp_dbm)
            for one in atlas.locked(lambda: reach.at(lon_deg, lat_deg))
        ]

    @property
    def version(self) -> str:
        """Return what changes whenever an answer may."""
        return self._living.version

    def of(self, places: Sequence[Place]) -> Sequence[str]:
        """Return how each of these places is covered by whichever network is best there."""
        atlas = self._living.ready
        if atlas is None:
            return [UNKNOWN] * len(places)
        lon = np.array([one.lon_deg for one in places], dtype=np.float64)
        lat = np.array([one.lat_deg for one in places], dtype=np.float64)
        return [SIGNALS[number] for number in atlas.signal().numbers(lon, lat).tolist()]
