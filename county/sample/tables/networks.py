"""Fixed networks of the sample: broadband by village and community, and a backbone of two rings with some spurs."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from county.sample.tables.files import degrees
from county.sample.tables.land import Land, Points

BROADBAND: Final = (
    "id", "name", "kind", "lon", "lat", "households", "gigabit_reached", "gigabit_users", "hundred_reached", "hundred_users",
)  # fmt: skip
BACKBONE: Final = (
    "id", "name", "kind", "ring", "operator", "capacity_gbps", "in_service", "lon", "lat", "path",
)  # fmt: skip
FAR_M: Final = 16_000.0  # from the seat: gigabit is half as likely
OPERATORS: Final = ("CTCC", "CMCC", "CUCC")
CORE, OUTER = "核心环", "汇聚环"
SPURS: Final = 3  # of the towns hang on one leg


def broadband(land: Land, rng: np.random.Generator) -> Iterator[list[object]]:
    """Yield a row per village and community."""
    villages, communities = land.places.of("village"), land.pois.of("community")
    for letter, kind, rows in (("V", "village", villages), ("C", "community", communities)):
        near = np.exp(-np.hypot(*land.metres(rows.at).T) / FAR_M)
        for number, (name, at, share) in enumerate(zip(rows.names, rows.at, near, strict=True), 1):
            households = int(rng.lognormal(5.4 if kind == "village" else 6.6, 0.5))
            all_of_it = kind == "community" or rng.random() < 0.25 + 0.6 * share
            gigabit = int(
                households * (rng.uniform(0.9, 1) if all_of_it else rng.choice([0, 0.3, 0.6]))
            )
            hundred = int(max(gigabit, households * rng.uniform(0.93, 1)))
            yield [
                f"{letter}{number:04d}", name, kind, *map(degrees, at), households, gigabit,
                int(gigabit * rng.uniform(0.15, 0.4)), hundred, int(hundred * rng.uniform(0.55, 0.85)),
            ]  # fmt: skip


def backbone(land: Land) -> Iterator[list[object]]:
    """Yield nodes in the towns, the links of a core ring and an outer ring, and spurs to the farthest towns."""
    towns = land.places.of("city", "town")
    order = np.argsort(np.hypot(*land.metres(towns.at).T), kind="stable").tolist()
    half, spurs = len(order) // 2, order[-SPURS:]
    rings = {CORE: order[:half], OUTER: [order[0], *order[half:-SPURS]]}
    ring_of = {at: name for name, members in reversed(rings.items()) for at in members}
    for at, (name, spot) in enumerate(zip(towns.names, towns.at, strict=True)):
        ring, spot_told = ring_of.get(at, ""), map(degrees, spot)
        yield [
            f"N{at + 1:02d}",
            f"{name}机房",
            "node",
            ring,
            OPERATORS[at % 3],
            "",
            1,
            *spot_told,
            "",
        ]
    for number, (one, other, ring) in enumerate(_pairs(land, towns.at, rings, spurs), 1):
        name = f"{towns.names[one]}—{towns.names[other]}"
        yield _link(number, towns.at[one], towns.at[other], name, ring)


def _pairs(
    land: Land, spots: Points, rings: dict[str, list[int]], spurs: list[int]
) -> Iterator[tuple[int, int, str]]:
    """Yield which nodes are linked: around each ring, and each spur with its nearest ring node."""
    for name, members in rings.items():
        around = sorted(members, key=lambda at: float(np.arctan2(*land.metres(spots)[at])))
        for one, other in zip(around, [*around[1:], *around[:1]], strict=True):
            yield one, other, name
    ringed = [at for members in rings.values() for at in members]
    for at in spurs:
        away = [float(np.hypot(*(spots[at] - spots[other]))) for other in ringed]
        yield at, ringed[int(np.argmin(away))], ""


def _link(number: int, one: Points, other: Points, name: str, ring: str) -> list[object]:
    path = ";".join(" ".join(map(degrees, spot)) for spot in (one, other))
    capacity = {CORE: 400, OUTER: 100}.get(ring, 10)
    return [f"L{number:02d}", name, "link", ring, OPERATORS[number % 3], capacity, 1, "", "", path]
