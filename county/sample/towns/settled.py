"""Who settled where: the seat, the towns, the villages with their names, and whose land is whose."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from county.sample import names
from county.sample.english import english
from county.sample.frame import Mask, Shapes, warp
from county.sample.land import outline
from county.sample.land.made import Land
from county.sample.towns import seat, sites, town
from county.sample.towns.quarter import Quarter
from county.sample.towns.sites import Site

KEEP_CLEAR_M: Final = 340.0
LARGE: Final = 0.3  # of the villages


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """The settlements: quarters are the seat and the towns, in the order of `lands` and `town_names`."""

    quarters: list[Quarter]
    town_names: list[tuple[str, str, str]]
    villages: list[Site]
    reach_m: list[float]
    lands: Shapes
    built: BaseGeometry


def settled(rng: np.random.Generator, land: Land) -> Settled:
    """Return the settlements of the land."""
    frame, size = land.frame, land.size
    bend = warp(frame, rng, 900.0, 16.0)
    shapely.prepare(land.gentle)
    first = seat.seat(rng, land.capital, land.rivers[0], size.seat, bend, land.gentle)
    avoid = shapely.union(land.broad, shapely.buffer(first.ground, 900.0 * size.seat))
    spots = sites.towns(frame, rng, size, land.ground, land.inside, land.capital, avoid)
    order = np.argsort(
        np.hypot(*(spots - land.capital).T) + 6_000.0 * frame.at(land.ground.wild, spots)
    )
    spots = spots[order]
    town_names = [
        names.SEAT_TOWN,
        *((name, english(name), kind) for name, kind in names.TOWNS[: len(spots)]),
    ]
    towns = [
        town.town(frame, rng, at, name[0], land.ground, land.rivers, bend, land.gentle)
        for at, name in zip(spots, town_names[1:], strict=True)
    ]
    quarters = [first, *towns]
    built = shapely.union_all([quarter.ground for quarter in quarters])
    where = sites.villages(
        frame, rng, size, land.ground, land.inside, shapely.buffer(built, KEEP_CLEAR_M), land.broad
    )
    wild = frame.at(land.ground.wild, where)
    reach = (
        np.where(rng.random(len(where)) < LARGE, 1.55, 1.0)
        * rng.uniform(120.0, 230.0, len(where))
        * (1.1 - 0.5 * wild)
    )
    kinds = np.where(reach > 150.0, "village", "hamlet")
    called = _village_names(rng, wild > 0.16)
    villages = [
        Site(str(kind), at, name, english(name))
        for kind, at, name in zip(kinds, where, called, strict=True)
    ]
    lands = outline.lands(frame, rng, land.ground, land.inside, np.vstack([land.capital, spots]))
    return Settled(quarters, town_names, villages, reach.tolist(), lands, built)


def off(people: Settled, *strips: BaseGeometry) -> Settled:
    """Return the settlements without the villages on these strips."""
    taken = shapely.union_all(strips)
    at = np.array([site.at for site in people.villages])
    free = ~shapely.contains_xy(taken, at[:, 0], at[:, 1])
    kept = [
        (site, reach)
        for site, reach, ok in zip(people.villages, people.reach_m, free, strict=True)
        if ok
    ]
    return replace(
        people, villages=[site for site, _ in kept], reach_m=[reach for _, reach in kept]
    )


def _village_names(rng: np.random.Generator, hilly: Mask) -> list[str]:
    """Return a name for every village, none twice: families' in the plain and in the hills, and old ones."""
    old = rng.permutation(np.array(names.OLD_VILLAGES, dtype=object)).tolist()
    pools = {
        key: rng.permutation(np.array([f"{family}{end}" for family in names.SURNAMES for end in ends], dtype=object)).tolist()
        for key, ends in ((True, names.HILL_VILLAGES), (False, names.PLAIN_VILLAGES))
    }  # fmt: skip
    return [old.pop() if old and rng.random() < 0.3 else pools[bool(hill)].pop() for hill in hilly]
