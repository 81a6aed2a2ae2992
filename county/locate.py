"""Where is this: a position's town, its nearest named road and nearest known place; and whether it is the county's at all."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from county.areas import Areas, AreasOfGroups
from county.geopackage import read_columns
from county.key_places import KeyPlaces, landmarks
from county.metres import metres_per_degree
from county.model import County, Town
from vocabulary.errors import Refused
from vocabulary.place import Place

ROAD_REACH_M: Final = 2_000.0
PLACE_REACH_M: Final = 5_000.0
SHOWN_DIGITS: Final = 5
STRIP_DEG: Final = 0.02

Floats = NDArray[np.float64]
Indexes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Near:
    """Something with a name and how far away it is."""

    name: str
    name_en: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit grid cell (单元网格): its code and name, and its town's id."""

    code: str
    name_zh: str
    name_en: str
    town: str


@dataclass(frozen=True, slots=True)
class Location:
    """Where a position in the county is; each part is None where nothing is near enough."""

    town: Town | None
    cell: Cell | None
    road: Near | None
    place: Near | None

    def text(self, language: str = "zh") -> str:
        """Return it as one line: "桥头镇 环城东路 近 县第一医院 120 m", "Huancheng East Road, Qiaotou, near … (120 m)"."""
        return self._in_english() if language == "en" else self._in_chinese()

    def _in_chinese(self) -> str:
        town, road = self.town and self.town.name_zh, self.road and self.road.name
        near = self.place and f"近 {self.place.name} {rounded_m(self.place.distance_m)} m"
        return " ".join(word for word in (town, road, near) if word)

    def _in_english(self) -> str:
        town = self.town and (self.town.name_en or self.town.name_zh)
        road = self.road and (self.road.name_en or self.road.name)
        near = self.place and (
            f"near {self.place.name_en or self.place.name} ({rounded_m(self.place.distance_m)} m)"
        )
        return ", ".join(word for word in (road, town, near) if word)


@dataclass(frozen=True, slots=True)
class _Named:
    """Named features in metres around the county's middle, with their index."""

    names: NDArray[np.object_]
    names_en: NDArray[np.object_]
    tree: shapely.STRtree


