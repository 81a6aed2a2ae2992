"""Every row into WGS 84 by what its file declares, held against what is known there: named, never guessed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from county.datum import Floats
from county.datum_detection import SAME_AS_WGS84, Finding, Reference, detect, detect_outline
from county.importing.layers.frames import Datums, Frame, frame_of
from county.importing.report import LayerReport, Note
from county.importing.sources.found import Source
from vocabulary.errors import Refused

# Held together as one outline: a dozen polygons say nothing point by point.
OUTLINES: Final = frozenset({"boundary", "towns", "grid_cells"})
NEAR_DEG: Final = 0.3
ROW: Final = "_row"  # the number of a row in its file, counted as its reader does
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Placed:
    """Rows in WGS 84 (each with its number in `_row`), the frame they came in, and what is to be told about that."""

    rows: gpd.GeoDataFrame
    frame: Frame
    notes: list[Note]


def place(
    raw: gpd.GeoDataFrame,
    source: Source,
    datums: Datums,
    known: Callable[[NDArray[np.object_]], Reference],
    report: LayerReport,
) -> Placed:
    """Return the rows in WGS 84; a file whose frame is in doubt is Refused, a row without a position counted and left out."""
    frame = frame_of(source, raw.crs, datums)
    usable = _usable(raw, report)
    raw = raw[usable].reset_index(drop=True)
    shapes = raw.geometry.to_numpy()
    there = frame.bring(shapes)
    reference = known(there)
    if frame.declared:
        notes = _held_against(shapes, there, source, frame, reference)
    else:
        _sure(shapes, source, reference)
        notes = []
    if frame.declared and frame.datum.accuracy_m >= 5.0:
        notes.append(Note("county.note_converted", {
            "file": source.label, "datum": frame.datum.name_en, "accuracy_m": round(frame.datum.accuracy_m),
        }))  # fmt: skip
    rows = gpd.GeoDataFrame(raw.drop(columns=raw.geometry.name), geometry=there, crs="EPSG:4326")
    report.sources.append(f"{source.label} ({frame.datum.id})")
    if source.role.shape == "point":
        rows = _without_swapped(rows, reference, report)
    return Placed(rows, frame, notes)


def _usable(raw: gpd.GeoDataFrame, report: LayerReport) -> Mask:
    """Return which rows have a position: not empty, finite, and not at 0,0."""
    shapes, numbers = raw.geometry.to_numpy(), raw[ROW].to_numpy()
    bounds = shapely.bounds(shapes)
    lost = np.asarray(~np.isfinite(bounds).all(axis=1), dtype=bool)
    report.refuse_where("no_position", lost, numbers)
    zero: Mask = ~lost & (np.abs(np.nan_to_num(bounds)) < 1e-4).all(axis=1)
    report.refuse_where("zero", zero, numbers)
    usable: Mask = ~(lost | zero)
    return usable


def _sure(shapes: NDArray[np.object_], source: Source, reference: Reference) -> None:
    """Refuse an undeclared file unless it is WGS 84 beyond doubt."""
    found = _found(shapes, source, reference)
    if found.verdict == "outside" and reference.box is not None:
        x, y = _spots(shapes)
        near = _near(x, y, reference)
        if near.any() and source.role.name not in OUTLINES:
            found = detect(x[near], y[near], reference)
    refused = found.refusal(source.label)
    if refused is not None:
        raise refused


def _held_against(
    raw: NDArray[np.object_],
    there: NDArray[np.object_],
    source: Source,
    frame: Frame,
    reference: Reference,
) -> list[Note]:
    """Refuse declared positions that are no degrees, swapped or all elsewhere, or that the data contradict."""
    x, y = _spots(there)
    after = detect(x, y, Reference(box=reference.box))
    elsewhere = after.verdict == "outside" and not _near(x, y, reference).any()
    if after.verdict in {"swapped", "projected", "empty"} or elsewhere:
        refused = after.refusal(source.label)
        if refused is not None:
            raise refused
    before = raw if frame.crs is None and not frame.datum.id.startswith("epsg:") else there
    found = _found(before, source, reference)
    said = "wgs84" if frame.datum.id in SAME_AS_WGS84 or before is there else frame.datum.id
    if found.verdict not in {"wgs84", "offset"} or found.likely == said or found.confidence >= 1:
        return []
    values: dict[str, object] = {
        "file": source.label, "said": frame.datum.name_en, "likely": found.likely,
        "confidence": f"{100 * found.confidence:.1f}",
    }  # fmt: skip
    if frame.how != "said":
        raise Refused("datum.contradicted", **values)
    return [Note("datum.doubted", values)]


def _found(shapes: NDArray[np.object_], source: Source, reference: Reference) -> Finding:
    if source.role.name in OUTLINES:
        areas = shapes[shapely.get_dimensions(shapes) == 2]
        if not len(areas):
            raise Refused("county.no_areas", file=source.label, role=source.role.name)
        outline = shapely.union_all(shapely.make_valid(areas))
        return detect_outline(outline, reference)
    return detect(*_spots(shapes), reference)


def _spots(shapes: NDArray[np.object_]) -> tuple[Floats, Floats]:
    """Return one position of each shape: a point itself, the middle of a line, the centroid of an area."""
    spots = shapely.centroid(shapes)
    lines = shapely.get_type_id(shapes) == 1
    spots[lines] = shapely.line_interpolate_point(shapes[lines], 0.5, normalized=True)
    return shapely.get_x(spots), shapely.get_y(spots)


def _near(x: Floats, y: Floats, reference: Reference) -> Mask:
    if reference.box is None:
        return np.ones(len(x), dtype=bool)
    west, south, east, north = reference.box
    beside: Mask = (x >= west - NEAR_DEG) & (x <= east + NEAR_DEG)
    return beside & (y >= south - NEAR_DEG) & (y <= north + NEAR_DEG)


def _without_swapped(
    rows: gpd.GeoDataFrame, reference: Reference, report: LayerReport
) -> gpd.GeoDataFrame:
    x, y = _spots(rows.geometry.to_numpy())
    swapped = ~_near(x, y, reference) & _near(y, x, reference)
    report.refuse_where("swapped", swapped, rows[ROW].to_numpy())
    return rows[~swapped].reset_index(drop=True)
