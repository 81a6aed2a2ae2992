"""Key places (重点场所) and facilities: which kinds they are is a table; where they are, the county's map says."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from county.geopackage import read_columns
from county.metres import metres_per_degree
from county.model import County
from vocabulary.place import Place

TABLE: Final = Path(__file__).parent / "tables" / "key_places.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceKind:
    """One kind of place: `key` counts as 重点场所, `vulnerable` raises a case's priority, `landmark` tells people where."""

    layer: str
    kind: str
    group: str
    zh: str
    en: str
    key: bool
    vulnerable: bool
    facility: bool
    landmark: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlace:
    """One key place or facility of the county."""

    kind: PlaceKind
    name: str
    name_en: str
    place: Place


@cache
def place_kinds() -> tuple[PlaceKind, ...]:
    """Return the table, row by row."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return tuple(_kind(row) for row in csv.DictReader(stream))


def _kind(row: dict[str, str]) -> PlaceKind:
    return PlaceKind(
        layer=row["layer"], kind=row["kind"], group=row["group"], zh=row["zh"], en=row["en"],
        key=row["key"] == "1", vulnerable=row["vulnerable"] == "1", facility=row["facility"] == "1",
        landmark=row["landmark"] == "1",
    )  # fmt: skip


def landmarks() -> tuple[str, ...]:
    """Return the kinds of marks people name a place by; a bus stop or a car park tells nobody where to go."""
    return tuple(row.kind for row in place_kinds() if row.layer == "pois" and row.landmark)


class KeyPlaces:
    """The key places and facilities of one county; make new ones after an import. Safe to use from several threads."""

    def __init__(self, county: County) -> None:
        """Read them from the county's map."""
        self._scale = np.array(metres_per_degree(county.center.lat_deg))
        self.rows = tuple(row for layer in ("pois", "places") for row in _read(county, layer))
        spots = [(row.place.lon_deg, row.place.lat_deg) for row in self.rows]
        self._metric = np.array(spots, dtype=float).reshape(-1, 2) * self._scale
        self._vulnerable = np.array([row.kind.vulnerable for row in self.rows], dtype=bool)

    def near(self, place: Place, within_m: float, *, vulnerable: bool = False) -> list[KeyPlace]:
        """Return those within so many metres of a place, the nearest first; of `vulnerable` kinds only, where so asked."""
        asked = np.array([place.lon_deg, place.lat_deg]) * self._scale
        away = np.hypot(*(self._metric - asked).T)
        within = (away <= within_m) & (self._vulnerable | (not vulnerable))
        order = np.argsort(away, kind="stable")
        return [self.rows[at] for at in order[within[order]].tolist()]


def _read(county: County, layer: str) -> list[KeyPlace]:
    kinds = {row.kind: row for row in place_kinds() if row.layer == layer}
    shapes, columns = read_columns(county.geopackage, layer, ("kind", "name", "name_en"))
    points: NDArray[np.object_] = np.asarray(shapely.point_on_surface(shapes), dtype=object)
    return [
        KeyPlace(
            kind=kinds[kind], name=name or "", name_en=english or "", place=Place(point.x, point.y)
        )
        for point, kind, name, english in zip(points, *columns, strict=True)
        if kind in kinds
    ]
