"""A road: one line of one class and name, before it is cut where others meet it."""

from dataclasses import dataclass, replace
from typing import Final

import shapely

from county.sample.frame import Points

SPEEDS_KMH: Final = {
    "motorway": 100.0, "trunk": 80.0, "primary": 70.0, "secondary": 60.0, "tertiary": 40.0, "residential": 30.0,
    "service": 20.0, "track": 15.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Road:
    """One road from end to end."""

    road_class: str
    line: Points
    name: str = ""
    ref: str = ""
    bridge: bool = False
    tunnel: bool = False
    oneway: int = 0
    link: bool = False

    @property
    def shape(self) -> shapely.LineString:
        """Return the road as a line."""
        return shapely.LineString(self.line)

    def along(self, line: Points, *, bridge: bool = False, tunnel: bool = False) -> "Road":
        """Return the same road with another line."""
        return replace(self, line=line, bridge=bridge or self.bridge, tunnel=tunnel or self.tunnel)
