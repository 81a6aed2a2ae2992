"""Every frame in which Chinese map data arrive, turned into WGS 84 (longitude first) with its accuracy said, and back.

GCJ-02 is not published by those who keep it. What is used here is the formula that has stood in public since 2011 (in
`eviltransform` and `coordtransform`, among others): a sum of sines on the Krassovsky 1940 ellipsoid. BD-09 is Baidu's turn and
stretch on top of GCJ-02, from the same sources. Both are inverted by fixed-point iteration, so that a round trip is good to about
1e-6 m. That is arithmetic and no truth: against 1,329 control points asked of AMap's own service the formula is off by 0.85 m
(median) and 7.0 m (95th percentile), which is why a row of `DATUMS` says 10 m and not 0.

CGCS2000 and WGS 84 share their definition. PROJ knows no transformation between them ("ballpark", null) and none is made
here; the drift of the Eurasian plate since epoch 2000.0 (some 3 cm a year) is the accuracy stated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

from vocabulary.errors import Refused

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

# Krassovsky 1940, as in the published formula.
_AXIS_M: Final = 6_378_245.0
_ECCENTRICITY2: Final = 0.006_693_421_622_965_943
_BAIDU_RAD: Final = np.pi * 3000.0 / 180.0
_STEPS: Final = 6  # each step shrinks the error by a factor of some 300; four give 1e-6 m
# The rectangle of the published formula: outside it GCJ-02 is WGS 84. It holds a good deal that is not China.
CHINA_BOX: Final = (72.004, 0.8293, 137.8347, 55.8271)


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """A frame in which positions may be declared: how far a converted position may be from the truth, and who says so."""

    id: str
    name_zh: str
    name_en: str
    accuracy_m: float
    source: str


DATUMS: Final = (
    Datum(id="wgs84", name_zh="WGS 84", name_en="WGS 84", accuracy_m=0.0, source="EPSG:4326; kept as it is"),
    Datum(id="cgcs2000", name_zh="2000 国家大地坐标系", name_en="CGCS2000", accuracy_m=1.0,
          source="EPSG:4490; null transformation, plate drift since epoch 2000.0"),
    Datum(id="gcj02", name_zh="GCJ-02（高德、腾讯）", name_en="GCJ-02 (AMap, Tencent)", accuracy_m=10.0,
          source="published formula; 7.0 m at the 95th percentile against AMap's service"),
    Datum(id="bd09", name_zh="BD-09（百度）", name_en="BD-09 (Baidu)", accuracy_m=10.0,
          source="published formula on top of GCJ-02; its own part was not measured"),
)  # fmt: skip
BY_ID: Final = {row.id: row for row in DATUMS}

# 3-degree Gauss-Krueger on CGCS2000. EPSG:4513-4533 carry the zone number before the easting (25-45), 4534-4554 do not.
ZONES: Final = range(4513, 4555)
FIRST_WITHOUT_PREFIX: Final = 4534
FIRST_ZONE: Final = 25
PROJECTED_ACCURACY_M: Final = 1.0


def zone_of(lon_deg: float, *, prefixed: bool) -> int | None:
    """Return the EPSG code of the 3-degree zone of a longitude; None outside 73.5-136.5 degrees."""
    number = int(np.floor(lon_deg / 3.0 + 0.5)) - FIRST_ZONE if np.isfinite(lon_deg) else -1
    first = ZONES.start if prefixed else FIRST_WITHOUT_PREFIX
    return first + number if 0 <= number <= 20 else None


def declared(name: str) -> Datum:
    """Return the datum somebody declared (`gcj02`, `epsg:4528`); Refused when there is none of that name."""
    wanted = name.strip().lower().replace("-", "").replace(" ", "")
    if wanted in BY_ID:
        return BY_ID[wanted]
    code = wanted.removeprefix("epsg:")
    if code in {"4326", "4490"}:
        return BY_ID["wgs84" if code == "4326" else "cgcs2000"]
    if code.isascii() and code.isdigit() and int(code) in ZONES:
        return Datum(
            id=f"epsg:{code}", name_zh=f"CGCS2000 3 度带 EPSG:{code}", name_en=f"CGCS2000 3-degree zone EPSG:{code}",
            accuracy_m=PROJECTED_ACCURACY_M, source="Gauss-Krueger by PROJ; then as CGCS2000",
        )  # fmt: skip
    raise Refused("datum.unknown", value=name, known=", ".join([*BY_ID, "epsg:4513 … epsg:4554"]))


def to_wgs84(datum: str, lons: ArrayLike, lats: ArrayLike) -> Pair:
    """Return positions of a declared datum in WGS 84 (for a projected one: eastings, northings). NaN stays NaN."""
    return _convert(declared(datum).id, lons, lats, into=True)


def from_wgs84(datum: str, lons_deg: ArrayLike, lats_deg: ArrayLike) -> Pair:
    """Return WGS 84 positions in a declared datum, for a map service or a program that wants it so."""
    return _convert(declared(datum).id, lons_deg, lats_deg, into=False)


def _convert(datum: str, lons: ArrayLike, lats: ArrayLike, *, into: bool) -> Pair:
    x, y = np.broadcast_arrays(np.asarray(lons, dtype=float), np.asarray(lats, dtype=float))
    if datum.startswith("epsg:"):
        way = _transformer(datum, into)
        east, north = way.transform(x, y)
        return np.asarray(east, dtype=float), np.asarray(north, dtype=float)
    forward, inverse = _FORMULAS[datum]
    return inverse(x, y) if into else forward(x, y)


@lru_cache(maxsize=64)
def _transformer(datum: str, into: bool) -> Transformer:
    ends = (datum, "EPSG:4490") if into else ("EPSG:4490", datum)
    return Transformer.from_crs(*ends, always_xy=True)


def wgs84_to_gcj02(lons_deg: Floats, lats_deg: Floats) -> Pair:
    """Return the GCJ-02 position of WGS 84 positions; outside CHINA_BOX they are the same."""
    inside = _in_china(lons_deg, lats_deg)
    east, north = _shift(lons_deg, lats_deg)
    return np.where(inside, lons_deg + east, lons_deg), np.where(inside, lats_deg + north, lats_deg)


def gcj02_to_wgs84(lons_deg: Floats, lats_deg: Floats) -> Pair:
    """Return the WGS 84 position of GCJ-02 positions: the one that the formula turns into them."""
    lon, lat = lons_deg, lats_deg
    for _ in range(_STEPS):
        east, north = _shift(lon, lat)
        lon, lat = lons_deg - east, lats_deg - north
    inside = _in_china(lon, lat)
    return np.where(inside, lon, lons_deg), np.where(inside, lat, lats_deg)


def gcj02_to_bd09(lons_deg: Floats, lats_deg: Floats) -> Pair:
    """Return Baidu's position of GCJ-02 positions; outside CHINA_BOX they are the same."""
    inside = _in_china(lons_deg, lats_deg)
    x, y = _near_china(lons_deg, lats_deg)
    far = np.hypot(x, y) + 0.00002 * np.sin(y * _BAIDU_RAD)
    turn = np.arctan2(y, x) + 0.000003 * np.cos(x * _BAIDU_RAD)
    lon, lat = far * np.cos(turn) + 0.0065, far * np.sin(turn) + 0.006
    return np.where(inside, lon, lons_deg), np.where(inside, lat, lats_deg)


