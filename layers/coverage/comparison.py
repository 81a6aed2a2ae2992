"""Measured over predicted: cell by cell, what was measured, what was predicted, and how far they are apart."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.coverage.coverage_map import PredictedMap
from layers.coverage.grid import cells_of, degrees_of
from layers.coverage.link import dbm
from layers.coverage.measured import Measurements
from layers.coverage.model import Technology, Which

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """One element per cell and carrier that was measured on the grid; `outside` and `silent` count what could not be compared.

    `silent` are cells where something was measured though the prediction hears nothing there.
    """

    row: Numbers
    column: Numbers
    clutter: NDArray[np.uint8]
    band: NDArray[np.str_]
    measured_dbm: Floats
    predicted_dbm: Floats
    distance_m: Floats  # to the site that is predicted to serve best
    samples: Numbers
    outside: int
    silent: int

    @property
    def difference_db(self) -> Floats:
        """Return measured minus predicted."""
        return self.measured_dbm - self.predicted_dbm

    def __len__(self) -> int:
        return len(self.row)


def compare(made: PredictedMap, measured: Measurements) -> Compared:
    """Return measured over predicted; several measurements of a carrier in one cell count as their median."""
    rows, columns = cells_of(made.grid, measured.lon_deg, measured.lat_deg)
    high, wide = made.grid.shape
    inside = (rows >= 0) & (rows < high) & (columns >= 0) & (columns < wide)
    parts = [
        _of_carrier(made, measured, number, rows, columns, inside)
        for number in range(len(measured.carriers))
    ]
    if not parts:
        parts = [_nothing()]
    joined = [np.concatenate([part[order] for part in parts]) for order in range(7)]
    row, column, level, told, away, samples, band = joined
    heard = np.isfinite(told)
    return Compared(
        row[heard].astype(np.int64), column[heard].astype(np.int64),
        made.state.ground.inside(made.state.ground.clutter)[row[heard].astype(np.int64), column[heard].astype(np.int64)],
        band[heard], level[heard], told[heard], away[heard], samples[heard].astype(np.int64),
        outside=int((~inside).sum()), silent=int((~heard).sum()),
    )  # fmt: skip


def _nothing() -> tuple[NDArray[Any], ...]:
    return (*(np.zeros(0) for _ in range(6)), np.zeros(0, dtype=np.str_))


def _of_carrier(
    made: PredictedMap, measured: Measurements, number: int, rows: Numbers, columns: Numbers, inside: NDArray[np.bool_]
) -> tuple[NDArray[Any], ...]:  # fmt: skip
    operator, technology, band = measured.carriers[number]
    which = Which(
        operator=operator or None, technology=Technology(technology) if technology else None, band=band or None
    )  # fmt: skip
    mine = inside & (measured.carrier == number)
    if not mine.any():
        return _nothing()
    flat = rows[mine] * made.grid.shape[1] + columns[mine]
    cells, of_cell = np.unique(flat, return_inverse=True)
    level = _medians(measured.rsrp_dbm[mine], of_cell, len(cells))
    samples = np.bincount(of_cell, measured.samples[mine], minlength=len(cells))
    row, column = np.divmod(cells, made.grid.shape[1])
    server = made.best_server(which)[row, column]
    place = made.state.squares.place
    away = np.hypot(place[server, 1] - row, place[server, 2] - column) * made.grid.cell_m
    told = dbm(made.codes(which))[row, column].astype(np.float64)
    bands = np.array([one.band if one else "" for one in made.sectors] + [""], dtype=np.str_)
    return row, column, level, told, away, samples, bands[server]


def _medians(values: Floats, group: Numbers, count: int) -> Floats:
    order = np.lexsort((values, group))
    edges = np.searchsorted(group[order], np.arange(count + 1))
    middle = (edges[:-1] + edges[1:] - 1) / 2
    low, high = np.floor(middle).astype(int), np.ceil(middle).astype(int)
    return np.asarray((values[order][low] + values[order][high]) / 2)


def geojson(compared: Compared, made: PredictedMap, most: int | None = None) -> dict[str, Any]:
    """Return the cells as GeoJSON points with what was measured and predicted: all, or at `most` so many, evenly taken."""
    lon, lat = degrees_of(made.grid, compared.row, compared.column)
    step = 1 if most is None else max(-(-len(compared) // most), 1)
    off = compared.difference_db
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(float(lon[at]), 6), round(float(lat[at]), 6)]},
            "properties": {
                "band": str(compared.band[at]), "measured_dbm": round(float(compared.measured_dbm[at]), 1),
                "predicted_dbm": float(compared.predicted_dbm[at]),
                "difference_db": round(float(off[at]), 1), "samples": int(compared.samples[at]),
            },
        }
        for at in range(0, len(compared), step)
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}
