"""Small networks on rough ground, made up for tests."""

from collections.abc import Sequence

import numpy as np
from affine import Affine
from scipy.ndimage import gaussian_filter

from layers.coverage.grid import degrees_of
from layers.coverage.ground import MARGIN, Ground
from layers.coverage.model import Grid, Sector, Site, Technology
from vocabulary.place import Place

CARRIERS = (
    ("CMCC", Technology.NR, "n41", 504990, 53.0, 100.0, "mimo-64"),
    ("CMCC", Technology.LTE, "B8", 3683, 46.0, 10.0, "panel-65-15"),
    ("CUCC", Technology.LTE, "B3", 1650, 49.0, 20.0, "panel-65-18"),
)


def grid(size: int = 160) -> Grid:
    return Grid(
        crs="EPSG:32650",
        transform=Affine(50, 0, 400_000, 0, -50, 3_300_000),
        shape=(size, size + 20),
    )


def rough(on: Grid, seed: int = 1, relief_m: float = 60.0) -> Ground:
    """Return hills of some tens of metres, with forest and a town on them."""
    rng = np.random.default_rng(seed)
    shape = (on.shape[0] + 2 * MARGIN, on.shape[1] + 2 * MARGIN)
    hills = (
        gaussian_filter(rng.normal(size=shape), 12) + gaussian_filter(rng.normal(size=shape), 4) / 6
    )
    heights = (hills * relief_m / hills.std()).astype(np.float32)
    clutter = np.where(gaussian_filter(rng.normal(size=shape), 8) > 0.02, 3, 0).astype(np.uint8)
    clutter[MARGIN + 30 : MARGIN + 65, MARGIN + 30 : MARGIN + 65] = 5
    return Ground(on, MARGIN, heights, clutter)


def sector(number: int, name: str, azimuth_deg: float, carrier: int = 0, **other: object) -> Sector:
    operator, technology, band, arfcn, power, width, antenna = CARRIERS[carrier]
    values: dict[str, object] = {
        "id": f"S{number:03d}/{name}/{band}", "name": name, "operator": operator, "technology": technology, "band": band,
        "arfcn": arfcn, "pci": 1, "azimuth_deg": azimuth_deg, "height_m": 30.0, "power_dbm": power,
        "bandwidth_mhz": width, "antenna": antenna, "electrical_tilt_deg": 5.0,
    }  # fmt: skip
    return Sector(**(values | other))  # type: ignore[arg-type]


def site(on: Grid, number: int, row: int, column: int, carriers: Sequence[int] = (0,), **other: object) -> Site:  # fmt: skip
    lon, lat = degrees_of(on, row, column)
    sectors = tuple(
        sector(number, str(third), 120.0 * third + number * 7, carrier, **other)
        for carrier in carriers
        for third in range(3)
    )
    return Site(id=f"S{number:03d}", name=f"{number}号站", place=Place(float(lon), float(lat)), sectors=sectors)  # fmt: skip


def network(on: Grid, count: int = 6, seed: int = 3) -> list[Site]:
    rng = np.random.default_rng(seed)
    return [
        site(
            on, number, int(rng.integers(-5, on.shape[0] + 5)), int(rng.integers(-5, on.shape[1] + 5)),
            carriers=((0,), (0, 1), (0, 2), (1, 2))[number % 4], height_m=float(rng.integers(15, 50)),
        )
        for number in range(count)
    ]  # fmt: skip