def bd09_to_gcj02(lons_deg: Floats, lats_deg: Floats) -> Pair:
    """Return the GCJ-02 position of Baidu's positions."""
    # Before the turn Baidu's point is (far, angle) of its own shifted position; what is small in it is found by iterating.
    x, y = _near_china(lons_deg, lats_deg)
    east, north = x - 0.0065, y - 0.006
    far, turn = np.hypot(east, north), np.arctan2(north, east)
    lon, lat = east, north
    for _ in range(_STEPS):
        radius = far - 0.00002 * np.sin(lat * _BAIDU_RAD)
        angle = turn - 0.000003 * np.cos(lon * _BAIDU_RAD)
        lon, lat = radius * np.cos(angle), radius * np.sin(angle)
    inside = _in_china(lon, lat)
    return np.where(inside, lon, lons_deg), np.where(inside, lat, lats_deg)


def _in_china(lons_deg: Floats, lats_deg: Floats) -> NDArray[np.bool_]:
    west, south, east, north = CHINA_BOX
    inside_lon = (lons_deg >= west) & (lons_deg <= east)
    inside: NDArray[np.bool_] = inside_lon & (lats_deg >= south) & (lats_deg <= north)
    return inside


def _near_china(lons_deg: Floats, lats_deg: Floats) -> Pair:
    # What lies far outside is not converted; the formulas must still not meet a pole or an infinity on the way.
    west, south, east, north = CHINA_BOX
    return np.clip(lons_deg, west - 2.0, east + 2.0), np.clip(lats_deg, south - 2.0, north + 2.0)


def _shift(lons_deg: Floats, lats_deg: Floats) -> Pair:
    """Return how far GCJ-02 lies east and north of WGS 84, in degrees."""
    lons_deg, lats_deg = _near_china(lons_deg, lats_deg)
    x, y = lons_deg - 105.0, lats_deg - 35.0
    root, cross = np.sqrt(np.abs(x)), x * y
    ripple = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * cross + 0.1 * root
    east += (ripple + _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * cross + 0.2 * root
    north += (
        (ripple + _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))) * 2.0 / 3.0
    )
    lat = np.radians(lats_deg)
    bend = 1.0 - _ECCENTRICITY2 * np.sin(lat) ** 2
    east_deg = np.degrees(east / (_AXIS_M / np.sqrt(bend) * np.cos(lat)))
    north_deg = np.degrees(north / (_AXIS_M * (1.0 - _ECCENTRICITY2) / (bend * np.sqrt(bend))))
    return east_deg, north_deg


def _waves(values: Floats, *waves: tuple[float, float]) -> Floats:
    total = np.zeros_like(values)
    for height, length in waves:
        total = total + height * np.sin(values * np.pi / length)
    return total


def _same(lons_deg: Floats, lats_deg: Floats) -> Pair:
    return lons_deg.copy(), lats_deg.copy()


def _wgs84_to_bd09(lons_deg: Floats, lats_deg: Floats) -> Pair:
    return gcj02_to_bd09(*wgs84_to_gcj02(lons_deg, lats_deg))


def _bd09_to_wgs84(lons_deg: Floats, lats_deg: Floats) -> Pair:
    return gcj02_to_wgs84(*bd09_to_gcj02(lons_deg, lats_deg))


Formula = Callable[[Floats, Floats], Pair]
_FORMULAS: Final[dict[str, tuple[Formula, Formula]]] = {
    "wgs84": (_same, _same),
    "cgcs2000": (_same, _same),
    "gcj02": (wgs84_to_gcj02, gcj02_to_wgs84),
    "bd09": (_wgs84_to_bd09, _bd09_to_wgs84),
}
