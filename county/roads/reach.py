"""What is reached within so many minutes: times along the roads laid on a grid, spread a little beside them, and outlined."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from county.roads import contour
from county.roads.graph import RoadGraph
from county.roads.metric import Floats, Indexes, Plane
from county.roads.speeds import OFF_ROAD_KMH

SAMPLE_M: Final = 40.0
BESIDE_M: Final = 300.0  # blocks between streets are reached; a mountain between valleys is not
BEYOND_S: Final = (
    60.0  # followed a little past the limit, so that the line is drawn between two known times
)
CELLS_ACROSS: Final = 220
LEAST_CELL_M, MOST_CELL_M = 40.0, 250.0
STEPS: Final = ((0, 1), (1, 0), (1, 1), (1, -1))


@dataclass(frozen=True, slots=True)
class Isochrone:
    """The ground reached within `limit_s`, in WGS 84; empty where nothing is."""

    limit_s: float
    area_wgs84: BaseGeometry
    cell_m: float


@dataclass(frozen=True, slots=True, eq=False)
class PieceTimes:
    """When each piece is reached from its start and from its end, how long it takes from there, and the middle's own piece."""

    from_start_s: Floats
    whole_from_start_s: Floats
    from_end_s: Floats
    whole_from_end_s: Floats
    own_piece: int
    own_fraction: float
    own_s: float

    def at(self, piece: Indexes, fraction: Floats) -> Floats:
        """Return the time at a share of each piece's length."""
        times = self._from_ends(piece, fraction)
        own = np.flatnonzero(piece == self.own_piece)
        step = fraction[own] - self.own_fraction
        whole = np.where(
            step >= 0,
            self.whole_from_start_s[self.own_piece],
            self.whole_from_end_s[self.own_piece],
        )
        with np.errstate(invalid="ignore"):
            # Where one stands is reached though the road may not be driven on from there (the end of a one-way street).
            driven = np.where(step == 0, 0.0, whole * np.abs(step))
            times[own] = np.fmin(times[own], self.own_s + driven)
        return times

    def _from_ends(self, piece: Indexes, fraction: Floats) -> Floats:
        with np.errstate(invalid="ignore"):  # zero times infinity: the beginning of what is closed
            first = self.from_start_s[piece] + fraction * self.whole_from_start_s[piece]
            second = self.from_end_s[piece] + (1.0 - fraction) * self.whole_from_end_s[piece]
        times: Floats = np.fmin(first, second)
        return times


class Outliner:
    """Outlines reached ground on one graph; safe to use from several threads."""

    def __init__(self, graph: RoadGraph) -> None:
        """Place samples along every piece."""
        self._plane: Plane = graph.plane
        pieces = graph.pieces
        count = np.maximum(np.ceil(pieces.length_m / SAMPLE_M).astype(np.int64), 1) + 1
        self._piece = np.repeat(np.arange(len(count)), count)
        step = np.arange(len(self._piece)) - np.repeat(np.cumsum(count) - count, count)
        self._fraction = step / (count[self._piece] - 1)
        lines = shapely.transform(pieces.lines_wgs84, graph.plane.metric)[self._piece]
        spots = shapely.line_interpolate_point(lines, self._fraction, normalized=True)
        self._metric = shapely.get_coordinates(spots)

    def outlines(
        self, times: PieceTimes, limits_s: Sequence[float], start_wgs84: Floats
    ) -> list[Isochrone]:
        """Return one outline per limit, around what is reached; the start itself is always within."""
        seconds = self._seconds(times, max(limits_s) + BEYOND_S)
        reached = np.flatnonzero(np.isfinite(seconds))
        metric = np.concatenate([self._plane.metric(start_wgs84), self._metric[reached]])
        seconds = np.concatenate([[0.0], seconds[reached]])
        corner = metric.min(axis=0) - BESIDE_M * 1.5
        extent = metric.max(axis=0) + BESIDE_M * 1.5 - corner
        cell_m = float(np.clip(extent.max() / CELLS_ACROSS, LEAST_CELL_M, MOST_CELL_M))
        field = _spread(_on_grid(metric - corner, seconds, extent, cell_m), cell_m)
        return [self._outline(field, limit_s, corner, cell_m) for limit_s in limits_s]

    def _seconds(self, times: PieceTimes, limit_s: float) -> Floats:
        seconds = times.at(self._piece, self._fraction)
        seconds[~(seconds <= limit_s)] = np.inf
        return seconds

    def _outline(self, field: Floats, limit_s: float, corner: Floats, cell_m: float) -> Isochrone:
        # Near the line only: an unreached neighbour then draws it no closer than half a cell.
        beside = cell_m / (OFF_ROAD_KMH / 3.6)
        area = contour.below(np.clip(field, limit_s - beside, limit_s + beside), limit_s)
        plane = self._plane
        placed = shapely.transform(area, lambda xy: plane.degrees((xy + 0.5) * cell_m + corner))
        return Isochrone(limit_s, placed if placed.is_valid else shapely.make_valid(placed), cell_m)


def _on_grid(metric: Floats, seconds: Floats, extent: Floats, cell_m: float) -> Floats:
    columns, rows = (np.ceil(extent / cell_m).astype(int) + 1).tolist()
    field = np.full(rows * columns, np.inf)
    column, row = (metric / cell_m).astype(np.int64).T
    np.minimum.at(field, row * columns + column, seconds)
    return field.reshape(rows, columns)


def _spread(field: Floats, cell_m: float) -> Floats:
    """Return the field with the ground beside the roads, reached at walking pace up to BESIDE_M."""
    out = field.copy()
    for _ in range(int(np.ceil(BESIDE_M / cell_m))):
        before = out.copy()
        for down, across in STEPS:
            cost = cell_m * float(np.hypot(down, across)) / (OFF_ROAD_KMH / 3.6)
            here, there = _shifted(out, down, across), _shifted(out, -down, -across)
            np.minimum(here, _shifted(before, -down, -across) + cost, out=here)
            np.minimum(there, _shifted(before, down, across) + cost, out=there)
    return out


def _shifted(field: Floats, down: int, across: int) -> Floats:
    """Return the view of `field` that lies `down` and `across` from its counterpart with the signs turned."""
    rows = slice(max(down, 0), field.shape[0] + min(down, 0))
    columns = slice(max(across, 0), field.shape[1] + min(across, 0))
    return field[rows, columns]
