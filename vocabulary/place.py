"""Place: a point on earth in WGS 84, longitude first, always finite and on the globe."""

import math
from dataclasses import dataclass

from vocabulary.errors import Refused

LON_LIMIT_DEG = 180.0
LAT_LIMIT_DEG = 90.0
EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius R1


@dataclass(frozen=True, slots=True)
class Place:
    """A WGS 84 position in degrees."""

    lon_deg: float
    lat_deg: float

    def __post_init__(self) -> None:
        """Refuse what is not a position on earth (NaN, infinity, out of range)."""
        lon, lat = self.lon_deg, self.lat_deg
        # Thousands are made in a second: what is right is seen at once, and NaN is within no limits.
        if (
            type(lon) is float
            and type(lat) is float
            and -LON_LIMIT_DEG <= lon <= LON_LIMIT_DEG
            and -LAT_LIMIT_DEG <= lat <= LAT_LIMIT_DEG
        ):
            return
        for field, value, limit in (
            ("lon", lon, LON_LIMIT_DEG),
            ("lat", lat, LAT_LIMIT_DEG),
        ):
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise Refused("place.not_a_number", field=field, value=repr(value))
            if not math.isfinite(value) or abs(value) > limit:
                if field == "lat" and seems_swapped(lon, lat):
                    raise Refused("place.swapped", field="lon", lon=lon, lat=lat)
                raise Refused("place.off_the_globe", field=field, value=repr(value), limit=limit)


def seems_swapped(lon_deg: float, lat_deg: float) -> bool:
    """Say whether two numbers are no position, but the other way round would be: in most of China a swapped pair is so."""
    return LAT_LIMIT_DEG < abs(lat_deg) <= LON_LIMIT_DEG and abs(lon_deg) <= LAT_LIMIT_DEG


def distance_m(a: Place, b: Place) -> float:
    """Return the great-circle distance in metres (haversine on the mean sphere; within 0.5 % of the ellipsoid)."""
    lat_a, lat_b = math.radians(a.lat_deg), math.radians(b.lat_deg)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians(b.lon_deg - a.lon_deg) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))
