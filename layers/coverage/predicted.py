"""The predicted coverage map: every sector of every site over the county's ground, reduced by carrier."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from os import sched_getaffinity
from typing import Final

import numpy as np
from numpy.typing import NDArray

from layers.coverage.bands import frequency_mhz
from layers.coverage.grid import cells_of
from layers.coverage.ground import Ground
from layers.coverage.link import MOBILE_M, heard, reach_cells
from layers.coverage.model import NOBODY, Carrier, Sector, Site
from layers.coverage.pathloss import Link, check
from layers.coverage.rays import rays
from layers.coverage.reduction import TILE, power_table, reduce_tiles, sum_powers
from layers.coverage.squares import Squares
from layers.coverage.terrain import around
from vocabulary.errors import Refused

LEAST_CELLS: Final = 20  # who is followed less far from beyond the county's edge is left out
Bytes = NDArray[np.uint8]
Corrections = Mapping[str, tuple[float, ...]]  # by band: decibels of loss to add per class of land


@dataclass(slots=True, eq=False)
class Layer:
    """What is heard of one carrier: the byte of the best sector per cell, its slot, and (once asked for) all powers summed."""

    carrier: Carrier
    best: Bytes
    server: NDArray[np.int32]
    slots: NDArray[np.int32]
    total: NDArray[np.int64] | None = None


@dataclass(slots=True, eq=False)
class State:
    """All that was predicted; `left_out` says, by sector, why it is not part of it."""

    ground: Ground
    corrections: Corrections = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    squares: Squares = field(default_factory=Squares)
    layers: dict[Carrier, Layer] = field(default_factory=dict)
    site_of: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


def workers() -> int:
    """Return how many threads are worth starting."""
    return min(len(sched_getaffinity(0)), 8)


def predict(
    ground: Ground, sites: Sequence[Site], corrections: Corrections | None = None, threads: int | None = None
) -> State:  # fmt: skip
    """Return the whole prediction of `sites`."""
    state = State(ground, corrections or {})
    ordered = sorted(sites, key=lambda one: one.id)
    state.squares.reserve(sum(_bytes(ground, site) for site in ordered))
    work = [(site, put(state, site)) for site in ordered]
    state.squares.rank_all()
    with ThreadPoolExecutor(threads or workers()) as pool:
        list(pool.map(lambda one: fill(state, one[0], one[1]), work))
        _reduce_all(state, pool, threads or workers())
    return state


def put(state: State, site: Site) -> list[int]:
    """Give room to the sectors of a site that are to be predicted; returns their slots."""
    state.sites[site.id] = site
    at = cell_under(state.ground, site)
    found = []
    for sector in site.sectors:
        half = half_of(state.ground, sector, at)
        reason = "too_far_out" if half < LEAST_CELLS else why_not(sector)
        if reason:
            state.left_out[sector.id] = reason
            continue
        state.left_out.pop(sector.id, None)
        state.site_of[sector.id] = site.id
        found.append(state.squares.put(sector, at, half))
    return found


def fill(state: State, site: Site, slots: Sequence[int]) -> None:
    """Work out what is heard of a site around it."""
    squares = state.squares
    by_height: dict[float, list[int]] = {}
    for slot in slots:
        by_height.setdefault(_sector(squares, slot).height_m, []).append(slot)
    for height_m, same in by_height.items():
        spread_around(state, _at(squares, same[0]), height_m, [
            (_sector(squares, slot), squares.square(slot)) for slot in same
        ])  # fmt: skip


def spread_around(
    state: State, at: tuple[int, int], height_m: float, outs: Sequence[tuple[Sector, Bytes]]
) -> None:
    """Sweep the ground around a mast once and write each of its sectors' square."""
    ground = state.ground
    table = rays(max(out.shape[0] for _, out in outs) // 2)
    there = (at[0] + ground.margin, at[1] + ground.margin)
    station_m = float(ground.heights[there]) + height_m
    swept = around(
        ground.heights, there, station_m, MOBILE_M, ground.grid.cell_m, table, ground.margin
    )
    alike: dict[tuple[Carrier, int], list[tuple[Sector, Bytes]]] = {}
    for sector, out in outs:
        alike.setdefault((sector.carrier, out.shape[0]), []).append((sector, out))
    for (carrier, _), group in alike.items():
        sectors, squares = zip(*group, strict=True)
        heard(sectors, ground, there, swept, table, squares, state.corrections.get(carrier.band))


def carriers_of(squares: Squares) -> dict[Carrier, NDArray[np.int32]]:
    """Return the slots of every carrier, in the order of their numbers."""
    found: dict[Carrier, list[int]] = {}
    for slot, sector in enumerate(squares.sectors):
        if sector is not None:
            found.setdefault(sector.carrier, []).append(slot)
    return {carrier: np.array(found[carrier], dtype=np.int32) for carrier in sorted(found)}


def empty(carrier: Carrier, slots: NDArray[np.int32], shape: tuple[int, int]) -> Layer:
    """Return a layer in which nothing is heard yet."""
    return Layer(carrier, np.zeros(shape, np.uint8), np.full(shape, NOBODY, np.int32), slots)


def total_of(state: State, layer: Layer) -> NDArray[np.int64]:
    """Return the powers of a carrier summed, worked out when first asked for."""
    if layer.total is None:
        total = np.zeros(state.ground.grid.shape, dtype=np.int64)
        for slot in layer.slots.tolist():
            sum_powers(slot, 1, state.squares.flat, state.squares.place, power_table(), total)
        layer.total = total
    return layer.total


def _reduce_all(state: State, pool: ThreadPoolExecutor, parts: int) -> None:
    shape, squares = state.ground.grid.shape, state.squares
    tiles = -(-shape[0] // TILE) * -(-shape[1] // TILE)
    edges = np.linspace(0, tiles, parts * 4 + 1).astype(int).tolist()
    jobs: list[Callable[[], None]] = []
    for carrier, slots in carriers_of(squares).items():
        layer = state.layers[carrier] = empty(carrier, slots, shape)
        for first, last in pairwise(edges):
            jobs.append(_tiles(squares, layer, first, last))
    list(pool.map(lambda job: job(), jobs))


def _tiles(squares: Squares, layer: Layer, first: int, last: int) -> Callable[[], None]:
    return lambda: reduce_tiles(
        first, last, squares.flat, squares.place, layer.slots, squares.rank, layer.best, layer.server
    )  # fmt: skip


def half_of(ground: Ground, sector: Sector, at: tuple[int, int]) -> int:
    """Return how far a sector is followed: its reach, or as far as the margin holds the ground around it."""
    rows, columns = ground.grid.shape
    outside = max(-at[0], at[0] - rows + 1, -at[1], at[1] - columns + 1, 0)
    return min(reach_cells(sector, ground.grid.cell_m), ground.margin - outside - 1)


def _bytes(ground: Ground, site: Site) -> int:
    at = cell_under(ground, site)
    halves = (half_of(ground, sector, at) for sector in site.sectors if not why_not(sector))
    return sum((2 * half + 1) ** 2 for half in halves if half >= LEAST_CELLS)


def why_not(sector: Sector) -> str:
    """Return why a sector is not predicted, or an empty text."""
    if not sector.in_service:
        return "out_of_service"
    return "indoor" if sector.indoor else _unfit(sector)


def _unfit(sector: Sector) -> str:
    try:
        for model in ("rma", "uma"):
            check(model, "nlos", Link(sector.height_m, frequency_mhz(sector)))
    except Refused as why:
        return why.code
    return ""


def cell_under(ground: Ground, site: Site) -> tuple[int, int]:
    """Return the row and column a site stands in, which may lie off the grid."""
    rows, columns = cells_of(
        ground.grid, np.array([site.place.lon_deg]), np.array([site.place.lat_deg])
    )
    return int(rows[0]), int(columns[0])


def _at(squares: Squares, slot: int) -> tuple[int, int]:
    return int(squares.place[slot, 1]), int(squares.place[slot, 2])


def _sector(squares: Squares, slot: int) -> Sector:
    sector = squares.sectors[slot]
    assert sector is not None  # noqa: S101 - a slot that was just put
    return sector
