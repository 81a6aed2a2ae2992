"""The county's edge and its towns from official files: the rows that are meant, joined by code or name."""

import hashlib
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from county.importing.extract.boundary import EXPECTED_NAMES, Area
from county.importing.extract.osm import text_column
from county.importing.layers.placing import ROW
from county.importing.report import LayerReport
from county.importing.shapes import AREA, mend
from vocabulary.errors import Refused

TOWN_INSIDE: Final = 0.5  # of a town's area within the county; less is a neighbour's
KINDS: Final = (("街道", "subdistrict"), ("乡", "township"), ("镇", "town"))
KIND_WORDS: Final = {**dict(KINDS), "街道办事处": "subdistrict", "民族乡": "township"}


def county_of(
    rows: gpd.GeoDataFrame, label: str, name: str | None, code: str | None, report: LayerReport
) -> tuple[Area, str]:
    """Return the county's area and its code: the only one there is, or the one of this name or code; else Refused."""
    shapes, keep = mend(rows.geometry.to_numpy(), AREA, report, rows[ROW].to_numpy())
    rows = rows.set_geometry(shapes, crs=rows.crs)[keep].reset_index(drop=True)
    if not len(rows):
        raise Refused("county.no_areas", file=label, role="boundary")
    names, english, codes = (text_column(rows, column) for column in ("name", "name_en", "code"))
    if name is not None:
        meant = np.flatnonzero((names == name) | (english == name) | (codes == name))
        if not len(meant):
            raise Refused("county.boundary_not_found", wanted=name, found=_told(names.tolist()))
    elif len(set(zip(codes, names, strict=True))) == 1:
        meant = np.arange(len(rows))
    else:
        meant = np.flatnonzero((codes == code) & (code is not None))
        if not len(meant):
            raise Refused("county.boundary_several", file=label, found=_told(names.tolist()))
    first = int(meant[0])
    shape = shapely.union_all(rows.geometry.to_numpy()[meant])
    report.accepted += len(meant)
    area = Area(id="", name=names[first], name_en=english[first], level=0, shape=shape)
    return area, str(codes[first])


def _told(names: list[str]) -> str:
    named = sorted({name for name in names if name})
    return "、".join(named[:EXPECTED_NAMES]) + ("…" if len(named) > EXPECTED_NAMES else "") or "–"


def towns_of(rows: gpd.GeoDataFrame, county: BaseGeometry, report: LayerReport) -> gpd.GeoDataFrame:
    """Return the county's towns, one row each whatever parts they come in; neighbours are left out and counted."""
    shapes, keep = mend(rows.geometry.to_numpy(), AREA, report, rows[ROW].to_numpy())
    rows = rows.set_geometry(shapes, crs=rows.crs)[keep].reset_index(drop=True)
    shapes = rows.geometry.to_numpy()
    held = shapely.area(shapely.intersection(shapes, county))
    beyond = held < TOWN_INSIDE * shapely.area(shapes)
    report.refuse_where("outside", beyond, rows[ROW].to_numpy())
    nameless = ~beyond & (text_column(rows, "name") == "")
    report.refuse_where("no_name", nameless, rows[ROW].to_numpy())
    return joined(rows[~(beyond | nameless)])


def joined(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return one row per town (parts of the same code, or of the same name where none has a code, belong together)."""
    codes, names = text_column(rows, "code"), text_column(rows, "name")
    key = np.where(codes == "", names, codes)
    english, kinds = text_column(rows, "name_en"), text_column(rows, "kind")
    columns: dict[str, list[object]] = {name: [] for name in ("town_id", "name", "name_en", "kind")}
    shapes = []
    for each in pd.unique(key):
        at = np.flatnonzero(key == each)
        first = int(at[0])
        columns["town_id"].append(codes[first] or own_id(names[first]))
        columns["name"].append(names[first])
        columns["name_en"].append(english[first] or names[first])
        columns["kind"].append(kind_of(names[first], kinds[first]))
        shapes.append(shapely.union_all(rows.geometry.to_numpy()[at]))
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def own_id(name: str) -> str:
    """Return an id for a town without a code, the same at every import."""
    return f"t{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def kind_of(name: str, told: str = "") -> str:
    """Return town, township or subdistrict: as the file says, else by the name's last character; empty for others."""
    if told:
        return KIND_WORDS.get(told, told)
    return next((kind for ending, kind in KINDS if name.endswith(ending)), "")
