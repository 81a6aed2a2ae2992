"""Writing a county folder: one GeoPackage with indexes, the facts, the relief. Importer and sample county both end here."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyogrio.errors import DataSourceError, FeatureError
from shapely.geometry.base import BaseGeometry

from county.grid.cells import Ground, grid_cells
from county.importing.hillshade import write_terrain
from county.importing.shapes import clip, grow
from vocabulary.errors import Refused

WGS84 = "EPSG:4326"
# How far beyond the edge the veil thickens; the last one hides where the data stop.
VEILS_M = (0.0, 350.0, 700.0, 1100.0, 1500.0, 1950.0, 2400.0)
LAST_VEIL = 3  # the number of the outermost one, as the painter knows it
MARGIN_M = 3000.0
HORIZON_DEG = 30.0
OVERVIEW_CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary")
OVERVIEW_TOLERANCE_DEG = 0.0003
SQUARE_DEGREE_HA = 111_320.0**2 / 10_000
LARGE_DEG2 = 2.5e-6  # about 2.5 ha: what low zooms show of land cover and water


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What county.json says."""

    code: str
    name_zh: str
    name_en: str
    source: str
    attribution: str
    version: str


@dataclass(slots=True)
class Contents:
    """Everything of one county, ready to be written; every frame in WGS 84."""

    facts: Facts
    boundary: BaseGeometry
    towns: gpd.GeoDataFrame
    layers: dict[str, gpd.GeoDataFrame] = field(default_factory=dict)
    heights: NDArray[np.float32] | None = None
    heights_transform: Affine | None = None


def write(contents: Contents, folder: Path) -> None:
    """Write the county into `folder` (empty, ours); Refused when the disk does not take it."""
    file = folder / "county.gpkg"
    try:
        for name, frame in _frames(contents).items():
            _write_layer(frame, file, name)
        if contents.heights is not None and contents.heights_transform is not None:
            write_terrain(contents.heights, contents.heights_transform, folder)
        (folder / "county.json").write_text(_facts_json(contents.facts), "utf-8")
    except (OSError, DataSourceError, FeatureError) as problem:
        raise Refused("county.disk", path=folder, problem=problem) from problem


def _facts_json(facts: Facts) -> str:
    return json.dumps(
        {name: getattr(facts, name) for name in Facts.__slots__}, ensure_ascii=False, indent=1
    )


def _frames(contents: Contents) -> dict[str, gpd.GeoDataFrame]:
    facts = contents.facts
    layers = _in_drawing_order(contents.layers, contents.boundary)
    boundary = gpd.GeoDataFrame(
        {"code": [facts.code], "name": [facts.name_zh], "name_en": [facts.name_en]},
        geometry=[contents.boundary],
        crs=WGS84,
    )
    return {
        "boundary": boundary,
        "towns": contents.towns,
        "town_lines": _town_lines(contents),
        "veil": _veil(contents.boundary),
        **layers,
        "grid_cells": _grid_cells(contents),
        **_overviews(layers),
    }


def _grid_cells(contents: Contents) -> gpd.GeoDataFrame:
    facts = contents.facts
    return grid_cells(
        Ground(
            code=facts.code,
            boundary=contents.boundary,
            towns=contents.towns,
            layers=contents.layers,
        )
    )


