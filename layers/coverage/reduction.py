"""From the squares of single sectors to the best server and the sum of powers per cell: exact, whatever the order of changes.

Powers are summed as whole numbers, so that adding and taking away leaves no trace and a changed map equals one made anew.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from county.compiled import compiled
from layers.coverage.link import FLOOR_DBM

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int64]
Counts = NDArray[np.int32]
Flags = NDArray[np.bool_]

# Cells a side: what a tile's state and its sectors' rows need stays in the first cache.
TILE: Final = 50
SMALL_TILE: Final = 25  # where single cells are refilled
UNIT: Final = 100.0  # of the whole numbers: 1 % of the weakest signal (-140.5 dBm)


def power_table() -> Numbers:
    """Return the power of every byte in units of 1 % of that of byte 1's decibel step; silence has none."""
    powers: Numbers = np.rint(UNIT * 10 ** (np.arange(256) * 0.05)).astype(np.int64)
    powers[0] = 0
    return powers


def milliwatts(power: Numbers) -> NDArray[np.float64]:
    """Return summed powers in milliwatts."""
    return np.asarray(power / UNIT * 10 ** (FLOOR_DBM / 10))


@compiled
def reduce_tiles(
    first: int, last: int, squares: Bytes, place: Numbers, slots: Counts, rank: Counts, best: Bytes, server: Counts
) -> None:  # fmt: skip
    """Find the best of `slots` in the tiles numbered `first` to `last`. `place` is per slot: offset, row, column, half."""
    wide = -(-best.shape[1] // TILE)
    for tile in range(first, last):
        top, left = tile // wide * TILE, tile % wide * TILE
        bottom, right = min(top + TILE, best.shape[0]), min(left + TILE, best.shape[1])
        for slot in slots:
            _take(top, left, bottom, right, 0, 0, squares, place, slot, rank, best, server)


@compiled
def _take(
    top: int, left: int, bottom: int, right: int, row0: int, column0: int, squares: Bytes, place: Numbers, slot: int,
    rank: Counts, best: Bytes, server: Counts,
) -> None:  # fmt: skip
    half = place[slot, 3]
    start_row, start_column = place[slot, 1] - half, place[slot, 2] - half
    side = 2 * half + 1
    first, last = max(top, start_row), min(bottom, start_row + side)
    start, end = max(left, start_column), min(right, start_column + side)
    mine = rank[slot]
    for row in range(first, last):
        at = place[slot, 0] + (row - start_row) * side - start_column
        for column in range(start, end):
            code = squares[at + column]
            held = best[row - row0, column - column0]
            if code < held or code == 0:
                continue
            if code > held or mine < rank[server[row - row0, column - column0]]:
                best[row - row0, column - column0] = code
                server[row - row0, column - column0] = slot


@compiled
def add(
    slot: int, row0: int, column0: int, squares: Bytes, place: Numbers, rank: Counts, best: Bytes, server: Counts
) -> None:  # fmt: skip
    """Let one more sector be heard on arrays whose first cell is (row0, column0) of the grid."""
    bottom, right = row0 + best.shape[0], column0 + best.shape[1]
    _take(row0, column0, bottom, right, row0, column0, squares, place, slot, rank, best, server)


@compiled
def sum_powers(
    slot: int, sign: int, squares: Bytes, place: Numbers, powers: Numbers, total: Numbers
) -> None:
    """Add the power of a sector to the sum of its carrier, or take it away (sign -1)."""
    half = place[slot, 3]
    top, left, side = place[slot, 1] - half, place[slot, 2] - half, 2 * half + 1
    for row in range(max(0, top), min(total.shape[0], top + side)):
        at = place[slot, 0] + (row - top) * side - left
        for column in range(max(0, left), min(total.shape[1], left + side)):
            total[row, column] += sign * powers[squares[at + column]]


@compiled
def forget(
    gone: Flags, row0: int, column0: int, squares: Bytes, place: Numbers, slots: Counts, rank: Counts, best: Bytes,
    server: Counts,
) -> None:  # fmt: skip
    """Take away the sectors that are `gone` (by slot): cells they served best get the best of the others in `slots`."""
    lost = np.empty((SMALL_TILE * SMALL_TILE, 2), dtype=np.int64)
    for top in range(0, best.shape[0], SMALL_TILE):
        for left in range(0, best.shape[1], SMALL_TILE):
            count = _clear(top, left, gone, best, server, lost)
            if count == 0:
                continue
            for slot in slots:
                half = place[slot, 3]
                row, column = place[slot, 1] - row0, place[slot, 2] - column0
                away = max(
                    row - top - SMALL_TILE, top - row, column - left - SMALL_TILE, left - column
                )
                if away <= half and not gone[slot]:
                    _refill(lost, count, row - half, column - half, squares, place, slot, rank, best, server)  # fmt: skip


@compiled
def _clear(top: int, left: int, gone: Flags, best: Bytes, server: Counts, lost: Numbers) -> int:
    count = 0
    for row in range(top, min(top + SMALL_TILE, best.shape[0])):
        for column in range(left, min(left + SMALL_TILE, best.shape[1])):
            slot = server[row, column]
            if slot >= 0 and gone[slot]:
                best[row, column], server[row, column] = 0, -1
                lost[count, 0], lost[count, 1] = row, column
                count += 1
    return count


@compiled
def _refill(
    lost: Numbers, count: int, start_row: int, start_column: int, squares: Bytes, place: Numbers, slot: int, rank: Counts,
    best: Bytes, server: Counts,
) -> None:  # fmt: skip
    side = 2 * place[slot, 3] + 1
    offset, mine = place[slot, 0], rank[slot]
    for number in range(count):
        row, column = lost[number, 0], lost[number, 1]
        down, right = row - start_row, column - start_column
        if down < 0 or right < 0 or down >= side or right >= side:
            continue
        code = squares[offset + down * side + right]
        held = best[row, column]
        if code == 0 or code < held:
            continue
        if code > held or mine < rank[server[row, column]]:
            best[row, column], server[row, column] = code, slot
