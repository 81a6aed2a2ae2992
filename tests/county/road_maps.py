"""Small road maps to try the router on: drawn by hand in metres, or any that Hypothesis thinks of."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import strategies as st

from county.roads.build import build
from county.roads.graph import RoadGraph
from county.roads.metric import Plane
from county.roads.turns import Restriction
from vocabulary.place import Place

MIDDLE = Plane(120.0, 29.0)
Point = tuple[float, float]


@dataclass(frozen=True)
class Way:
    """A way as the test says it: vertices in metres east and north of the middle."""

    id: str
    points: Sequence[Point]
    road_class: str = "secondary"
    oneway: int = 0
    maxspeed_kmh: float = float("nan")
    name: str = ""
    access: str = ""
    emergency: str = ""
    service: str = ""
    surface: str = ""
    bridge: bool = False


def at(east_m: float, north_m: float) -> Place:
    """Return the place so many metres from the middle of the test maps."""
    lon, lat = MIDDLE.degrees(np.array([[east_m, north_m]]))[0].tolist()
    return Place(lon, lat)


def layer(ways: Sequence[Way]) -> gpd.GeoDataFrame:
    """Return the ways as the importer writes its `roads` layer."""
    columns = {
        "way_id": [way.id for way in ways],
        "class": [way.road_class for way in ways],
        "link": [False] * len(ways),
        "name": [way.name for way in ways],
        "name_en": [""] * len(ways),
        "ref": [""] * len(ways),
        "oneway": [way.oneway for way in ways],
        "maxspeed_kmh": [way.maxspeed_kmh for way in ways],
        "bridge": [way.bridge for way in ways],
        "tunnel": [False] * len(ways),
        "access": [way.access for way in ways],
        "emergency": [way.emergency for way in ways],
        "service": [way.service for way in ways],
        "surface": [way.surface for way in ways],
    }
    lines = [shapely.LineString(MIDDLE.degrees(np.array(way.points, dtype=float))) for way in ways]
    return gpd.GeoDataFrame(columns, geometry=lines, crs="EPSG:4326")


def graph(*ways: Way, restrictions: Sequence[Restriction] = (), version: str = "v") -> RoadGraph:
    """Return the graph of these ways."""
    return build(layer(ways), restrictions, version=version)


def forbids(from_way: str, via: Point, to_way: str, kind: str) -> Restriction:
    """Return a turn restriction at a node given in metres."""
    lon, lat = MIDDLE.degrees(np.array([via], dtype=float))[0].tolist()
    return Restriction(from_way, lon, lat, to_way, kind)


CLASSES = ("primary", "secondary", "tertiary", "residential", "service", "track")


@st.composite
def maps(draw: st.DrawFn, *, oneways: bool = True) -> list[Way]:
    """Return a town of 3 by 3 to 4 by 5 corners, pushed about, some streets missing, some bent, some one way."""
    rows, columns = draw(st.integers(3, 4)), draw(st.integers(3, 5))
    push = st.floats(-150, 150).map(lambda value: round(value, 1))
    corner = {
        (r, c): (600.0 * c + draw(push), 600.0 * r + draw(push))
        for r in range(rows)
        for c in range(columns)
    }
    ways: list[Way] = []
    for r, c in corner:
        for other in ((r + 1, c), (r, c + 1)):
            if other not in corner or draw(st.integers(0, 9)) == 0:
                continue
            one, two = corner[r, c], corner[other]
            bend = ((one[0] + two[0]) / 2 + draw(push), (one[1] + two[1]) / 2 + draw(push))
            direction = draw(st.sampled_from((0, 0, 0, 1, -1))) if oneways else 0
            road_class = draw(st.sampled_from(CLASSES))
            ways.append(Way(str(len(ways)), (one, bend, two), road_class, direction))
    return ways or [Way("0", ((0.0, 0.0), (600.0, 0.0)))]


def anywhere() -> st.SearchStrategy[Place]:
    """Return places in and around the town."""
    return st.builds(at, st.floats(-300, 2_800), st.floats(-300, 2_200))
