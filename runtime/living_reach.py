"""Radio reach for dispatching, asked of the coverage in use; while there is none, it is not known."""

from collections.abc import Sequence

from dispatch.reach import PointReach
from layers.coverage.reach import Reach
from runtime.living_coverage import LivingCoverage


class LivingReach:
    """`dispatch.reach.RadioReach`."""

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
