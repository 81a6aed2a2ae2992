"""What grows: forest on the slopes, paddy and fields in the valleys, orchards and tea on the foothills, grass on the tops."""

from typing import Final

import numpy as np
from shapely.geometry.base import BaseGeometry

from county.sample.areas import above
from county.sample.frame import Frame, Mask
from county.sample.land.ground import Ground

Cover = list[tuple[str, BaseGeometry]]
SMALLEST_M2: Final = 12_000.0
FORESTED: Final = 0.17


def grown(frame: Frame, rng: np.random.Generator, ground: Ground, near: Mask) -> Cover:
    """Return (kind, polygon) of what grows near the county."""
    side = ground.metres.shape[0]

    def noise(wavelength_m: float) -> np.ndarray:
        return frame.noise(rng, wavelength_m, side)

    inside = np.kron(near, np.ones((2, 2))) > 0
    slope = frame.blur(ground.slope, 55.0)
    patchy, broad, tufts = noise(700.0), noise(2_600.0), noise(230.0)
    wooded = slope + 0.05 * patchy + 0.035 * broad + 0.022 * tufts + ground.above_water_m / 1_500.0
    fields = (
        0.15
        - slope
        - 0.028 * patchy
        - 0.015 * tufts
        - np.clip(ground.above_water_m - 40.0, 0, None) / 700.0
    )
    orchard = 0.05 - np.abs(slope - 0.14) - 0.03 * (1.2 - broad).clip(0) + 0.014 * tufts
    grass = (
        (ground.metres - np.percentile(ground.metres, 97.0)) / 90.0
        + 0.5 * patchy
        + 0.4 * tufts
        - 0.4
    )
    groves = tufts + 0.6 * patchy - 2.35 - 3.0 * (ground.wild > 0.3)
    scrub = 0.03 - np.abs(slope - 0.2) + 0.02 * tufts - 0.03 * (1.35 - patchy).clip(0)
    wetland = 0.8 * tufts + patchy - 1.1 - np.abs(ground.to_water_m - 80.0) / 45.0 - 20.0 * slope
    forest = np.maximum(wooded - FORESTED, 0.006 - fields)
    layers = (
        ("farmland", fields), ("forest", forest), ("scrub", scrub), ("orchard", orchard), ("grass", grass),
        ("forest", groves), ("wetland", wetland),
    )  # fmt: skip
    out: Cover = []
    for kind, grid in layers:
        soft = np.where(inside, frame.blur(grid, 30.0), grid.min())
        out += [(kind, shape) for shape in above(frame, soft, 0.0, SMALLEST_M2, 9.0)]
    return out
