"""Every layer of the map made from the extract: what is taken, under which columns, cut to the county and its margin."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.importing import kinds
from county.importing.extract.boundary import best_names
from county.importing.extract.osm import Extract, text_column
from county.importing.report import LayerReport
from county.importing.shapes import AREA, LINE, POINT, Rows, clip, mend

Columns = dict[
    str, NDArray[np.object_] | NDArray[np.float64] | NDArray[np.int64] | NDArray[np.bool_]
]
KMH_PER_MPH = 1.609344
HAN = re.compile(r"[\u3400-\u9fff]")
BOTH, FORWARD, BACKWARD = 0, 1, -1


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the county's GeoPackage: where it comes from and how its kinds and columns are made."""

    name: str
    source: str
    dimension: int
    where: str
    kinds: tuple[kinds.Kind, ...]
    columns: Callable[[gpd.GeoDataFrame, NDArray[np.object_]], Columns]


def _plain(frame: gpd.GeoDataFrame, kind: NDArray[np.object_]) -> Columns:
    return {"kind": kind, "name": best_names(frame), "name_en": text_column(frame, "name_en")}


def _roads(frame: gpd.GeoDataFrame, kind: NDArray[np.object_]) -> Columns:
    highway = text_column(frame, "highway")
    return {
        "way_id": text_column(frame, "osm_id"),
        "highway": highway,
        "service": text_column(frame, "service"),
        "class": kind,
        "link": np.array([value.endswith("_link") for value in highway], dtype=bool),
        "name": best_names(frame),
        "name_en": text_column(frame, "name_en"),
        "ref": np.array(
            [value.split(";")[0].strip() for value in text_column(frame, "ref")], dtype=object
        ),
        "oneway": _oneway(frame, highway),
        "maxspeed_kmh": np.array(
            [speed_kmh(value) for value in text_column(frame, "maxspeed")], dtype=float
        ),
        "bridge": ~np.isin(text_column(frame, "bridge").astype(str), ("", "no")),
        "tunnel": ~np.isin(text_column(frame, "tunnel").astype(str), ("", "no")),
        "access": text_column(frame, "access"),
        "emergency": text_column(frame, "emergency"),
        "surface": text_column(frame, "surface"),
        "rank": np.array([kinds.ROAD_RANK[name] for name in kind], dtype=int),
    }


def _oneway(frame: gpd.GeoDataFrame, highway: NDArray[np.object_]) -> NDArray[np.int64]:
    tag = text_column(frame, "oneway").astype(str)
    circle = np.isin(text_column(frame, "junction").astype(str), ("roundabout", "circular"))
    implied = (circle | (highway == "motorway")) & (tag != "no")
    forward = np.isin(tag, ("yes", "true", "1")) | implied
    return np.where(np.isin(tag, ("-1", "reverse")), BACKWARD, np.where(forward, FORWARD, BOTH))


def speed_kmh(tag: str) -> float:
    """Return a maxspeed tag in km/h; NaN where it says nothing we understand (`50`, `30 mph`; of a list the first)."""
    words = tag.split(";")[0].replace("mph", " mph").replace("km/h", " ").split()
    if not words or not words[0].replace(".", "", 1).isdigit():
        return float("nan")
    speed = float(words[0]) * (KMH_PER_MPH if "mph" in words[1:] else 1.0)
    return speed if 0 < speed <= 200 else float("nan")


def number(text: str) -> float:
    """Return a number as somebody wrote it (`12`, `12.5 m`); NaN where there is none."""
    words = text.replace("m", " ").split()
    try:
        value = float(words[0]) if words else float("nan")
    except ValueError:
        return float("nan")
    return value if np.isfinite(value) else float("nan")


def _places(frame: gpd.GeoDataFrame, kind: NDArray[np.object_]) -> Columns:
    people = [int(value) if value.isdigit() else 0 for value in text_column(frame, "population")]
    rank = np.array([kinds.PLACE_RANK[name] for name in kind], dtype=int)
    local = text_column(frame, "name")
    return {
        **_plain(frame, kind),
        "name_local": local,
        "population": np.array(people, dtype=int),
        "rank": rank,
    }


def _pois(frame: gpd.GeoDataFrame, kind: NDArray[np.object_]) -> Columns:
    return {
        **_plain(frame, kind),
        "address": _addresses(frame),
        "rank": np.array([kinds.POI_RANK[name] for name in kind], dtype=int),
    }


