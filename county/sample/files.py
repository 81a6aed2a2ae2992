"""The sample county as files that a real county would bring: map layers, two terrain tiles, people, codes and tables."""

import csv
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
import shapely
from affine import Affine
from shapely.geometry.base import BaseGeometry

from county.importing import shapes
from county.importing.writer import MARGIN_M
from county.model import Box, County
from county.population import FILE as POPULATION
from county.sample import names
from county.sample.english import english
from county.sample.frame import Grid, Shapes, line_of, placed, to_wgs84
from county.sample.plan import Plan
from county.sample.road import SPEEDS_KMH
from county.sample.tables.write import write_tables
from vocabulary.place import Place

WGS84: Final = "EPSG:4326"
MAP: Final = "qinglan.gpkg"
PARENT: Final = "990100"
SEAM: Final = 0.46  # where the terrain tiles meet, as a share of the way from west to east
LAP: Final = 2  # columns both tiles have
ATTRIBUTION: Final = "青岚县(虚构示例) · a made-up county"
Columns = Mapping[str, Any]


def write(plan: Plan, folder: Path, seed: int) -> None:
    """Write everything a county brings into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    boundary = placed(np.array([plan.edge], dtype=object))[0]
    within = shapes.grow(boundary, MARGIN_M)
    for name, frame in _layers(plan).items():
        touching = shapely.intersects(within, frame.geometry.to_numpy())
        _write_layer(frame[touching], folder / MAP, name)
    _write_grid(plan.living[::-1], _transform(plan, plan.living), folder / "population.tif")
    _write_terrain(plan, folder)
    _write_codes(plan, folder / "codes.csv")
    with TemporaryDirectory(dir=folder) as staged:
        write_tables(_staged(plan, boundary, folder, Path(staged)), folder, seed)


def _layers(plan: Plan) -> dict[str, gpd.GeoDataFrame]:
    sites = plan.places
    towns = [name for name, _, _ in plan.settled.town_names]
    return {
        "boundary": _frame([plan.edge], {"code": [names.CODE], "name": [names.COUNTY[0]], "name_en": [names.COUNTY[1]]}),
        "towns": _frame(plan.settled.lands, {
            "code": codes(plan), "name": towns, "name_en": [en for _, en, _ in plan.settled.town_names],
            "kind": [kind for _, _, kind in plan.settled.town_names]}),
        "landcover": _frame([shape for _, shape in plan.cover], {"kind": [kind for kind, _ in plan.cover]}),
        "water": _frame([one.shape for one in plan.waters], {
            "kind": [one.kind for one in plan.waters], **_named([one.name for one in plan.waters])}),
        "waterways": _frame([line_of(one.line) for one in plan.land.rivers], {
            "kind": [one.kind for one in plan.land.rivers], **_named([one.name for one in plan.land.rivers])}),
        **_ways(plan),
        "buildings": _frame(plan.houses.shapes, {"kind": plan.houses.kind, "height_m": plan.houses.height_m}),
        "places": _frame([shapely.Point(one.at) for one in sites], {
            "kind": [one.kind for one in sites], "name": [one.name for one in sites],
            "name_en": [one.name_en or english(one.name) for one in sites], "population": plan.population}),
        "pois": _frame([shapely.Point(one.at) for one in plan.marks], {
            "kind": [one.kind for one in plan.marks], **_named([one.name for one in plan.marks])}),
    }  # fmt: skip


def _ways(plan: Plan) -> dict[str, gpd.GeoDataFrame]:
    roads, turns = plan.traffic.roads, plan.traffic.turns
    ids = [f"q{number:06d}" for number in range(len(roads))]
    table = {
        "way_id": ids, "class": [one.road_class for one in roads], "link": [int(one.link) for one in roads],
        **_named([one.name for one in roads]), "ref": [one.ref for one in roads], "oneway": [one.oneway for one in roads],
        "maxspeed_kmh": [40.0 if one.link else SPEEDS_KMH[one.road_class] for one in roads],
        "bridge": [int(one.bridge) for one in roads], "tunnel": [int(one.tunnel) for one in roads],
        "access": "", "surface": ["" if one.road_class != "track" else "unpaved" for one in roads],
    }  # fmt: skip
    forbidden = {
        "from_way": [ids[one.start] for one in turns], "to_way": [ids[one.end] for one in turns],
        "kind": [one.kind for one in turns],
    }  # fmt: skip
    tracks = plan.traffic.railways
    return {
        "roads": _frame([one.shape for one in roads], table),
        "turn_restrictions": _frame([shapely.Point(one.at) for one in turns], forbidden),
        "railways": _frame([line_of(one) for one in tracks], {
            "kind": ["rail"] * len(tracks), "name": [names.RAILWAY] + [""] * (len(tracks) - 1)}),
    }  # fmt: skip


def codes(plan: Plan) -> list[str]:
    """Return the towns' codes: subdistricts from 001, towns from 100, townships from 200."""
    start = {"subdistrict": 0, "town": 99, "township": 199}
    out = []
    for _, _, kind in plan.settled.town_names:
        start[kind] += 1
        out.append(f"{names.CODE}{start[kind]:03d}")
    return out


