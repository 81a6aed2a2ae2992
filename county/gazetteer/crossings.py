"""Where two named roads meet, and how people ask for it: "X路与Y路路口", "X路Y路交叉口", "A St & B St"."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from county.gazetteer.model import Floats

SAME_M: Final = 60.0  # a dual carriageway crosses at up to four points; they are one crossing
DEGREE_M: Final = 111_195.0
TAIL: Final = re.compile(
    r"(的)?(十字|丁字|三岔|环岛)?(路口|交叉路口|交叉口|交汇处|交界处?|交口|口)$"
)
BETWEEN: Final = re.compile(r"\s*(?:[与和跟同及、&＆/@×+]|\bx\b|\band\b|\bat\b)\s*", re.IGNORECASE)
ROAD_END: Final = re.compile(
    r"(?:高速公路|公路|大道|大街|国道|省道|县道|高速|路|街|道|巷|弄|线)(?=.)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossings:
    """Every crossing of two roads: `roads` are all names, `where` the positions of each pair (smaller number first)."""

    roads: tuple[str, ...]
    roads_en: tuple[str, ...]
    where: dict[tuple[int, int], Floats]
    of: dict[int, tuple[int, ...]]


NO_CROSSINGS: Final = Crossings(roads=(), roads_en=(), where={}, of={})


def asked(text: str) -> Iterator[tuple[str, str]]:
    """Yield the two roads a text may mean, the likeliest reading first; the second is empty while it is still to be typed."""
    body = TAIL.sub("", text.strip())
    parts = BETWEEN.split(body, maxsplit=1)
    if len(parts) == 2 and parts[0].strip():
        yield parts[0].strip(), parts[1].strip()
    ends = [end.end() for end in ROAD_END.finditer(body)]
    for end in ends[:3]:
        yield body[:end], body[end:]
    if body != text.strip() and not ends and len(parts) == 1:
        yield body, ""


def find_crossings(
    roads: gpd.GeoDataFrame, called: Callable[[gpd.GeoDataFrame], NDArray[np.object_]]
) -> Crossings:
    """Return where differently named roads meet; a bridge over a road is no crossing."""
    if not len(roads):
        return NO_CROSSINGS
    names = called(roads)
    roads, names = roads[names != ""], names[names != ""]
    known, number = np.unique(names.astype(str), return_inverse=True)
    shapes = roads.geometry.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    differ = number[one] < number[other]
    one, other = one[differ], other[differ]
    meeting = shapely.intersection(shapes[one], shapes[other])
    level = _level(roads)
    keep = (level[one] == level[other]) | _at_an_end(meeting, shapes[one], shapes[other])
    where = _grouped(number[one][keep], number[other][keep], meeting[keep])
    english = (
        dict(zip(names, roads["name_en"].fillna(""), strict=True)) if "name_en" in roads else {}
    )
    return Crossings(
        roads=tuple(known), roads_en=tuple(english.get(name, "") for name in known), where=where, of=_neighbours(where)
    )  # fmt: skip


def _level(roads: gpd.GeoDataFrame) -> NDArray[np.int64]:
    level = np.zeros(len(roads), dtype=np.int64)
    for column, sign in (("bridge", 1), ("tunnel", -1)):
        if column in roads:
            level += sign * roads[column].fillna(False).to_numpy(dtype=bool)
    return level


def _at_an_end(
    meeting: NDArray[np.object_], one: NDArray[np.object_], other: NDArray[np.object_]
) -> NDArray[np.bool_]:
    near = 1.0 / DEGREE_M
    ends = [shapely.boundary(shapes) for shapes in (one, other)]
    found: NDArray[np.bool_] = shapely.dwithin(meeting, ends[0], near) | shapely.dwithin(
        meeting, ends[1], near
    )
    return found


def _grouped(
    one: NDArray[np.int64], other: NDArray[np.int64], meeting: NDArray[np.object_]
) -> dict[tuple[int, int], Floats]:
    points: dict[tuple[int, int], list[Floats]] = {}
    for a, b, shape in zip(one.tolist(), other.tolist(), meeting, strict=True):
        middles = [shapely.centroid(part) for part in shapely.get_parts(shape)]
        points.setdefault((a, b), []).extend(
            shapely.get_coordinates(middle)[0] for middle in middles
        )
    return {pair: _thinned(np.array(at)) for pair, at in points.items() if at}


def _thinned(points: Floats) -> Floats:
    """Return one point, the mean, for every group nearer together than SAME_M."""
    scale = DEGREE_M * np.array([np.cos(np.radians(points[0, 1])), 1.0])
    out = []
    left = points
    while len(left):
        together = np.hypot(*((left - left[0]) * scale).T) <= SAME_M
        out.append(left[together].mean(axis=0))
        left = left[~together]
    return np.array(out)


def _neighbours(where: dict[tuple[int, int], Floats]) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = {}
    for a, b in where:
        found.setdefault(a, []).append(b)
        found.setdefault(b, []).append(a)
    return {road: tuple(sorted(others)) for road, others in found.items()}
