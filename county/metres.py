"""How long a degree is: the one approximation every room of the county uses for metres."""

import numpy as np


def metres_per_degree(lat_deg: float) -> tuple[float, float]:
    """Return the length of a degree of longitude and of latitude in metres at `lat_deg` (sphere; 0.5 %)."""
    one = 111_320.0
    return one * float(np.cos(np.radians(lat_deg))), one
