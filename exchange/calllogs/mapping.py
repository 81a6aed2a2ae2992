"""Brings a log's positions into our county: stretched box onto box, and what then lies over the border is folded back in.

The box of the log is that of its 1st to 99th percentiles, so that a few far calls do not squeeze the rest; it is stretched onto
the county's box, each axis for itself. A position that falls outside the boundary moves on its straight line to a point inside;
the further it lay outside, the further in it comes. Nothing is random, so the same log always gives the same county.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from vocabulary.place import Place

_LOW, _HIGH = 0.01, 0.99
_HALVINGS: Final = 24
_INSIDE: Final = 0.98  # of the way to the border, so that rounding never puts a place over it


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north in degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class CountyShape:
    """Our county as far as mapping needs it."""

    box: Box
    boundary: BaseGeometry
    inside: Place

    @classmethod
    def from_api(cls, county: dict[str, Any]) -> "CountyShape":
        """Return the shape from the answer of GET /county; without a boundary the box stands for it."""
        box = Box(*county["bbox"])
        boundary = (
            shape(county["boundary"])
            if county.get("boundary")
            else shapely.box(box.west, box.south, box.east, box.north)
        )
        shapely.prepare(boundary)
        point = boundary.representative_point()
        return cls(box, boundary, Place(point.x, point.y))

    def holds(self, place: Place) -> bool:
        """Say whether `place` lies in the county."""
        return bool(self.boundary.contains(Point(place.lon_deg, place.lat_deg)))


@dataclass(frozen=True, slots=True)
class Mapping:
    """Brings places of one log into one county."""

    source: Box
    county: CountyShape

    def place(self, place: Place) -> Place:
        """Return where in the county `place` is played."""
        stretched = self.stretch(place)
        return stretched if self.county.holds(stretched) else self.fold(stretched)

    def stretch(self, place: Place) -> Place:
        """Return `place` with the log's box stretched onto the county's."""
        source, box = self.source, self.county.box
        across = (place.lon_deg - source.west) / max(source.east - source.west, 1e-9)
        up = (place.lat_deg - source.south) / max(source.north - source.south, 1e-9)
        return Place(
            round(box.west + across * (box.east - box.west), 7),
            round(box.south + up * (box.north - box.south), 7),
        )

    def fold(self, outside: Place) -> Place:
        """Return `outside` moved over the border on the straight line to the county's inner point."""
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self._holds(outside, middle) else (low, middle)
        share = low * low * _INSIDE
        while share > 0 and not self._holds(outside, share):  # a county with a bay or a hole
            share = share / 2 if share > 1e-6 else 0.0
        return self._between(outside, share)

    def _holds(self, outside: Place, share: float) -> bool:
        return self.county.holds(self._between(outside, share))

    def _between(self, outside: Place, share: float) -> Place:
        inside = self.county.inside
        return Place(
            round(inside.lon_deg + share * (outside.lon_deg - inside.lon_deg), 7),
            round(inside.lat_deg + share * (outside.lat_deg - inside.lat_deg), 7),
        )


def mapping_of(places: Sequence[Place], county: CountyShape) -> Mapping:
    """Return the mapping that brings these places of a log into `county`."""
    lons = sorted(place.lon_deg for place in places)
    lats = sorted(place.lat_deg for place in places)
    return Mapping(
        Box(_at(lons, _LOW), _at(lats, _LOW), _at(lons, _HIGH), _at(lats, _HIGH)), county
    )


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[round(share * (len(ordered) - 1))] if ordered else 0.0
