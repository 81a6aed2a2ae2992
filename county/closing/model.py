"""A closure as the fold of its events."""

from dataclasses import dataclass
from datetime import datetime

from shapely import LineString

from county.closures import Cause, Closure, Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadClosure:
    """One closure: what, why, until when, by whom; `ended_at` and `ended_by` once it is over."""

    id: str
    version: int
    ground: Ground
    since_at: datetime
    until_at: datetime
    speed_share: float
    one_way: bool
    cause: Cause
    road: str
    note: str
    closed_by: str
    closed_at: datetime
    ended_at: datetime | None = None
    ended_by: str = ""
    by_time: bool = False

    @property
    def open(self) -> bool:
        """Say whether nobody and nothing has ended it."""
        return self.ended_at is None

    def on_roads(self) -> Closure:
        """Return it as the road graph takes it."""
        shape = self.ground.shape_wgs84
        line = shape if isinstance(shape, LineString) else None
        return Closure(
            id=self.id,
            since_at=self.since_at,
            until_at=self.until_at,
            speed_share=self.speed_share,
            area_wgs84=None if line else shape,
            line_wgs84=line,
            one_way=self.one_way,
        )