class Locator:
    """Answers for one county; make a new one after an import. Safe to use from several threads."""

    def __init__(self, county: County) -> None:
        """Read the county's cells, named roads and places and index them."""
        self.county = county
        self._scale = np.array(metres_per_degree(county.center.lat_deg))
        self._boundary = county.boundary_wgs84
        shapely.prepare(self._boundary)
        self._towns = Areas(np.array([town.boundary_wgs84 for town in county.towns], dtype=object))
        self._cells, self._cell_areas = self._read_cells()
        self.key_places = KeyPlaces(county)
        self._roads = self._named("roads", None)
        marks, places = self._named_rows("pois", landmarks()), self._named_rows("places", None)
        joined = [np.concatenate([one, other]) for one, other in zip(marks, places, strict=True)]
        self._places = _Named(joined[0], joined[1], shapely.STRtree(joined[2]))

    def contains(self, place: Place) -> bool:
        """Say whether `place` lies within the county's boundary (the line itself belongs to it)."""
        return bool(self.contains_many(np.array([place.lon_deg]), np.array([place.lat_deg]))[0])

    def contains_many(self, lons_deg: Floats, lats_deg: Floats) -> NDArray[np.bool_]:
        """Say for each position whether it lies within the county's boundary."""
        inside: NDArray[np.bool_] = shapely.intersects_xy(self._boundary, lons_deg, lats_deg)
        return inside

    def require_inside(self, place: Place) -> None:
        """Refuse a position outside the county, and say so when its two numbers seem swapped."""
        if self.contains(place):
            return
        self._refuse_swapped(place.lon_deg, place.lat_deg)
        west, south, east, north = (
            round(side, SHOWN_DIGITS) for side in self.county.box.as_tuple()
        )
        raise Refused(
            "county.outside", field="lon", lon=place.lon_deg, lat=place.lat_deg, **self._called(),
            west=west, south=south, east=east, north=north,
        )  # fmt: skip

    def place_inside(self, lon_deg: float, lat_deg: float) -> Place:
        """Return the place at two numbers as they were sent; Refused when it is none, is outside, or has them swapped.

        In most of China a swapped pair is not even on the globe, so this says more than making a `Place` first would.
        """
        self._refuse_swapped(lon_deg, lat_deg)
        place = Place(lon_deg, lat_deg)
        self.require_inside(place)
        return place

    def _refuse_swapped(self, lon_deg: float, lat_deg: float) -> None:
        here = shapely.intersects_xy(self._boundary, lon_deg, lat_deg)
        if not here and shapely.intersects_xy(self._boundary, lat_deg, lon_deg):
            raise Refused("county.swapped", field="lon", lon=lon_deg, lat=lat_deg, **self._called())

    def _called(self) -> dict[str, str]:
        county = self.county
        return {"name_zh": county.name_zh, "name_en": county.name_en or county.name_zh}

    def locate(self, place: Place) -> Location:
        """Return where `place` is; Refused outside the county."""
        self.require_inside(place)
        return self.locate_many(np.array([place.lon_deg]), np.array([place.lat_deg]))[0]

    def locate_many(self, lons_deg: Floats, lats_deg: Floats) -> list[Location]:
        """Return where each position is, without asking whether it is inside (outside, a part may be None)."""
        lons, lats = np.asarray(lons_deg, dtype=float), np.asarray(lats_deg, dtype=float)
        order = _along_strips(lons, lats)
        degrees = np.stack([lons, lats], axis=1)[order]
        spots = np.asarray(shapely.points(degrees), dtype=object)
        towns = self._towns_of(spots)
        cells = self._cell_areas.of(spots, towns)
        points = np.asarray(shapely.points(degrees * self._scale), dtype=object)
        roads = _nearest(self._roads, points, ROAD_REACH_M)
        places = _nearest(self._places, points, PLACE_REACH_M)
        found = [
            Location(self._town(town), self._cells[cell] if cell >= 0 else None, road, near)
            for town, cell, road, near in zip(
                towns.tolist(), cells.tolist(), roads, places, strict=True
            )
        ]
        return [found[at] for at in np.argsort(order).tolist()]

    def town_of(self, place: Place) -> Town | None:
        """Return the town `place` lies in."""
        spot = np.array([shapely.Point(place.lon_deg, place.lat_deg)], dtype=object)
        return self._town(int(self._towns_of(spot)[0]))

    def _towns_of(self, spots: NDArray[np.object_]) -> Indexes:
        """Return each position's town: on a border the one listed first; in a gap between towns the nearest."""
        found = self._towns.of(spots)
        lost = np.flatnonzero(found < 0)
        if len(lost) and self.county.towns:
            inside = lost[shapely.intersects(self._boundary, spots[lost])]
            found[inside] = self._towns.nearest(spots[inside])
        return found

    def _town(self, number: int) -> Town | None:
        return self.county.towns[number] if number >= 0 else None

    def _read_cells(self) -> tuple[list[Cell], AreasOfGroups]:
        columns = ("code", "name", "name_en", "town_code")
        shapes, said = read_columns(self.county.geopackage, "grid_cells", columns)
        cells = [Cell(*(str(value or "") for value in row)) for row in zip(*said, strict=True)]
        number = {town.id: order for order, town in enumerate(self.county.towns)}
        groups = [number.get(cell.town, -1) for cell in cells]
        return cells, AreasOfGroups(shapes, np.array(groups, dtype=np.int64))

    def _named(self, layer: str, kinds: tuple[str, ...] | None) -> _Named:
        names, names_en, shapes = self._named_rows(layer, kinds)
        return _Named(names, names_en, shapely.STRtree(shapes))

    def _named_rows(
        self, layer: str, kinds: tuple[str, ...] | None
    ) -> tuple[NDArray[np.object_], NDArray[np.object_], NDArray[np.object_]]:
        columns = ("name", "name_en", "kind")
        shapes, (names, names_en, kind) = read_columns(self.county.geopackage, layer, columns)
        kept = np.array([bool(name) for name in names], dtype=bool)
        if kinds is not None:
            kept &= np.isin(kind.astype(str), kinds)
        english = np.array([name or "" for name in names_en[kept]], dtype=object)
        scale = self._scale
        return names[kept], english, shapely.transform(shapes[kept], lambda xy: xy * scale)


def rounded_m(distance_m: float) -> int:
    """Return a distance as people say it: to 10 m, beyond a kilometre to 100 m."""
    step = 100 if distance_m >= 1_000 else 10
    return int(round(distance_m / step) * step)


def _nearest(named: _Named, points: NDArray[np.object_], reach_m: float) -> list[Near | None]:
    found: list[Near | None] = [None] * len(points)
    if not len(named.names):
        return found
    which = named.tree.nearest(points)
    away = shapely.distance(points, named.tree.geometries[which])
    for index in np.flatnonzero(away <= reach_m).tolist():
        name = which[index]
        found[index] = Near(str(named.names[name]), str(named.names_en[name]), float(away[index]))
    return found


def _along_strips(lons_deg: Floats, lats_deg: Floats) -> Indexes:
    """Return an order in which neighbours follow each other: asked so, the indexes answer in half the time."""
    order: Indexes = np.lexsort((lats_deg, np.floor(lons_deg / STRIP_DEG)))
    return order