def _named(words: list[str]) -> dict[str, list[str]]:
    return {"name": words, "name_en": [english(one) for one in words]}


def _frame(geometry: Sequence[BaseGeometry] | Shapes, columns: Columns) -> gpd.GeoDataFrame:
    shapes_ = placed(np.asarray(geometry, dtype=object))
    return gpd.GeoDataFrame(dict(columns), geometry=shapes_, crs=WGS84)


def _write_layer(frame: gpd.GeoDataFrame, file: Path, name: str) -> None:
    pyogrio.write_dataframe(
        frame, file, layer=name, driver="GPKG", append=file.exists(), promote_to_multi=False,
        geometry_type="Unknown" if len(frame) else "Point", layer_options={"GEOMETRY_NAME": "geom"},
    )  # fmt: skip


def _transform(plan: Plan, grid: Grid) -> Affine:
    half = plan.land.frame.half_m
    (west, north), (east, south) = to_wgs84(np.array([[-half, half], [half, -half]])).tolist()
    side = grid.shape[0]
    return Affine((east - west) / side, 0, west, 0, (south - north) / side, north)


def _write_grid(grid: Grid, where: Affine, file: Path) -> None:
    profile = {
        "driver": "GTiff", "height": grid.shape[0], "width": grid.shape[1], "count": 1, "dtype": "float32", "crs": WGS84,
        "transform": where, "compress": "deflate", "predictor": 3, "zlevel": 1, "tiled": True,
    }  # fmt: skip
    with rasterio.open(file, "w", **profile) as target:
        target.write(grid.astype(np.float32), 1)


def _write_terrain(plan: Plan, folder: Path) -> None:
    """Write the terrain as two tiles that overlap a little, as surveys deliver it."""
    metres, where = (
        np.round(plan.land.ground.metres[::-1], 1),
        _transform(plan, plan.land.ground.metres),
    )
    seam = int(SEAM * metres.shape[1])
    _write_grid(metres[:, : seam + LAP], where, folder / "dem_west.tif")
    _write_grid(metres[:, seam:], where @ Affine.translation(seam, 0), folder / "dem_east.tif")


def _write_codes(plan: Plan, file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["code", "name", "name_en", "parent"])
        rows.writerow([names.CODE, *names.COUNTY, PARENT])
        for code, (name, name_en, _) in zip(codes(plan), plan.settled.town_names, strict=True):
            rows.writerow([code, name, name_en, names.CODE])


def _staged(plan: Plan, boundary: BaseGeometry, folder: Path, staged: Path) -> County:
    """Return the county as its tables' makers see it: the files just written, under the names of an imported county."""
    _link(folder / MAP, staged / "county.gpkg")
    _link(folder / "population.tif", staged / POPULATION)
    _write_grid(
        plan.land.ground.metres[::-1],
        _transform(plan, plan.land.ground.metres),
        staged / "terrain.tif",
    )
    west, south, east, north = boundary.bounds
    (lon, lat), *_ = to_wgs84(plan.land.capital[None]).tolist()
    return County(
        code=names.CODE, name_zh=names.COUNTY[0], name_en=names.COUNTY[1], boundary_wgs84=boundary, towns=(),
        box=Box(west_deg=west, south_deg=south, east_deg=east, north_deg=north), center=Place(lon, lat), source=MAP,
        attribution=ATTRIBUTION, version="", has_terrain=True, folder=staged,
    )  # fmt: skip


def _link(file: Path, to: Path) -> None:
    try:
        os.link(file, to)
    except OSError:  # a file system without links
        shutil.copyfile(file, to)
