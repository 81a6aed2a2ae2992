"""Where the seat lies, beside the main river where it has entered the plain, and the middle of the county around it."""

from typing import Final

import numpy as np

from county.sample.frame import Frame, Points
from county.sample.land.relief import Relief

FROM_MIDDLE: Final = 0.15


def seat(frame: Frame, relief: Relief) -> Points:
    """Return where the seat lies: on the main river, where it has just entered the plain."""
    drainage = relief.drainage
    main = np.flatnonzero(drainage.gathered_km2 > 1_000.0)
    row, column = np.divmod(main, drainage.side)
    spots = (np.stack([column, row], axis=1) + 0.5) * drainage.step_m - frame.half_m
    wild = frame.at(frame.blur(relief.wild, 2_000.0 * frame.half_m / 25_600.0), spots)
    score = np.abs(spots[:, 0] - 0.05 * frame.half_m) / frame.half_m + 4.0 * np.maximum(
        wild - 0.03, 0
    )
    chosen: Points = spots[np.argmin(score)]
    return chosen


def middle(frame: Frame, capital: Points) -> Points:
    """Return the county's middle: the seat lies towards the plain, and the frame has room all around."""
    room = FROM_MIDDLE * frame.half_m
    return np.clip(capital + np.array([-0.24, 0.08]) * frame.half_m, -room, room)
