"""Corrections from measurements: per band and class of land, robust, shown on ground that the fit has not seen."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from layers.coverage.comparison import Compared
from layers.coverage.ground import classes

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Neighbouring points are alike: held out are whole squares of ground, or the test would have been seen already.
BLOCK_M: Final = 1_000.0
HELD_OUT: Final = 4  # one square in so many
TRUSTED_CELLS: Final = 20  # a class with so many cells counts half by itself, half as its band does
LEAST_CELLS: Final = 30  # a band with fewer is left as it is
# A wrong cell or position shows as a signal far above what can be there, far out: kept away from the fit, and counted.
STRAY_DB: Final = 25.0
STRAY_FROM_M: Final = 2_000.0
MAD: Final = 1.4826  # of a normal distribution: standard deviation over median absolute deviation
TAIL: Final = 3.5


@dataclass(frozen=True, slots=True)
class Errors:
    """How far a prediction was off: cells, bias (mean of measured minus predicted) and root mean square."""

    cells: int
    bias_db: float
    rmse_db: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """What came out for a band: errors on the fitted and on the held-out squares, before and after."""

    band: str
    fitted_before: Errors
    fitted_after: Errors
    held_out_before: Errors
    held_out_after: Errors


@dataclass(slots=True)
class Calibration:
    """Corrections by band (loss to add per class of land), what they are worth, and what was kept out and why."""

    corrections: dict[str, tuple[float, ...]] = field(default_factory=dict)
    bands: list[Fitted] = field(default_factory=list)
    sigma_db: float | None = (
        None  # of the held-out cells after the correction: for the chance of coverage
    )
    strays: int = 0
    left: dict[str, int] = field(
        default_factory=dict
    )  # bands with too few cells, and how many they have


def calibrate(
    compared: Compared, cell_m: float, former: dict[str, tuple[float, ...]] | None = None
) -> Calibration:
    """Return the corrections; `former` are those the compared prediction was made with, to which these are added."""
    out = Calibration(corrections=dict(former or {}))
    stray = strays(compared)
    out.strays = int(stray.sum())
    held = held_out(compared, cell_m)
    rest: list[Floats] = []
    for band in sorted(set(compared.band.tolist())):
        mine = (compared.band == band) & ~stray
        if int((mine & ~held).sum()) < LEAST_CELLS:
            out.left[band] = int(mine.sum())
            continue
        # What it is worth is told by a fit that has not seen the held-out squares; what is used is fitted on all.
        after = compared.difference_db - _by_class(compared, mine & ~held)[compared.clutter]
        out.corrections[band] = _added(out.corrections.get(band), _by_class(compared, mine))
        out.bands.append(_fitted(band, compared.difference_db, after, mine, held))
        rest.append(after[mine & held])
    if rest and (left := np.concatenate(rest)).size >= LEAST_CELLS:
        out.sigma_db = float(np.clip(np.std(left), 4.0, 15.0))
    return out


def strays(compared: Compared) -> Mask:
    """Return which cells cannot be what they say: far above the prediction far out, or far off what all others are."""
    off = compared.difference_db
    if not len(off):
        return np.zeros(0, dtype=np.bool_)
    middle = np.median(off)
    wide = max(MAD * float(np.median(np.abs(off - middle))), 4.0)
    far = (off - middle > STRAY_DB) & (compared.distance_m > STRAY_FROM_M)
    return np.asarray(far | (np.abs(off - middle) > TAIL * wide))


def held_out(compared: Compared, cell_m: float) -> Mask:
    """Return which cells lie in squares that are held out: one in four, strewn, the same at every run."""
    side = max(int(BLOCK_M / cell_m), 1)
    down, right = compared.row // side, compared.column // side
    # A mixing of both numbers, so that neither rows nor columns nor diagonals of squares go together.
    mixed = (down * 73_856_093) ^ (right * 19_349_663)
    return np.asarray((mixed >> 3) % HELD_OUT == 0)


def _by_class(compared: Compared, use: Mask) -> Floats:
    """Return what is to be added to the signal per class: the band's median, drawn towards the class's own as cells allow."""
    off, land = compared.difference_db[use], compared.clutter[use]
    overall = float(np.median(off))
    gain = np.full(len(classes()), overall)
    for number in range(len(gain)):
        own = off[land == number]
        if len(own):
            weight = len(own) / (len(own) + TRUSTED_CELLS)
            gain[number] = overall + weight * (float(np.median(own)) - overall)
    return gain


def _added(former: tuple[float, ...] | None, gain: Floats) -> tuple[float, ...]:
    before = np.zeros(len(gain)) if former is None else np.array(former)
    return tuple(round(float(value), 2) for value in before - gain)


def _fitted(band: str, before: Floats, after: Floats, mine: Mask, held: Mask) -> Fitted:
    seen, unseen = mine & ~held, mine & held
    return Fitted(
        band, errors(before[seen]), errors(after[seen]), errors(before[unseen]), errors(after[unseen])
    )  # fmt: skip


def errors(off: Floats) -> Errors:
    """Return how far off these are; NaN where there is nothing."""
    if not len(off):
        return Errors(0, float("nan"), float("nan"))
    return Errors(len(off), float(off.mean()), float(np.sqrt((off**2).mean())))
