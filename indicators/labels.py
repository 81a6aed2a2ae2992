"""Names on a map that lie over one another are pushed apart, each as little as it takes; pure."""

import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

TURNS: Final = 60
WIDE, NARROW = 1.0, 0.56  # of a letter's size: what a Chinese and a Latin letter take
_WIDE_KINDS: Final = frozenset("WF")


class Box(NamedTuple):
    """A label by its middle."""

    x: float
    y: float
    width: float
    height: float


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is."""
    return size * sum(
        WIDE if unicodedata.east_asian_width(letter) in _WIDE_KINDS else NARROW for letter in text
    )


def spread(boxes: Sequence[Box]) -> list[tuple[float, float]]:
    """Return where each box's middle goes so that none covers another."""
    middles = [[box.x, box.y] for box in boxes]
    pairs = [(i, j) for i in range(len(boxes)) for j in range(i + 1, len(boxes))]
    for _ in range(TURNS):
        moved = [_part(boxes, middles, i, j) for i, j in pairs]
        if not any(moved):
            break
    return [(x, y) for x, y in middles]


def _part(boxes: Sequence[Box], middles: list[list[float]], i: int, j: int) -> bool:
    """Push two boxes apart the shorter way, half each; say whether they had to be."""
    sides = (
        (boxes[i].width + boxes[j].width) / 2,
        (boxes[i].height + boxes[j].height) / 2,
    )
    apart = [middles[j][axis] - middles[i][axis] for axis in (0, 1)]
    over = [sides[axis] - abs(apart[axis]) for axis in (0, 1)]
    if min(over) <= 0:
        return False
    axis = 0 if over[0] < over[1] else 1
    half = over[axis] / 2 * (-1 if apart[axis] < 0 else 1)
    middles[i][axis] -= half
    middles[j][axis] += half
    return True
