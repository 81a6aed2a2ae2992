"""The areas of a CAP message: polygons and circles come latitude first, and go on longitude first."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from exchange.safe_xml import Element
from incidents.warnings.model import Area, Circle, Ring
from vocabulary.errors import Refused
from vocabulary.place import LAT_LIMIT_DEG, LON_LIMIT_DEG, seems_swapped

MOST_POINTS: Final = 5_000
MOST_AREAS: Final = 200
FEWEST_CORNERS: Final = 3
FARTHEST_KM: Final = 2_000.0
NAME_LONGEST: Final = 300
POLYGON_FORM: Final = "28.10,119.20 28.20,119.20 28.20,119.40 28.10,119.20"
CIRCLE_FORM: Final = "28.10,119.20 15"


def read_areas(infos: Iterable[Element]) -> tuple[Area, ...]:
    """Return the areas of these blocks."""
    found = [_area(area) for info in infos for area in info.all("area")]
    points = sum(len(ring) for area in found for ring in area.rings)
    if len(found) > MOST_AREAS or points > MOST_POINTS:
        raise Refused("cap.area_large", areas=len(found), points=points, most=MOST_POINTS)
    return tuple(found)


def _area(area: Element) -> Area:
    codes = [one.said("value") for one in area.all("geocode")]
    return Area(
        name=area.said("areaDesc")[:NAME_LONGEST],
        rings=tuple(_ring(one.text) for one in area.all("polygon")),
        circles=tuple(_circle(one.text) for one in area.all("circle")),
        codes=tuple(code[:40] for code in codes if code),
    )


def _ring(text: str) -> Ring:
    points = [_point(pair, "polygon", POLYGON_FORM) for pair in text.split()]
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    if len(set(points)) < FEWEST_CORNERS:
        raise _bad("polygon", text, POLYGON_FORM)
    return tuple(points)


def _circle(text: str) -> Circle:
    parts = text.split()
    if len(parts) != 2:
        raise _bad("circle", text, CIRCLE_FORM)
    lon, lat = _point(parts[0], "circle", CIRCLE_FORM)
    [radius_km] = _numbers([parts[1]], "circle", CIRCLE_FORM)
    if not 0 <= radius_km <= FARTHEST_KM:
        raise _bad("circle", text, CIRCLE_FORM)
    return Circle(lon_deg=lon, lat_deg=lat, radius_m=radius_km * 1000)


def _point(pair: str, field: str, form: str) -> tuple[float, float]:
    """Return (longitude, latitude) of "latitude,longitude"."""
    parts = pair.split(",")
    if len(parts) != 2:
        raise _bad(field, pair, form)
    lat, lon = _numbers(parts, field, form)
    if seems_swapped(lon, lat):
        raise Refused("warnings.swapped", field=field, value=pair[:60], lat=lat, lon=lon)
    if abs(lat) > LAT_LIMIT_DEG or abs(lon) > LON_LIMIT_DEG:
        raise _bad(field, pair, form)
    return lon, lat


def _numbers(parts: Sequence[str], field: str, form: str) -> list[float]:
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        raise _bad(field, ",".join(parts), form) from None
    if not all(map(math.isfinite, numbers)):
        raise _bad(field, ",".join(parts), form)
    return numbers


def _bad(field: str, value: str, wanted: str) -> Refused:
    return Refused("cap.bad_value", field=field, value=value.strip()[:120] or "-", wanted=wanted)