def _addresses(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return addresses as they are written on the spot: 环城东路12号, or Landstrasse 12."""
    said = np.where(
        text_column(frame, "address") != "",
        text_column(frame, "address"),
        text_column(frame, "addr_full"),
    )
    street = np.where(
        text_column(frame, "addr_street") != "",
        text_column(frame, "addr_street"),
        text_column(frame, "addr_place"),
    )
    number = text_column(frame, "addr_housenumber")
    built = [_house(*pair) for pair in zip(street, number, strict=True)]
    return np.where(said != "", said, np.array(built, dtype=object))


def _house(street: str, number: str) -> str:
    if not street or not number:
        return ""
    if not HAN.search(street):
        return f"{street} {number}"
    return street + number + ("号" if number.isdecimal() else "")


def _buildings(frame: gpd.GeoDataFrame, kind: NDArray[np.object_]) -> Columns:
    heights = [number(value) for value in text_column(frame, "height")]
    return {
        "kind": text_column(frame, "building"),
        "name": best_names(frame),
        "address": _addresses(frame),
        "height_m": np.array(heights, dtype=float),
    }


ANY_BUILDING = (kinds.Kind("building", "building", ()),)
LAYERS = (
    Layer("landcover", "multipolygons", AREA, "landuse IS NOT NULL OR natural IS NOT NULL OR leisure IS NOT NULL OR "
          "amenity IS NOT NULL", kinds.LANDCOVER, _plain),
    Layer("water", "multipolygons", AREA, "natural IS NOT NULL OR landuse IS NOT NULL OR waterway IS NOT NULL",
          kinds.WATER, _plain),
    Layer("waterways", "lines", LINE, "waterway IS NOT NULL", kinds.WATERWAYS, _plain),
    Layer("roads", "lines", LINE, "highway IS NOT NULL", kinds.ROADS, _roads),
    Layer("railways", "lines", LINE, "railway IS NOT NULL", kinds.RAILWAYS, _plain),
    Layer("buildings", "multipolygons", AREA, "building IS NOT NULL", ANY_BUILDING, _buildings),
    Layer("places", "points", POINT, "place IS NOT NULL", kinds.PLACES, _places),
    Layer("pois", "points", POINT, "amenity IS NOT NULL OR shop IS NOT NULL OR tourism IS NOT NULL OR office IS NOT NULL OR "
          "railway IS NOT NULL OR highway IS NOT NULL OR natural IS NOT NULL", kinds.POIS, _pois),
)  # fmt: skip


def take(
    extract: Extract, layer: Layer, within: BaseGeometry, report: LayerReport
) -> gpd.GeoDataFrame:
    """Return one layer of the extract, sorted into kinds, mended, and cut to `within`."""
    frame = extract.read(layer.source, where=layer.where, box=within.bounds)
    kind = (
        _building_kind(frame) if layer.kinds is ANY_BUILDING else kinds.kind_of(frame, layer.kinds)
    )
    frame, kind = frame[kind != ""], kind[kind != ""]
    if layer.name == "pois":
        frame, kind = _with_areas(extract, frame, kind, within)
    return made(layer, frame, kind, within, report)


def made(
    layer: Layer,
    frame: gpd.GeoDataFrame,
    kind: NDArray[np.object_],
    within: BaseGeometry,
    report: LayerReport,
    rows: Rows | None = None,
) -> gpd.GeoDataFrame:
    """Return features of known kinds as the layer has them: mended, cut to `within`; `rows` are their numbers in the file."""
    shapes, keep = mend(frame.geometry.to_numpy(), layer.dimension, report, rows)
    cut = clip(shapes, within, layer.dimension)
    outside = keep & shapely.is_empty(cut)
    report.refuse_where("outside", outside, rows)
    keep &= ~outside
    columns = layer.columns(frame, kind)
    report.accepted += int(keep.sum())
    return gpd.GeoDataFrame(
        {name: values[keep] for name, values in columns.items()},
        geometry=cut[keep],
        crs="EPSG:4326",
    )


def _building_kind(frame: gpd.GeoDataFrame) -> NDArray[np.object_]:
    tag = text_column(frame, "building")
    return np.where((tag == "") | (tag == "no"), "", tag)


def _with_areas(
    extract: Extract, points: gpd.GeoDataFrame, kind: NDArray[np.object_], within: BaseGeometry
) -> tuple[gpd.GeoDataFrame, NDArray[np.object_]]:
    """Add what is drawn as an area (a school's grounds), as a point inside it, where it has a name."""
    where = "name IS NOT NULL AND (amenity IS NOT NULL OR shop IS NOT NULL OR tourism IS NOT NULL OR office IS NOT NULL)"
    areas = extract.read("multipolygons", where=where, box=within.bounds)
    area_kind = kinds.kind_of(areas, kinds.POIS)
    areas, area_kind = areas[area_kind != ""], area_kind[area_kind != ""]
    areas = areas.set_geometry(
        shapely.point_on_surface(shapely.make_valid(areas.geometry.to_numpy()))
    )
    both = gpd.GeoDataFrame(
        gpd.pd.concat([points, areas], ignore_index=True), geometry="geometry", crs="EPSG:4326"
    )
    return both, np.concatenate([kind, area_kind])
