"""Choosing the county's edge and its towns out of the administrative boundaries of an extract that also holds neighbours'."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.importing.extract.closing import closed_by_gap
from county.importing.extract.osm import Extract, text_column
from county.importing.report import LayerReport, Note
from county.importing.shapes import AREA, area_km2, mend
from vocabulary.errors import Refused

ADMINISTRATIVE = "boundary = 'administrative'"
DEEPEST_LEVEL = 11
HOLDS_AT_LEAST = (
    0.5  # of the extract's features: below that it is a town of the county, or a neighbour
)
TOWN_INSIDE = 0.5  # of a town's area within the county
LEFT_OVER = 0.01  # of the county's area without a town: below that it is the slack between two digitised borders
EXPECTED_NAMES = 12


@dataclass(frozen=True, slots=True)
class Area:
    """One administrative area: its relation's id, names, level and polygon in WGS 84."""

    id: str
    name: str
    name_en: str
    level: int
    shape: BaseGeometry


def areas(extract: Extract, report: LayerReport) -> list[Area]:
    """Return every administrative polygon whose ring is complete in the extract."""
    frame = extract.read("multipolygons", where=ADMINISTRATIVE)
    levelled = np.array(
        [level.isdigit() for level in text_column(frame, "admin_level")], dtype=bool
    )
    frame = frame[levelled]
    shapes, keep = mend(frame.geometry.to_numpy(), AREA, report)
    ids, names = text_column(frame, "osm_id"), best_names(frame)
    english, levels = text_column(frame, "name_en"), text_column(frame, "admin_level")
    rows = zip(ids[keep], names[keep], english[keep], levels[keep], shapes[keep], strict=True)
    return [
        Area(id=i, name=n, name_en=e, level=int(level), shape=shape)
        for i, n, e, level, shape in rows
    ]


def best_names(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return name:zh, else name."""
    chinese, local = text_column(frame, "name_zh"), text_column(frame, "name")
    return np.where(chinese != "", chinese, local)


def county_area(
    extract: Extract, found: list[Area], wanted: str | None, weights: NDArray[np.object_]
) -> tuple[Area, list[Note]]:
    """Return the county's area: the one called `wanted`, else the outermost that holds most of the data (`weights`: points)."""
    if wanted is not None:
        return _named(found, wanted), []
    whole = [area for area in found if _share(area.shape, weights) >= HOLDS_AT_LEAST]
    mended = closed_by_gap(extract, weights)
    best = min(whole, key=lambda area: (area.level, -area.shape.area), default=None)
    if mended is not None and (best is None or mended.level < best.level):
        names = _name_of(extract, mended.shape, mended.level)
        area = Area(id="", name=names[0], name_en=names[1], level=mended.level, shape=mended.shape)
        return area, [
            Note(
                "county.note_boundary_closed",
                {"name": area.name, "gap_km": round(mended.gap_km, 1)},
            )
        ]
    if best is None:
        raise Refused("county.no_boundary", file=extract.file.name, found=_list(found))
    return best, []


def towns(extract: Extract, found: list[Area], county: Area) -> tuple[list[Area], list[Note]]:
    """Return the towns: the first level below the county's that covers it, without neighbours, a broken one's gap filled."""
    inside = [
        area for area in found if area.level > county.level and _inside(area.shape, county.shape)
    ]
    for level in range(DEEPEST_LEVEL, county.level, -1):
        rank = [area for area in inside if area.level == level]
        covered = sum(area.shape.area for area in rank) / county.shape.area
        if len(rank) > 1 and covered >= HOLDS_AT_LEAST:
            return _filled(extract, rank, county)
    return [], [Note("county.note_no_towns", {"name": county.name})]


def _filled(extract: Extract, rank: list[Area], county: Area) -> tuple[list[Area], list[Note]]:
    held = [_within(area, county) for area in rank]
    rest = shapely.difference(county.shape, shapely.union_all([area.shape for area in held]))
    notes = []
    for part in shapely.get_parts(rest):
        if part.area < LEFT_OVER * county.shape.area:
            continue
        name, english = _name_of(extract, part, rank[0].level)
        held.append(
            Area(id=f"rest{len(held)}", name=name, name_en=english, level=rank[0].level, shape=part)
        )
        notes.append(
            Note("county.note_town_filled", {"name": name, "area_km2": round(area_km2(part), 1)})
        )
    return held, notes


def _within(area: Area, county: Area) -> Area:
    shape = shapely.intersection(area.shape, county.shape)
    solid = [part for part in shapely.get_parts(shape) if shapely.get_dimensions(part) == AREA]
    shape = solid[0] if len(solid) == 1 else shapely.multipolygons(solid)
    return Area(id=area.id, name=area.name, name_en=area.name_en, level=area.level, shape=shape)


def _inside(shape: BaseGeometry, county: BaseGeometry) -> bool:
    return bool(shapely.intersection(shape, county).area >= TOWN_INSIDE * shape.area)


def _share(shape: BaseGeometry, points: NDArray[np.object_]) -> float:
    shapely.prepare(shape)
    return float(shapely.intersects(shape, points).mean()) if len(points) else 0.0


def _named(found: list[Area], wanted: str) -> Area:
    same = [
        area
        for area in found
        if wanted.casefold() in (area.name.casefold(), area.name_en.casefold())
    ]
    if not same:
        raise Refused("county.boundary_not_found", wanted=wanted, found=_list(found))
    return min(same, key=lambda area: area.level)


def _list(found: list[Area]) -> str:
    names = [area.name for area in sorted(found, key=lambda area: area.level) if area.name]
    return "、".join(names[:EXPECTED_NAMES]) + ("…" if len(names) > EXPECTED_NAMES else "") or "–"


# A country's label is placed as place=country, and so on down; a town's area is called like the largest place in it.
LABELS = {2: ("country",), 4: ("state", "province"), 5: ("region",), 6: ("county", "district")}
BY_SIZE = ("city", "county", "town", "municipality", "village", "hamlet")


def _name_of(extract: Extract, shape: BaseGeometry, level: int) -> tuple[str, str]:
    places = extract.read("points", where="place IS NOT NULL", box=shape.bounds)
    places = places[shapely.intersects(shape, places.geometry.to_numpy())]
    names, kinds = best_names(places), text_column(places, "place")
    for kind in (*LABELS.get(level, ()), *BY_SIZE):
        at = np.flatnonzero((kinds == kind) & (names != ""))
        if len(at):
            return str(names[at[0]]), str(text_column(places, "name_en")[at[0]])
    return "", ""
