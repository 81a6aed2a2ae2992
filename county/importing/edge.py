"""The county's edge and its towns: from its own files where it has them, else from the extract, fitted and officially named."""

from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from county.importing.asked import Asked, Sources
from county.importing.extract import boundary, osm
from county.importing.extract.boundary import Area
from county.importing.known import Known
from county.importing.layers import codes, outlines
from county.importing.layers.codes import Official
from county.importing.layers.placing import place
from county.importing.layers.towns import fitted
from county.importing.report import Note, Reports
from county.importing.sources.found import Source
from county.model import County
from vocabulary.errors import Refused

COUNTY_LEVEL: Final = 6  # admin_level of a Chinese county: its towns lie below it
SAME_AREA: Final = 0.9
NO_CODE: Final = "000000"


@dataclass(frozen=True, slots=True)
class Edge:
    """The county's area, its six digits (000000: not known) and its towns."""

    area: Area
    code: str
    towns: gpd.GeoDataFrame
    lent: bool = False  # by the county in use, for a check of single files


WORLD: Final = Area(id="", name="", name_en="", level=0, shape=shapely.box(-180, -85, 180, 85))


@dataclass(slots=True)
class Ground:
    """What an edge is found from: every row read, the extract, what was asked, what is known by now."""

    sources: Sources
    raws: dict[Source, gpd.GeoDataFrame]
    extract: osm.Extract | None
    asked: Asked
    known: Known
    reports: Reports
    areas: list[Area]
    notes: list[Note]


def find(ground: Ground, fallback: Area | None) -> Edge:
    """Return the edge; Refused when no source holds one and there is no `fallback`."""
    if ground.extract is not None:
        ground.areas = boundary.areas(ground.extract, ground.reports.of("towns"))
        ground.known.see_areas(ground.areas)
    found = _area(ground)
    if found is None and fallback is None:
        raise Refused("county.no_edge")
    area, code = found or (fallback or WORLD, "")
    ground.known.see_county(area.shape)
    if found is None:
        lent = Note("county.note_lent", {"name": area.name})
        ground.notes.append(Note("county.note_no_edge", {}) if area is WORLD else lent)
        return Edge(area, code, _frame([]), lent=True)
    towns = _towns(ground, area)
    divisions = [
        each
        for source in ground.sources.of("codes")
        for each in codes.read(source, ground.reports.of("codes"))
    ]
    code = ground.asked.code or _six(code) or codes.county_code(divisions, area.name) or NO_CODE
    area = _named(area, code, divisions)
    if code == NO_CODE:
        ground.notes.append(Note("county.note_no_code", {"name": area.name or "–"}))
    if divisions and len(towns):
        towns, more = codes.named(towns, divisions, code if code != NO_CODE else None)
        ground.notes += more
    if len(towns):
        shapes, more = fitted(
            towns["name"].tolist(),
            towns.geometry.to_numpy(),
            area.shape,
            ground.reports.of("towns"),
        )
        towns = towns.set_geometry(shapes, crs="EPSG:4326")
        ground.notes += more
    ground.reports.of("towns").accepted = len(towns)
    return Edge(area, code, towns)


def area_of(county: County) -> Area:
    """Return the county in use as an area."""
    return Area(
        id="", name=county.name_zh, name_en=county.name_en, level=0, shape=county.boundary_wgs84
    )


def _area(ground: Ground) -> tuple[Area, str] | None:
    asked = ground.asked
    if rows := _placed(ground, "boundary"):
        label = _label(ground, "boundary")
        report = ground.reports.of("boundary")
        return outlines.county_of(_joined(rows), label, asked.boundary_name, asked.code, report)
    if ground.extract is not None:
        weights = ground.extract.read("points").geometry.to_numpy()
        area, more = boundary.county_area(
            ground.extract, ground.areas, asked.boundary_name, weights
        )
        ground.notes += more
        return area, ""
    if rows := _placed(ground, "towns"):
        ground.notes.append(Note("county.note_edge_of_towns", {"file": _label(ground, "towns")}))
        whole = shapely.union_all(shapely.make_valid(_joined(rows).geometry.to_numpy()))
        ground.reports.forget("towns")  # counted again when they are taken as towns
        return Area(id="", name="", name_en="", level=0, shape=whole), ""
    return None


def _towns(ground: Ground, area: Area) -> gpd.GeoDataFrame:
    if rows := _placed(ground, "towns"):
        return outlines.towns_of(_joined(rows), area.shape, ground.reports.of("towns"))
    if ground.extract is None:
        ground.notes.append(Note("county.note_no_towns", {"name": area.name}))
        return _frame([])
    here = area if area.level else replace(area, level=_level(area, ground.areas))
    towns, more = boundary.towns(ground.extract, ground.areas, here)
    ground.notes += more
    return _frame(towns)


def _level(area: Area, found: list[Area]) -> int:
    """Return the level of the extract's area that is the same as an official one, else a Chinese county's."""
    for other in sorted(found, key=lambda each: each.level):
        both = shapely.intersection(area.shape, other.shape).area
        if both >= SAME_AREA * max(area.shape.area, other.shape.area):
            return other.level
    return COUNTY_LEVEL


def _placed(ground: Ground, role: str) -> list[gpd.GeoDataFrame]:
    """Return the rows of a role's own files in WGS 84."""
    out = []
    for source in ground.sources.of(role):
        raw = ground.raws.get(source)
        if raw is not None:
            report, known = ground.reports.of(role), ground.known
            placed = place(raw, source, ground.asked.datums, known.for_edge, report)
            ground.notes += placed.notes
            out.append(placed.rows)
    if out and ground.extract is not None:
        ground.notes.append(
            Note("county.note_replaced", {"role": role, "file": _label(ground, role)})
        )
    return out


def _joined(rows: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        pd.concat(rows, ignore_index=True), geometry="geometry", crs="EPSG:4326"
    )


def _label(ground: Ground, role: str) -> str:
    return ", ".join(source.label for source in ground.sources.of(role))


def _named(area: Area, code: str, divisions: list[Official]) -> Area:
    same = next((each for each in divisions if each.code == code), None)
    if same is None:
        return area
    return replace(area, name=area.name or same.name, name_en=area.name_en or same.name_en)


def _six(code: str) -> str:
    short = codes.shortened(code)
    return short[: codes.COUNTY_DIGITS] if short else ""


def _frame(towns: list[Area]) -> gpd.GeoDataFrame:
    columns = {
        "town_id": np.array([town.id for town in towns], dtype=object),
        "name": np.array([town.name for town in towns], dtype=object),
        "name_en": np.array([town.name_en or town.name for town in towns], dtype=object),
        "kind": np.array([outlines.kind_of(town.name) for town in towns], dtype=object),
    }
    return gpd.GeoDataFrame(columns, geometry=[town.shape for town in towns], crs="EPSG:4326")
