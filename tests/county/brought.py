"""A small made-up county as its offices would bring it: files of every kind, in WGS 84 unless a test moves them."""

import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.datum import from_wgs84

WEST, SOUTH, SIDE = 117.60, 29.50, 0.12
COUNTY = shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)
NAMES = ("城关镇", "东溪乡", "西岭街道", "桥头镇")
CODES = ("990999100", "990999201", "990999002", "990999101")
MIDDLE = (WEST + SIDE / 2, SOUTH + SIDE / 2)
SEED = 20_261_122

Shapes = NDArray[np.object_]


def town_shapes() -> list[shapely.Polygon]:
    """Four quarters of the county."""
    half = SIDE / 2
    corners = [(WEST + x * half, SOUTH + y * half) for x in (0, 1) for y in (0, 1)]
    return [shapely.box(x, y, x + half, y + half) for x, y in corners]


def towns() -> gpd.GeoDataFrame:
    return frame({"code": list(CODES), "name": list(NAMES)}, town_shapes())


def boundary() -> gpd.GeoDataFrame:
    return frame({"code": ["990999"], "name": ["试县"], "name_en": ["Trial County"]}, [COUNTY])


def roads() -> gpd.GeoDataFrame:
    """A grid of streets, each with its own name, one of them one-way."""
    at = np.linspace(0.002, SIDE - 0.002, 30)
    lines = [shapely.LineString([(WEST, SOUTH + y), (WEST + SIDE, SOUTH + y)]) for y in at]
    lines += [shapely.LineString([(WEST + x, SOUTH), (WEST + x, SOUTH + SIDE)]) for x in at]
    count = len(lines)
    columns: dict[str, Sequence[object]] = {
        "way_id": [str(number) for number in range(1, count + 1)], "class": ["primary"] * 2 + ["residential"] * (count - 2),
        "name": [f"{number}号路" for number in range(1, count + 1)], "oneway": [1] + [0] * (count - 1),
    }  # fmt: skip
    return frame(columns, lines)


def pois(count: int = 300) -> gpd.GeoDataFrame:
    """Places scattered over the county."""
    lons, lats = scattered(count)
    columns = {
        "kind": ["医院", "school", "加油站"] * (count // 3),
        "name": [f"地点{n}" for n in range(count)],
    }
    return frame(columns, [shapely.Point(x, y) for x, y in zip(lons, lats, strict=True)])


def scattered(count: int, seed: int = SEED) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    pick = np.random.default_rng(seed)
    inside = 0.004 + (SIDE - 0.008) * pick.random((2, count))
    return WEST + inside[0], SOUTH + inside[1]


def frame(
    columns: Mapping[str, Sequence[object]], shapes: Sequence[BaseGeometry]
) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(dict(columns), geometry=list(shapes), crs="EPSG:4326")


def moved(rows: gpd.GeoDataFrame, datum: str) -> gpd.GeoDataFrame:
    """The same rows as somebody using `datum` would draw them, saying nothing of it."""
    way: Callable[[NDArray[np.float64]], NDArray[np.float64]] = lambda xy: np.stack(  # noqa: E731
        from_wgs84(datum, xy[:, 0], xy[:, 1]), axis=1
    )
    shapes = shapely.transform(rows.geometry.to_numpy(), way)
    return rows.set_geometry(shapes, crs=None)


def geopackage(file: Path, **layers: gpd.GeoDataFrame) -> Path:
    for name, rows in layers.items():
        pyogrio.write_dataframe(rows, file, layer=name, driver="GPKG", append=file.exists())
    return file


def geojson(file: Path, rows: gpd.GeoDataFrame) -> Path:
    """A GeoJSON as RFC 7946 has it: without a `crs` member."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # without a frame on purpose
        pyogrio.write_dataframe(rows.set_crs(None, allow_override=True), file, driver="GeoJSON")
    assert b'"crs"' not in file.read_bytes()
    return file


def shapefile(file: Path, rows: gpd.GeoDataFrame, encoding: str, *, told: bool = True) -> Path:
    """A zipped shapefile with its letters in `encoding`; `told`: with a .cpg that says so."""
    folder = file.parent / f"{file.stem}_parts"
    folder.mkdir()
    pyogrio.write_dataframe(
        rows, folder / f"{file.stem}.shp", driver="ESRI Shapefile", encoding=encoding
    )
    if not told:
        (folder / f"{file.stem}.cpg").unlink(missing_ok=True)
    with zipfile.ZipFile(file, "w") as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, part.name)
    return file


def table(file: Path, text: str, encoding: str = "utf-8") -> Path:
    file.write_bytes(text.encode(encoding))
    return file
