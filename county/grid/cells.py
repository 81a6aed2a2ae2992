"""The grid of a county: every point of it lies in exactly one cell, and no cell reaches beyond its town."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from county.areas import Areas
from county.grid.cuts import lattice, parted
from county.grid.faces import (
    Floats,
    Indexes,
    Shapes,
    faces,
    holding,
    inner_points,
    noded,
)
from county.grid.merging import Cells, merged
from county.grid.numbering import Towns, code_columns, numbered_cells
from county.grid.zones import built_up
from county.metres import metres_per_degree

# What parts one cell from the next; a yard's driveway or a footpath does not.
STREETS = ("motorway", "trunk", "primary", "secondary", "tertiary", "residential", "pedestrian")
STREAMS = ("river", "canal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the grid is made of: the county's code and boundary, its towns (town_id), its layers; all in WGS 84."""

    code: str
    boundary: BaseGeometry
    towns: gpd.GeoDataFrame
    layers: dict[str, gpd.GeoDataFrame]


def grid_cells(ground: Ground) -> gpd.GeoDataFrame:
    """Return the county's cells: those of a layer `grid_cells` as they are, and the rest of the county by its streets."""
    east_m, north_m = metres_per_degree(float(ground.boundary.centroid.y))
    scale = np.array([east_m, north_m])
    given = _given(ground)
    walls = noded(_walls(ground, given))
    streets = faces(walls, ground.boundary)
    built = built_up(ground.layers, ground.boundary, scale)
    parts = parted(streets, shapely.area(streets.shapes) * scale.prod(), built)
    # Everything is noded once more: noding only what is cut leaves a hole now and then, where two lines meet at a hair's angle.
    lines = noded(np.concatenate([walls, parts.outlines, lattice(parts, scale)]))
    found = faces(lines, ground.boundary)
    part = holding(parts.shapes, found.spots)
    made = Cells(
        found.shapes, shapely.area(found.shapes) * scale.prod(), parts.zones[part], parts.faces[part],
        holding(ground.towns.geometry.to_numpy(), found.spots),
    )  # fmt: skip
    row = _given_of(made, found.spots, given)
    whole = _whole(made.only(row >= 0), row[row >= 0], scale)
    return _frame(ground, *whole, merged(made.only(row < 0), scale), given)


def _given(ground: Ground) -> gpd.GeoDataFrame:
    given = ground.layers.get("grid_cells")
    if given is None:
        return gpd.GeoDataFrame({"code": [], "name": []}, geometry=[], crs="EPSG:4326")
    return given[given["code"] != ""].drop_duplicates("code").reset_index(drop=True)


def _walls(ground: Ground, given: gpd.GeoDataFrame) -> Shapes:
    outlines = [np.array([ground.boundary]), ground.towns.geometry.to_numpy(), given.geometry.to_numpy()]  # fmt: skip
    lines = [shapely.boundary(np.concatenate(outlines))]
    for layer, column, kinds in (
        ("roads", "class", STREETS),
        ("waterways", "kind", STREAMS),
        ("railways", "kind", ("rail",)),
    ):
        frame = ground.layers.get(layer)
        if frame is not None and len(frame):
            lines.append(frame.geometry.to_numpy()[frame[column].isin(kinds).to_numpy()])
    together = np.concatenate(lines)
    return together[shapely.intersects(ground.boundary, together)]


def _given_of(faces: Cells, spots: Floats, given: gpd.GeoDataFrame) -> Indexes:
    """Return which imported cell each face belongs to (-1 for none): of a cell across a town's line, the larger side."""
    found = Areas(given.geometry.to_numpy()).of(np.asarray(shapely.points(spots), dtype=object))
    for cell in range(len(given)):
        own = np.flatnonzero(found == cell)
        if len(own):
            side = np.bincount(faces.groups[own] + 1, weights=faces.areas_m2[own]).argmax() - 1
            found[own[faces.groups[own] != side]] = -1
    return found


def _whole(cells: Cells, number: Indexes, scale: Floats) -> tuple[Cells, Indexes]:
    """Return the imported cells put together again, and their rows."""
    rows, first = np.unique(number, return_index=True)
    whole = [shapely.coverage_union_all(cells.shapes[number == row]) for row in rows]
    shapes = np.array(whole, dtype=object)
    return Cells(
        shapes, shapely.area(shapes) * scale.prod(), cells.zones[first], cells.faces[first], cells.groups[first]
    ), rows  # fmt: skip


def _frame(
    ground: Ground, kept: Cells, rows: Indexes, made: Cells, given: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    towns = Towns(ground.code, ground.towns)
    labels = numbered_cells(
        inner_points(made.shapes), made.groups, towns, ground.layers.get("places"), frozenset(given["code"])
    )  # fmt: skip
    groups = np.concatenate([kept.groups, made.groups]).tolist()
    return gpd.GeoDataFrame(
        {
            **pd.concat([_labels(given.iloc[rows]), labels], ignore_index=True),
            "town_code": [towns.id(town) for town in groups],
            "zone": np.concatenate([kept.zones, made.zones]),
            "area_m2": np.round(np.concatenate([kept.areas_m2, made.areas_m2])),
            "imported": np.arange(len(groups)) < len(rows),
        },
        geometry=np.concatenate([kept.shapes, made.shapes]),
        crs="EPSG:4326",
    )


def _labels(given: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the imported cells' own codes and names; what they do not say stays empty."""
    columns = [*code_columns(), "community", "name", "name_en"]
    said = pd.DataFrame(given.drop(columns="geometry"))
    return said.reindex(columns=columns, fill_value="").astype(str).reset_index(drop=True)
