"""One changed site on a map that stands: only the cells it reaches are worked out anew, and come out as if all were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from layers.coverage.model import Carrier, Site, Window
from layers.coverage.predicted import (
    LEAST_CELLS,
    Layer,
    State,
    cell_under,
    empty,
    fill,
    half_of,
    put,
    spread_around,
    why_not,
)
from layers.coverage.reduction import add, forget, power_table, sum_powers

Numbers = NDArray[np.int64]


@dataclass(slots=True)
class _Touched:
    """Per carrier: slots that are heard no longer or otherwise, and slots that are heard anew."""

    gone: dict[Carrier, list[int]] = field(default_factory=dict)
    new: dict[Carrier, list[int]] = field(default_factory=dict)

    @property
    def carriers(self) -> list[Carrier]:
        return sorted({*self.gone, *self.new})


def change(state: State, sites: Sequence[Site], gone: Iterable[str]) -> Window | None:
    """Put `sites` in place of what stood under their ids, take `gone` away; returns the window in which values may differ."""
    touched, windows = _Touched(), list[Window]()
    sites = list({one.id: one for one in sites}.values())
    coming = {one.id for one in sites}
    leaving = [state.sites[one] for one in dict.fromkeys(gone) if one in state.sites and one not in coming]  # fmt: skip
    for site in [*leaving, *(state.sites[one.id] for one in sites if one.id in state.sites)]:
        windows += _leave(state, site, touched)
    former = {one.id for site in leaving for one in site.sectors}
    for site in leaving:
        state.sites.pop(site.id, None)
    for site in sites:
        former |= (
            {one.id for one in state.sites[site.id].sectors} if site.id in state.sites else set()
        )
        slots = put(state, site)
        former -= {one.id for one in site.sectors if one.id not in state.left_out}
        fill(state, site, slots)
        windows += [_window(state, slot) for slot in slots]
        for slot in slots:
            touched.new.setdefault(_carrier(state, slot), []).append(slot)
    for sector_id in sorted(former & state.squares.slot_of.keys()):
        state.squares.remove(sector_id)
    state.squares.rank_all()
    for carrier in touched.carriers:
        _arrive(state, carrier, touched.new.get(carrier, []))
    return _around(windows, state.ground.grid.shape)


def _leave(state: State, site: Site, touched: _Touched) -> list[Window]:
    """Take the sectors of a site out of all layers."""
    squares, windows = state.squares, list[Window]()
    slots = [squares.slot_of[one.id] for one in site.sectors if one.id in squares.slot_of]
    for slot in slots:
        touched.gone.setdefault(_carrier(state, slot), []).append(slot)
        windows.append(_window(state, slot))
    for carrier in {_carrier(state, slot) for slot in slots}:
        mine = [slot for slot in slots if _carrier(state, slot) == carrier]
        _silence(state, state.layers[carrier], mine)
    for sector in site.sectors:
        state.left_out.pop(sector.id, None)
    return windows


def _silence(state: State, layer: Layer, slots: Sequence[int]) -> None:
    squares = state.squares
    if layer.total is not None:
        for slot in slots:
            sum_powers(slot, -1, squares.flat, squares.place, power_table(), layer.total)
    window = _around([_window(state, slot) for slot in slots], state.ground.grid.shape)
    layer.slots = layer.slots[~np.isin(layer.slots, slots)]
    if window is not None:
        _forget(state, layer, slots, window, layer.best[window.slices], layer.server[window.slices])


def _forget(
    state: State, layer: Layer, slots: Sequence[int], window: Window, best: NDArray[np.uint8], server: NDArray[np.int32]
) -> None:  # fmt: skip
    squares = state.squares
    gone = np.zeros(len(squares.sectors), dtype=np.bool_)
    gone[list(slots)] = True
    others = layer.slots[_reaching(squares.place[layer.slots], window)]
    forget(gone, window.top, window.left, squares.flat, squares.place, others, squares.rank, best, server)  # fmt: skip


def _arrive(state: State, carrier: Carrier, slots: Sequence[int]) -> None:
    squares = state.squares
    layer = state.layers.get(carrier)
    if layer is None:
        none = np.zeros(0, dtype=np.int32)
        layer = state.layers[carrier] = empty(carrier, none, state.ground.grid.shape)
    layer.slots = np.union1d(layer.slots, slots).astype(np.int32)
    for slot in slots:
        add(slot, 0, 0, squares.flat, squares.place, squares.rank, layer.best, layer.server)
        if layer.total is not None:
            sum_powers(slot, 1, squares.flat, squares.place, power_table(), layer.total)
    if not len(layer.slots):
        del state.layers[carrier]


def supposed(state: State, site: Site) -> tuple[Window | None, dict[Carrier, NDArray[np.uint8]]]:
    """Return where a site would change anything, and what would then be heard best there, per carrier; nothing is changed."""
    former = state.sites.get(site.id)
    squares = state.squares
    known = [squares.slot_of[one.id] for one in former.sectors if one.id in squares.slot_of] if former else []  # fmt: skip
    at = cell_under(state.ground, site)
    halves = {one.id: half_of(state.ground, one, at) for one in site.sectors}
    sectors = [one for one in site.sectors if halves[one.id] >= LEAST_CELLS and not why_not(one)]
    outs = [np.zeros((2 * halves[one.id] + 1,) * 2, dtype=np.uint8) for one in sectors]
    for height_m in {one.height_m for one in sectors}:
        same = [(one, out) for one, out in zip(sectors, outs, strict=True) if one.height_m == height_m]  # fmt: skip
        spread_around(state, at, height_m, same)
    reached = [_square(at, halves[one.id]) for one in sectors]
    window = _around([*(_window(state, slot) for slot in known), *reached], state.ground.grid.shape)
    if window is None:
        return None, {}
    after = {}
    for carrier in {one.carrier for one in sectors} | {_carrier(state, slot) for slot in known}:
        best = _without(state, carrier, [slot for slot in known if _carrier(state, slot) == carrier], window)  # fmt: skip
        for sector, out in zip(sectors, outs, strict=True):
            if sector.carrier == carrier:
                _lay(best, out, window, at, halves[sector.id])
        after[carrier] = best
    return window, after


def _without(
    state: State, carrier: Carrier, slots: Sequence[int], window: Window
) -> NDArray[np.uint8]:
    layer = state.layers.get(carrier)
    if layer is None:
        return np.zeros((window.bottom - window.top, window.right - window.left), dtype=np.uint8)
    best, server = layer.best[window.slices].copy(), layer.server[window.slices].copy()
    if slots:
        _forget(state, layer, slots, window, best, server)
    return best


def _lay(
    best: NDArray[np.uint8], out: NDArray[np.uint8], window: Window, at: tuple[int, int], half: int
) -> None:
    mine = _square(at, half)
    top, left = max(mine.top, window.top), max(mine.left, window.left)
    bottom, right = min(mine.bottom, window.bottom), min(mine.right, window.right)
    if bottom > top and right > left:
        there = best[
            top - window.top : bottom - window.top, left - window.left : right - window.left
        ]
        here = out[top - mine.top : bottom - mine.top, left - mine.left : right - mine.left]
        np.maximum(there, here, out=there)


def _reaching(place: Numbers, window: Window) -> NDArray[np.bool_]:
    row, column, half = place[:, 1], place[:, 2], place[:, 3]
    return np.asarray(
        (row + half >= window.top) & (row - half < window.bottom)
        & (column + half >= window.left) & (column - half < window.right)
    )  # fmt: skip


def _carrier(state: State, slot: int) -> Carrier:
    sector = state.squares.sectors[slot]
    assert sector is not None  # noqa: S101 - a slot in use
    return sector.carrier


def _window(state: State, slot: int) -> Window:
    _, row, column, half = state.squares.place[slot].tolist()
    return _square((row, column), half)


def _square(at: tuple[int, int], half: int) -> Window:
    return Window(at[0] - half, at[1] - half, at[0] + half + 1, at[1] + half + 1)


def _around(windows: Sequence[Window], shape: tuple[int, int]) -> Window | None:
    """Return the smallest window around several, cut to the grid; None where nothing of them lies on it."""
    if not windows:
        return None
    found = Window(
        max(0, min(one.top for one in windows)), max(0, min(one.left for one in windows)),
        min(shape[0], max(one.bottom for one in windows)), min(shape[1], max(one.right for one in windows)),
    )  # fmt: skip
    return found if found.top < found.bottom and found.left < found.right else None