def _in_drawing_order(
    layers: dict[str, gpd.GeoDataFrame], boundary: BaseGeometry
) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers as the painter wants them: large areas below small ones, small roads below large ones."""
    out = dict(layers)
    for name in ("landcover", "water", "buildings"):
        if name in out:
            out[name] = out[name].iloc[
                np.argsort(-shapely.area(out[name].geometry.to_numpy()), kind="stable")
            ]
    for name, key, ascending in (
        ("roads", "rank", False),
        ("places", "rank", True),
        ("pois", "rank", True),
    ):
        if name in out:
            out[name] = out[name].sort_values(key, ascending=ascending, kind="stable")
    if "water" in out:
        out["water"] = out["water"].assign(area_ha=_hectares(out["water"]))
    if "waterways" in out:
        out["waterways"] = _nameless_outside(out["waterways"], boundary)
    return out


def _hectares(frame: gpd.GeoDataFrame) -> NDArray[np.float64]:
    shapes = frame.geometry.to_numpy()
    lat = np.radians((shapely.bounds(shapes)[:, 1] + shapely.bounds(shapes)[:, 3]) / 2)
    hectares: NDArray[np.float64] = np.round(
        shapely.area(shapes) * SQUARE_DEGREE_HA * np.cos(lat), 3
    )
    return hectares


def _nameless_outside(lines: gpd.GeoDataFrame, boundary: BaseGeometry) -> gpd.GeoDataFrame:
    # Names are painted over the veil; beyond the edge they would float in the dark.
    shapely.prepare(boundary)
    inside = lines.set_geometry(clip(lines.geometry.to_numpy(), boundary, 1), crs=WGS84)
    beyond = lines[~shapely.covers(boundary, lines.geometry.to_numpy())].assign(name="")
    return gpd.GeoDataFrame(
        pd.concat([beyond, inside[~inside.geometry.is_empty]]), geometry="geometry", crs=WGS84
    )


def _write_layer(frame: gpd.GeoDataFrame, file: Path, name: str) -> None:
    pyogrio.write_dataframe(
        frame, file, layer=name, driver="GPKG", append=file.exists(), promote_to_multi=False,
        geometry_type="Unknown" if len(frame) else "Point", layer_options={"SPATIAL_INDEX": "YES", "GEOMETRY_NAME": "geom"},
    )  # fmt: skip


def _veil(boundary: BaseGeometry) -> gpd.GeoDataFrame:
    west, south, east, north = boundary.bounds
    world = shapely.box(
        max(west - HORIZON_DEG, -179.9),
        max(south - HORIZON_DEG, -84.0),
        min(east + HORIZON_DEG, 179.9),
        min(north + HORIZON_DEG, 84.0),
    )
    shapes = [shapely.difference(world, grow(boundary, by) if by else boundary) for by in VEILS_M]
    return gpd.GeoDataFrame(
        {"step": [LAST_VEIL + 1 - len(VEILS_M) + number for number in range(len(VEILS_M))]},
        geometry=shapes,
        crs=WGS84,
    )


def _town_lines(contents: Contents) -> gpd.GeoDataFrame:
    # Drawn once per shared border, or dashes of two neighbours would fill each other's gaps.
    if not len(contents.towns):
        return gpd.GeoDataFrame({"level": []}, geometry=[], crs=WGS84)
    edges = shapely.union_all(shapely.boundary(contents.towns.geometry.to_numpy()))
    inner = shapely.difference(edges, grow(contents.boundary.boundary, 60.0))
    return gpd.GeoDataFrame({"level": ["town"]}, geometry=[shapely.line_merge(inner)], crs=WGS84)


def _overviews(layers: dict[str, gpd.GeoDataFrame]) -> dict[str, gpd.GeoDataFrame]:
    """Return lighter twins for the zooms that show the whole county."""
    out = {}
    if "roads" in layers:
        main = layers["roads"]
        main = main[main["class"].isin(OVERVIEW_CLASSES) & ~main["link"].astype(bool)]
        out["roads_overview"] = _joined(main)
    for name in ("landcover", "water"):
        if name in layers:
            large = layers[name][shapely.area(layers[name].geometry.to_numpy()) > LARGE_DEG2]
            shapes = shapely.simplify(large.geometry.to_numpy(), OVERVIEW_TOLERANCE_DEG)
            out[f"{name}_overview"] = large.set_geometry(shapes, crs=WGS84)
    return out


def _joined(roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    columns = ["class", "name", "ref", "rank", "tunnel"]
    rows: list[tuple[object, ...]] = []
    for values, group in roads.groupby(columns, dropna=False):
        merged = shapely.line_merge(shapely.union_all(group.geometry.to_numpy()))
        rows.extend(
            (*values, line)
            for line in shapely.get_parts(shapely.simplify(merged, OVERVIEW_TOLERANCE_DEG))
        )
    frame = pd.DataFrame(rows, columns=[*columns, "geometry"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=WGS84)
