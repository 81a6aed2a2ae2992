"""Where the county lies on disk: loaded whole, and replaced whole by renaming."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from county.geopackage import read_columns
from county.model import Box, County, Town
from vocabulary.errors import Refused, Unavailable
from vocabulary.ids import new_id
from vocabulary.place import Place

if TYPE_CHECKING:
    import geopandas as gpd

NEW = ".new-"
OLD = ".old-"


def county_folder(home: Path) -> Path:
    """Return where the county in use lies, whether or not it is there."""
    return home / "county" / "current"


def load(home: Path) -> County:
    """Return the county in use; Unavailable when none was imported yet or its files cannot be read."""
    folder = county_folder(home)
    _take_back(folder)
    if not (folder / "county.json").is_file():
        raise Unavailable("county.none", folder=folder)
    try:
        return _read(folder)
    except (OSError, ValueError, KeyError) as problem:
        raise Unavailable("county.unreadable", folder=folder, problem=problem) from problem


def read_layer(county: County, layer: str, columns: list[str] | None = None) -> "gpd.GeoDataFrame":
    """Return one layer of the county's GeoPackage in WGS 84; a layer the county lacks is empty."""
    import geopandas as gpd  # a second to load: what the console's start needs is read by county.geopackage
    import pyogrio

    if layer not in {name for name, _ in pyogrio.list_layers(county.geopackage)}:
        return gpd.GeoDataFrame({"geometry": []}, geometry="geometry", crs="EPSG:4326")
    return pyogrio.read_dataframe(county.geopackage, layer=layer, columns=columns)


def new_folder(home: Path) -> Path:
    """Return a fresh folder beside the county in use, in which the next one is built."""
    folder = county_folder(home).parent / f"{NEW}{new_id()}"
    try:
        folder.mkdir(parents=True)
    except OSError as problem:
        raise Refused("county.disk", path=folder.parent, problem=problem.strerror) from problem
    return folder


def swap_in(built: Path, home: Path) -> None:
    """Make `built` the county in use; whoever has the former one's files open keeps reading them."""
    folder = county_folder(home)
    former = folder.parent / f"{OLD}{new_id()}"
    try:
        if folder.exists():
            folder.rename(former)
        built.rename(folder)
    except OSError as problem:
        _take_back(folder)
        raise Refused("county.disk", path=folder, problem=problem.strerror) from problem
    for left in folder.parent.glob(f"{OLD}*"):
        shutil.rmtree(left, ignore_errors=True)


def _take_back(folder: Path) -> None:
    # A stop between the two renames of swap_in leaves no `current`: the newest former county is the county in use.
    formers = sorted(folder.parent.glob(f"{OLD}*"))
    if formers and not folder.exists():
        formers[-1].rename(folder)


def _read(folder: Path) -> County:
    facts: dict[str, Any] = json.loads((folder / "county.json").read_text("utf-8"))
    file = folder / "county.gpkg"
    outlines, _ = read_columns(file, "boundary", ())
    if not len(outlines):
        raise ValueError("county.gpkg holds no boundary")
    boundary = outlines[0]
    shapes, (ids, names, names_en) = read_columns(file, "towns", ("town_id", "name", "name_en"))
    west, south, east, north = boundary.bounds
    inside = (
        boundary.representative_point()
        if not boundary.contains(boundary.centroid)
        else boundary.centroid
    )
    return County(
        code=str(facts["code"]),
        name_zh=str(facts["name_zh"]),
        name_en=str(facts["name_en"]),
        boundary_wgs84=boundary,
        towns=tuple(
            Town(id=id, name_zh=name, name_en=name_en or "", boundary_wgs84=shape)
            for shape, id, name, name_en in zip(shapes, ids, names, names_en, strict=True)
        ),
        box=Box(west_deg=west, south_deg=south, east_deg=east, north_deg=north),
        center=Place(float(inside.x), float(inside.y)),
        source=str(facts["source"]),
        attribution=str(facts["attribution"]),
        version=str(facts["version"]),
        has_terrain=(folder / "hillshade.tif").is_file(),
        folder=folder,
    )
