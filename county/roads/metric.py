"""Metres on the ground: lengths along the WGS 84 ellipsoid, and a flat frame around a county for nearness."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indexes = NDArray[np.int64]

EQUATOR_M: Final = 6_378_137.0
ECCENTRICITY2: Final = 0.006_694_379_990_14


@dataclass(frozen=True, slots=True)
class Plane:
    """A flat frame in metres that touches the earth at one position; distances err by 1 % at 100 km north or south of it."""

    lon_deg: float
    lat_deg: float

    def metric(self, lonlat_deg: Floats) -> Floats:
        """Return positions (n, 2) in metres east and north of the middle."""
        east_m, north_m = _radii(np.array([self.lat_deg]))
        scale = np.array([east_m[0], north_m[0]])
        flat: Floats = np.radians(lonlat_deg - np.array([self.lon_deg, self.lat_deg])) * scale
        return flat

    def degrees(self, metric: Floats) -> Floats:
        """Return positions (n, 2) in degrees again."""
        east_m, north_m = _radii(np.array([self.lat_deg]))
        scale = np.array([east_m[0], north_m[0]])
        middle = np.array([self.lon_deg, self.lat_deg])
        lonlat: Floats = np.degrees(metric / scale) + middle
        return lonlat


def lengths_m(from_deg: Floats, to_deg: Floats) -> Floats:
    """Return the length of each short segment (good to 1 mm up to some kilometres)."""
    east_m, north_m = _radii((from_deg[:, 1] + to_deg[:, 1]) / 2)
    step = np.radians(to_deg - from_deg)
    length: Floats = np.hypot(step[:, 0] * east_m, step[:, 1] * north_m)
    return length


def _radii(lat_deg: Floats) -> tuple[Floats, Floats]:
    # Metres per radian of longitude and of latitude: the prime-vertical and the meridian radius of curvature.
    sine = np.sin(np.radians(lat_deg))
    flatness = 1 - ECCENTRICITY2 * sine * sine
    across = EQUATOR_M / np.sqrt(flatness)
    return across * np.cos(np.radians(lat_deg)), across * (1 - ECCENTRICITY2) / flatness
