"""The county as its tables need it: where people are, and points on streets, rivers and slopes, drawn by a seed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray

from county.geopackage import read_columns
from county.model import County

LAT_M: Final = 111_320.0
STEP_M: Final = 60.0  # over which a slope is taken
Points = NDArray[np.float64]  # (n, 2), longitude first
Draw = Callable[[np.random.Generator, int], Points]


@dataclass(frozen=True, slots=True)
class Named:
    """Points of a layer with their kind and name."""

    kinds: NDArray[np.object_]
    names: NDArray[np.object_]
    at: Points

    def of(self, *kinds: str) -> "Named":
        """Return those of some kinds."""
        mine = np.isin(self.kinds.astype(str), kinds)
        return Named(self.kinds[mine], self.names[mine], self.at[mine])

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.at)


@dataclass(frozen=True)
class Land:
    """One county's geography; every draw takes the generator, so that the same seed gives the same tables."""

    county: County

    @cached_property
    def pois(self) -> Named:
        """Return the public places."""
        return self._points("pois")

    @cached_property
    def places(self) -> Named:
        """Return the settlements."""
        return self._points("places")

    @cached_property
    def seat(self) -> Points:
        """Return the middle of the county seat (the largest settlement)."""
        for kind in ("city", "town", "suburb", "village"):
            found = self.places.of(kind)
            if len(found):
                first: Points = found.at[0]
                return first
        return np.array([self.county.center.lon_deg, self.county.center.lat_deg])

    def metres(self, points: Points) -> Points:
        """Return points as metres east and north of the seat: good to some in ten thousand, which suffices to place things."""
        scale = np.array([LAT_M * np.cos(np.radians(self.seat[1])), LAT_M])
        moved: Points = (points - self.seat) * scale
        return moved

    def degrees(self, metres: Points) -> Points:
        """Return metres around the seat as longitude and latitude."""
        scale = np.array([LAT_M * np.cos(np.radians(self.seat[1])), LAT_M])
        return np.asarray(metres / scale + self.seat, dtype=np.float64)

    def inside(self, points: Points) -> NDArray[np.bool_]:
        """Say which points lie in the county."""
        boundary = self.county.boundary_wgs84
        shapely.prepare(boundary)
        return np.asarray(shapely.contains_xy(boundary, points), dtype=np.bool_)

    def heights(self, points: Points) -> NDArray[np.float64]:
        """Return heights in metres, 0 where there is no terrain."""
        if not self.county.has_terrain:
            return np.zeros(len(points))
        metres, where = self._terrain
        across = ~where
        columns = (across.a * points[:, 0] + across.b * points[:, 1] + across.c).astype(int)
        rows = (across.d * points[:, 0] + across.e * points[:, 1] + across.f).astype(int)
        high, wide = metres.shape
        there = (rows >= 0) & (rows < high) & (columns >= 0) & (columns < wide)
        found = np.zeros(len(points))
        found[there] = metres[rows[there], columns[there]]
        return np.nan_to_num(np.where(found < -1000, 0.0, found))

    def people(self, rng: np.random.Generator, count: int) -> Points:
        """Return points where people live, by the population raster; without one, by the buildings."""
        file = self.county.folder / "population.tif"
        if file.is_file():
            return self._kept(rng, count, self._by_raster)
        return self._kept(rng, count, self._by_buildings)

    def along(
        self, rng: np.random.Generator, layer: str, kinds: tuple[str, ...], count: int
    ) -> Points:
        """Return points along a layer's lines of some kinds, by their length; of no line, where people live."""
        lines = self.lines(layer, kinds)
        if not len(lines):
            return self.people(rng, count)
        length = shapely.length(lines)

        def drawn(rng: np.random.Generator, count: int) -> Points:
            chosen = rng.choice(len(lines), count, p=length / length.sum())
            share = rng.random(count)
            return shapely.get_coordinates(
                shapely.line_interpolate_point(lines[chosen], share, normalized=True)
            )

        return self._kept(rng, count, drawn)

    def near(
        self, rng: np.random.Generator, middles: Points, count: int, within_m: float
    ) -> Points:
        """Return points around some of `middles`."""

        def drawn(rng: np.random.Generator, count: int) -> Points:
            chosen = self.metres(middles[rng.integers(0, len(middles), count)])
            return self.degrees(chosen + rng.normal(0, within_m / 2, (count, 2)))

        return self._kept(rng, count, drawn)

    def steep(self, rng: np.random.Generator, count: int) -> Points:
        """Return the steepest of many points along country roads and around villages: where slopes are watched."""
        many = np.vstack(
            [
                self.along(rng, "roads", ("primary", "secondary", "tertiary"), count * 3),
                self.near(rng, self.places.at, count * 3, 900.0),
            ]
        )
        metres = self.metres(many)
        east = self.degrees(metres + np.array([STEP_M, 0.0]))
        north = self.degrees(metres + np.array([0.0, STEP_M]))
        here = self.heights(many)
        slope = np.hypot(self.heights(east) - here, self.heights(north) - here)
        return many[np.argsort(-slope)[:count]]

    def nearest(self, points: Points, among: Named) -> NDArray[np.object_]:
        """Return the name of the nearest of `among` for each point."""
        tree = shapely.STRtree([shapely.Point(each) for each in self.metres(among.at)])
        found: NDArray[np.object_] = among.names[tree.nearest(shapely.points(self.metres(points)))]
        return found

    def _points(self, layer: str) -> Named:
        shapes, (kinds, names) = read_columns(self.county.geopackage, layer, ("kind", "name"))
        at = shapely.get_coordinates(shapely.centroid(shapes)).reshape(-1, 2)
        inside = self.inside(at) if len(at) else np.zeros(0, dtype=np.bool_)
        return Named(kinds[inside], names[inside], at[inside])

    def lines(self, layer: str, kinds: tuple[str, ...]) -> NDArray[np.object_]:
        """Return a layer's lines of some kinds."""
        column = "class" if layer == "roads" else "kind"
        shapes, (found,) = read_columns(self.county.geopackage, layer, (column,))
        return shapes[np.isin(found.astype(str), kinds)] if len(shapes) else shapes

    def _by_buildings(self, rng: np.random.Generator, count: int) -> Points:
        return self._houses[rng.integers(0, len(self._houses), count)]

    @cached_property
    def _terrain(self) -> tuple[NDArray[np.float64], Affine]:
        with rasterio.open(self.county.terrain) as terrain:
            return terrain.read(1).astype(np.float64), terrain.transform

    @cached_property
    def _houses(self) -> Points:
        shapes, _ = read_columns(self.county.geopackage, "buildings", ())
        if not len(shapes):
            return self.places.at
        return shapely.get_coordinates(shapely.centroid(shapes))

    def _by_raster(self, rng: np.random.Generator, count: int) -> Points:
        with rasterio.open(self.county.folder / "population.tif") as raster:
            persons = np.nan_to_num(raster.read(1).astype(np.float64)).clip(min=0)
            chosen = rng.choice(persons.size, count, p=persons.ravel() / persons.sum())
            rows, columns = np.unravel_index(chosen, persons.shape)
            moved = rng.random((2, count))
            east, north = raster.transform * (columns + moved[0], rows + moved[1])
        return np.stack([east, north], axis=1)

    def _kept(self, rng: np.random.Generator, count: int, drawn: Draw) -> Points:
        """Return `count` drawn points that lie in the county."""
        found: list[Points] = []
        for _ in range(50):
            if sum(map(len, found)) >= count:
                break
            points = drawn(rng, 2 * count + 8)
            found.append(points[self.inside(points)])
        return np.vstack(found)[:count]
