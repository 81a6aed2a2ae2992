"""The county: its names, its edge, its towns, and where its map files lie."""

import csv
from dataclasses import dataclass
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from vocabulary.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in WGS 84 degrees, longitude first."""

    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float

    def as_tuple(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north."""
        return (self.west_deg, self.south_deg, self.east_deg, self.north_deg)

    def holds(self, place: Place) -> bool:
        """Say whether `place` lies in the rectangle."""
        inside_lon = self.west_deg <= place.lon_deg <= self.east_deg
        return inside_lon and self.south_deg <= place.lat_deg <= self.north_deg


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """The level below the county: 镇, 乡, 街道, parish, municipality."""

    id: str
    name_zh: str
    name_en: str
    boundary_wgs84: BaseGeometry


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """The imported county. `version` changes at every import; `folder` holds county.gpkg, hillshade.tif and terrain.tif."""

    code: str
    name_zh: str
    name_en: str
    boundary_wgs84: BaseGeometry
    towns: tuple[Town, ...]
    box: Box
    center: Place
    source: str
    attribution: str
    version: str
    has_terrain: bool
    folder: Path

    @property
    def geopackage(self) -> Path:
        """Return the file that holds every vector layer."""
        return self.folder / "county.gpkg"

    @property
    def hillshade(self) -> Path:
        """Return the shaded relief (Web Mercator), which exists when `has_terrain`."""
        return self.folder / "hillshade.tif"

    @property
    def terrain(self) -> Path:
        """Return the heights in metres (WGS 84), which exist when `has_terrain`."""
        return self.folder / "terrain.tif"

    @property
    def plans(self) -> tuple[Path, ...]:
        """Return the plans that came with the county, one TOML file each."""
        return tuple(sorted((self.folder / "tables" / "plans").glob("*.toml")))

    def table(self, role: str) -> list[dict[str, str]]:
        """Return a table carried with the county (sites, devices, departments, units, duty); empty when there is none."""
        file = self.folder / "tables" / f"{role}.csv"
        if not file.is_file():
            return []
        with file.open(encoding="utf-8", newline="") as opened:
            return list(csv.DictReader(opened))
