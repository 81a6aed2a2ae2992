"""Rows of any source under our own column names, as texts, with their numbers; what lacks a column is refused by name."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from county.importing.layers.placing import ROW
from county.importing.report import LayerReport
from county.importing.sources import texts, vectors, words
from county.importing.sources.found import Source
from county.importing.sources.roles import Role
from vocabulary.errors import Refused


def read_rows(source: Source, report: LayerReport) -> gpd.GeoDataFrame:
    """Return the rows of a file or layer in its own frame: our columns as texts, `_row`, and its shapes."""
    if source.is_text:
        return _points(source, report)
    frame = vectors.read(source.file, source.layer)
    if not len(frame) and source.layer is None:
        raise Refused("county.no_rows", file=source.label)
    found = match(source.role, [str(name) for name in frame.columns], source.label)
    columns = {ours: [as_text(value) for value in frame[theirs]] for ours, theirs in found.items()}
    numbers = np.arange(1, len(frame) + 1)
    return gpd.GeoDataFrame(
        {**columns, ROW: numbers}, geometry=frame.geometry.to_numpy(), crs=frame.crs
    )


def match(role: Role, present: list[str], label: str, also: tuple[str, ...] = ()) -> dict[str, str]:
    """Return which of the columns present are which of ours; Refused naming those that are missing (`also`: needed here too)."""
    found = words.columns_of(role, present)
    missing = [name for name in (*role.needs, *also) if name not in found]
    if missing:
        raise Refused(
            "county.columns_missing",
            file=label,
            role=role.name,
            missing=", ".join(missing),
            present=", ".join(present),
        )
    return found


def _points(source: Source, report: LayerReport) -> gpd.GeoDataFrame:
    table = texts.read(source.file)
    report.refuse("uneven", len(table.uneven), table.uneven)
    found = match(source.role, list(table.columns), source.label, ("lon", "lat"))
    columns = {ours: table.column(theirs) for ours, theirs in found.items()}
    lon, lat = numbers_of(columns.pop("lon")), numbers_of(columns.pop("lat"))
    return gpd.GeoDataFrame(
        {**columns, ROW: np.array(table.lines, dtype=int)}, geometry=points(lon, lat)
    )


def points(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return points; an empty one where a coordinate is missing."""
    out = np.full(len(lon), shapely.Point(), dtype=object)
    known = np.isfinite(lon) & np.isfinite(lat)
    out[known] = shapely.points(lon[known], lat[known])
    return out


def numbers_of(values: list[str]) -> NDArray[np.float64]:
    """Return numbers, NaN where a text is none (`NA`, empty, `30°12'`)."""
    numbers = pd.to_numeric(pd.Series(values, dtype=object), errors="coerce")
    return np.asarray(numbers, dtype=float)


def as_text(value: object) -> str:
    """Return a cell as text: nothing for what is missing, whole numbers without a point."""
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, (float, np.floating)):
        if not np.isfinite(value):
            return ""
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    return str(value).strip()
