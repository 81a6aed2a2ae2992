"""Loss over terrain by the method of Bullington: ITU-R P.526-15 4.5.1, exact on a profile."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LIGHT: Final = 299.8  # m x MHz, as the recommendations' own worked examples take it
EARTH_M: Final = 8_500_000.0  # median effective radius: ITU-R P.526-15 2, k = 4/3
CLEAR: Final = -0.78  # an edge lower than this costs nothing: P.526-15 (31)


@dataclass(frozen=True, slots=True)
class Profile:
    """Ground along a path: distances from the station and heights, with both ends; and both antennas above sea level."""

    along_m: Floats
    ground_m: Floats
    station_m: float
    mobile_m: float
    earth_m: float = EARTH_M


def knife_edge_db(nu: Floats) -> Floats:
    """Return the loss over one edge: ITU-R P.526-15 (31)."""
    over = np.maximum(nu, CLEAR) - 0.1
    return np.where(nu > CLEAR, 6.9 + 20 * np.log10(np.sqrt(over**2 + 1) + over), 0.0)


def whole_path_db(edge_db: Floats, along_m: Floats | float) -> Floats:
    """Return the loss of the path from that of its one edge: ITU-R P.526-15 (58)."""
    return np.asarray(edge_db + (1 - np.exp(-edge_db / 6)) * (10 + 0.02 * along_m / 1000))


def edge(profile: Profile) -> float:
    """Return nu times the square root of the wavelength of the one edge that stands for the path; it has no frequency in it.

    ITU-R P.526-15 (52) to (57): the highest nu where the station sees the mobile, else that of the point in which the
    lines to both horizons meet. Minus infinity for a path without ground between its ends.
    """
    path_m = float(profile.along_m[-1])
    along, left = profile.along_m[1:-1], path_m - profile.along_m[1:-1]
    if not len(along):
        return -np.inf
    ground = profile.ground_m[1:-1] + along * left / (2 * profile.earth_m)
    station, mobile = profile.station_m, profile.mobile_m
    steepest = float(((ground - station) / along).max())
    straight = (mobile - station) / path_m
    if steepest < straight:
        above = ground - (station * left + mobile * along) / path_m
        return float((above * np.sqrt(2 * path_m / (along * left))).max())
    back = float(((ground - mobile) / left).max())
    meet = (mobile - station + back * path_m) / (steepest + back)
    above_m = station + steepest * meet - (station * (path_m - meet) + mobile * meet) / path_m
    return above_m * float(np.sqrt(2 * path_m / (meet * (path_m - meet))))


def bullington_db(profile: Profile, mhz: float) -> float:
    """Return the loss over the ground of a path."""
    nu = np.array(edge(profile) / np.sqrt(LIGHT / mhz))
    return float(whole_path_db(knife_edge_db(nu), float(profile.along_m[-1])))
