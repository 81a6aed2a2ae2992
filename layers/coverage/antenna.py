"""Antenna patterns: what a direction costs against the boresight."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from layers.coverage.model import Sector
from layers.coverage.rays import DIRECTIONS
from layers.coverage.tables import Antenna, antenna

Floats = NDArray[np.float64]


def horizontal_db(pattern: Antenna, off_deg: Floats) -> Floats:
    """Return the loss beside the boresight: TR 36.942 4.2.1 and TR 38.901 table 7.3-1, 12 (phi / phi_3dB)^2 to a floor."""
    if pattern.horizontal_deg >= 360:
        return np.zeros_like(off_deg)
    off = (off_deg + 180) % 360 - 180
    return np.minimum(12 * (off / pattern.horizontal_deg) ** 2, pattern.horizontal_floor_db)


def vertical_db(pattern: Antenna, off_deg: Floats) -> Floats:
    """Return the loss above and below the boresight: TR 38.901 v17 table 7.3-1, 12 (theta / theta_3dB)^2 to a floor."""
    return np.minimum(12 * (off_deg / pattern.vertical_deg) ** 2, pattern.vertical_floor_db)


def loss_db(sector: Sector, azimuth_deg: Floats, down_deg: Floats) -> Floats:
    """Return the loss of a sector's antenna towards directions: TR 38.901 v17 table 7.3-1, both planes added, to a floor.

    The mechanical tilt leans the whole pattern forward, so it counts by the cosine of the angle to the azimuth.
    """
    pattern = antenna(sector.antenna)
    both = horizontal_db(pattern, azimuth_deg - sector.azimuth_deg) + vertical_db(
        pattern, down_deg - tilt_deg(sector, azimuth_deg)
    )
    return np.minimum(both, pattern.total_floor_db)


def tilt_deg(sector: Sector, azimuth_deg: Floats) -> Floats:
    """Return how far down the pattern points in each direction."""
    forward = np.cos(np.radians(azimuth_deg - sector.azimuth_deg))
    return np.asarray(sector.electrical_tilt_deg + sector.mechanical_tilt_deg * forward)


@lru_cache(maxsize=64)
def around(name: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the horizontal loss and the share of the mechanical tilt by direction off the azimuth, twice around."""
    off = np.arange(2 * DIRECTIONS) * 360.0 / DIRECTIONS
    beside = horizontal_db(antenna(name), off)
    return beside.astype(np.float32), np.cos(np.radians(off)).astype(np.float32)


def turned(sector: Sector) -> int:
    """Return where in `around` north stands for a sector, to half a degree."""
    return DIRECTIONS - round(sector.azimuth_deg / 360.0 * DIRECTIONS) % DIRECTIONS
