"""Layers of the map from a county's own files: kinds by our words, columns as the map has them, nothing twice."""

import hashlib
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.importing import features
from county.importing.extract.osm import text_column
from county.importing.features import Columns, Layer
from county.importing.layers.placing import ROW
from county.importing.report import LayerReport
from county.importing.shapes import AREA, POINT
from county.importing.sources import words
from county.importing.sources.roles import USUAL_KIND

MOST_KINDS_TOLD: Final = 8
TRUE: Final = frozenset({"1", "yes", "true", "t", "y", "是", "有"})
# The map's columns are made from OpenStreetMap's keys; our own files say the same under other names.
AS_OSM: Final = {
    "way_id": "osm_id",
    "maxspeed_kmh": "maxspeed",
    "height_m": "height",
    "kind": "building",
}
ONEWAY: Final = {
    "1": "yes", "yes": "yes", "true": "yes", "f": "yes", "ft": "yes", "正向": "yes", "是": "yes", "单向": "yes",
    "-1": "-1", "t": "-1", "tf": "-1", "reverse": "-1", "逆向": "-1", "反向": "-1",
    "0": "no", "no": "no", "false": "no", "b": "no", "双向": "no", "否": "no",
}  # fmt: skip


def _cells(frame: gpd.GeoDataFrame, _kind: NDArray[np.object_]) -> Columns:
    return {name: text_column(frame, name) for name in ("code", "name", "town_code")}


def _turns(frame: gpd.GeoDataFrame, kind: NDArray[np.object_]) -> Columns:
    ways = {name: text_column(frame, name) for name in ("from_way", "to_way")}
    return {**ways, "kind": kind}


LAYERS: Final = {
    **{layer.name: layer for layer in features.LAYERS},
    "grid_cells": Layer("grid_cells", "", AREA, "", (), _cells),
    "turn_restrictions": Layer("turn_restrictions", "", POINT, "", (), _turns),
}
# The map and the rooms that read it find these layers whatever a county has; cells are made where it has none.
ALWAYS: Final = (*(layer.name for layer in features.LAYERS), "turn_restrictions")


def take(
    role: str, rows: gpd.GeoDataFrame, within: BaseGeometry, report: LayerReport
) -> gpd.GeoDataFrame:
    """Return one layer made of rows in WGS 84, cut to `within`; what cannot be used is counted with its row."""
    layer = LAYERS[role]
    rows = _once(rows, report)
    if layer.dimension == POINT:
        rows = rows.set_geometry(shapely.point_on_surface(rows.geometry.to_numpy()), crs=rows.crs)
    kind = _kinds(role, rows, report)
    known = kind != ""
    rows, kind = rows[known].reset_index(drop=True), kind[known]
    frame = _as_osm(role, rows, kind)
    return features.made(layer, frame, kind, within, report, rows[ROW].to_numpy())


def empty(role: str) -> gpd.GeoDataFrame:
    """Return the layer without a row: the map finds every layer, whatever a county has."""
    none = gpd.GeoDataFrame({ROW: np.empty(0, dtype=np.int64)}, geometry=[], crs="EPSG:4326")
    return take(role, none, shapely.box(-180, -90, 180, 90), LayerReport(role))


def _once(rows: gpd.GeoDataFrame, report: LayerReport) -> gpd.GeoDataFrame:
    """Drop rows that stand in the files twice: the same shape with the same words."""
    said = rows.drop(columns=[ROW, rows.geometry.name]).assign(
        shape=shapely.to_wkb(rows.geometry.to_numpy())
    )
    again = said.duplicated().to_numpy(dtype=bool)
    report.refuse_where("double", again, rows[ROW].to_numpy())
    return rows[~again].reset_index(drop=True)


def _kinds(role: str, rows: gpd.GeoDataFrame, report: LayerReport) -> NDArray[np.object_]:
    told = text_column(rows, "class" if role == "roads" else "kind")
    told[told == ""] = USUAL_KIND.get(role, "")
    meant = words.kind_words(role)
    if not meant:
        return (
            told
            if role in {"turn_restrictions", "buildings"}
            else np.full(len(rows), role, dtype=object)
        )
    kind = np.array([meant.get(words.plain(word), "") for word in told], dtype=object)
    unknown = kind == ""
    for number, (word, count) in enumerate(
        pd.Series(told[unknown], dtype=object).value_counts().items()
    ):
        named = number < MOST_KINDS_TOLD and str(word)
        which = unknown & (told == word)
        report.refuse(
            f"unknown_kind:{word}" if named else "unknown_kind",
            int(count),
            rows[ROW][which].tolist(),
        )
    return kind


def _as_osm(role: str, rows: gpd.GeoDataFrame, kind: NDArray[np.object_]) -> gpd.GeoDataFrame:
    frame = rows.rename(
        columns=AS_OSM if role == "buildings" else {k: v for k, v in AS_OSM.items() if k != "kind"}
    )
    if role == "buildings":
        return frame.assign(building=kind)
    if role != "roads":
        return frame
    link = np.isin([words.plain(each) for each in text_column(rows, "link")], list(TRUE))
    highway = text_column(rows, "highway")
    plain = np.where(highway == "", kind, highway)
    for column in ("bridge", "tunnel"):
        told = [words.plain(each) for each in text_column(rows, column)]
        frame[column] = np.where(np.isin(told, list(TRUE)), "yes", "")
    oneway = [ONEWAY.get(words.plain(each), "") for each in text_column(rows, "oneway")]
    ids = text_column(rows, "way_id")
    return frame.assign(
        highway=np.where(link & ~_is_link(plain), plain + "_link", plain),
        oneway=oneway,
        osm_id=np.where(ids == "", _own_ids(rows), ids),
    )


def _is_link(highway: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.array([str(each).endswith("_link") for each in highway], dtype=bool)


def _own_ids(rows: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return ids that the same road gets at every import: from its line."""
    lines = shapely.to_wkb(rows.geometry.to_numpy())
    return np.array([f"w{hashlib.sha256(line).hexdigest()[:12]}" for line in lines], dtype=object)
