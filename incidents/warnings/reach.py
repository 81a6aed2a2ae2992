"""Where a warning holds within the county: by the shapes it was told with, the codes of divisions, or else by their names."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from county.model import County, Town
from county.roads.metric import Plane
from incidents.warnings.model import Area, Circle, Reach, ReachedTown, Ring
from vocabulary.errors import Refused

CIRCLE_POINTS: Final = 48
DECIMALS: Final = 5
WHOLE_SHARE: Final = 0.99
TOUCHED_SHARE: Final = 0.005  # a border drawn on another map lies a little beside ours
STEPS_ACROSS: Final = 600  # how fine an outline is drawn, in steps across the county
COUNTY_DIGITS, TOWN_DIGITS = 6, 9  # GB/T 2260 and GB/T 10114


def reach_of(areas: Sequence[Area], county: County) -> Reach:
    """Return the towns that are warned, and their outline; each area by its shapes, else by its codes, else by its name.

    Raises Refused `warnings.swapped` where the shapes lie outside and would lie inside with latitude and longitude exchanged.
    """
    drawn = [area for area in areas if area.rings or area.circles]
    divided = [area for area in areas if area not in drawn]
    if any(_is_whole(area, county) for area in divided):
        return _reach(county.boundary_wgs84, county.towns, county, whole=True)
    named = [town for town in county.towns if any(_is_named(one, town, county) for one in divided)]
    shape = shapely.union_all([_shape(area) for area in drawn])
    inside = shapely.intersection(shape, county.boundary_wgs84)
    if inside.area == 0 and not named:
        _refuse_swapped(drawn, shape, county)
        return Reach()
    towns = [town for town in county.towns if town in named or _touches(inside, town)]
    ground = shapely.union_all([inside, *(town.boundary_wgs84 for town in named)])
    whole = ground.area >= WHOLE_SHARE * county.boundary_wgs84.area
    return _reach(ground, towns, county, whole=bool(whole))


def town_areas(county: County, towns: Sequence[str]) -> tuple[Area, ...]:
    """Return the areas of towns named by hand, or of the whole county where none is named."""
    if not towns:
        return (Area(name=county.name_zh, codes=(county.code,)),)
    known = {town.id: town for town in county.towns}
    for town in towns:
        if town not in known:
            names = ", ".join(f"{one.id} {one.name_zh}" for one in county.towns)
            raise Refused("warnings.town_unknown", field="towns", value=town, known=names)
    return tuple(Area(name=known[town].name_zh, codes=(town,)) for town in towns)


def _shape(area: Area) -> BaseGeometry:
    rings = [shapely.make_valid(shapely.Polygon(ring)) for ring in area.rings]
    return shapely.union_all([*rings, *map(_round, area.circles)])


def _round(circle: Circle) -> BaseGeometry:
    turn = np.arange(CIRCLE_POINTS) * (2 * math.pi / CIRCLE_POINTS)
    corners = np.stack([np.cos(turn), np.sin(turn)], axis=1) * max(circle.radius_m, 1.0)
    return shapely.Polygon(Plane(circle.lon_deg, circle.lat_deg).degrees(corners))


def _is_whole(area: Area, county: County) -> bool:
    if area.codes:
        return any(_holds_county(code, county.code) for code in area.codes)
    return area.name in (county.name_zh, county.name_en)


def _holds_county(code: str, county: str) -> bool:
    """Say whether a code is the county's, its prefecture's or its province's."""
    if not code.isdigit() or len(code) < COUNTY_DIGITS or code[COUNTY_DIGITS:].strip("0"):
        return False
    return code[:COUNTY_DIGITS] in (county[:6], county[:4] + "00", county[:2] + "0000")


def _is_named(area: Area, town: Town, county: County) -> bool:
    if area.codes:
        return any(_is_of_town(code, town.id, county.code) for code in area.codes)
    return town.name_zh in area.name


def _is_of_town(code: str, town: str, county: str) -> bool:
    """Say whether a code is a town's own, or (12 digits) a village's in it."""
    if code == town:
        return True
    same = code[:TOWN_DIGITS] == town[:TOWN_DIGITS] and len(town) >= TOWN_DIGITS
    return same and code.isdigit() and town.startswith(county[:COUNTY_DIGITS])


def _touches(inside: BaseGeometry, town: Town) -> bool:
    common = shapely.intersection(inside, town.boundary_wgs84).area
    return bool(common > TOUCHED_SHARE * min(town.boundary_wgs84.area, inside.area))


def _refuse_swapped(areas: Sequence[Area], shape: BaseGeometry, county: County) -> None:
    turned = shapely.transform(shape, lambda lonlat: lonlat[:, ::-1])
    if not shape.is_empty and shapely.intersects(turned, county.boundary_wgs84):
        point = shape.representative_point()
        raise Refused(
            "warnings.swapped",
            field="area",
            value=", ".join(area.name for area in areas) or "-",
            lat=round(point.y, DECIMALS),
            lon=round(point.x, DECIMALS),
        )


def _reach(ground: BaseGeometry, towns: Iterable[Town], county: County, *, whole: bool) -> Reach:
    reached = tuple(ReachedTown(id=one.id, zh=one.name_zh, en=one.name_en) for one in towns)
    west, south, east, north = county.box.as_tuple()
    step = max(east - west, north - south) / STEPS_ACROSS
    return Reach(whole=whole, towns=reached, outline=_rings(shapely.simplify(ground, step)))


def _rings(ground: BaseGeometry) -> tuple[Ring, ...]:
    polygons = [one for one in shapely.get_parts(ground) if isinstance(one, shapely.Polygon)]
    return tuple(_ring(one) for one in polygons if not one.is_empty)


def _ring(polygon: shapely.Polygon) -> Ring:
    corners = np.round(shapely.get_coordinates(polygon.exterior)[:-1], DECIMALS).tolist()
    return tuple((lon, lat) for lon, lat in corners)
