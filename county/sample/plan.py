"""The whole sample county in its own frame, drawn in the order in which a land comes to be."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.sample import names, people
from county.sample.frame import Grid, Points, line_of
from county.sample.land import cover, waters
from county.sample.land.made import Land, land
from county.sample.size import COUNTY, Size
from county.sample.towns import blocks, houses, marks, village
from county.sample.towns.blocks import COVER, Block
from county.sample.towns.houses import Houses
from county.sample.towns.marks import Mark
from county.sample.towns.settled import Settled, off, settled
from county.sample.towns.sites import Site
from county.sample.ways import lines
from county.sample.ways.traffic import Traffic, laid_out, traffic

SEED: Final = 20_261_122
PEAK_APART_M: Final = 3_000.0
CLEAR_M: Final = {
    "motorway": 22.0,
    "trunk": 14.0,
    "primary": 11.0,
    "secondary": 9.0,
    "tertiary": 7.5,
}
LANE_CLEAR_M: Final = 4.5
RAIL_CLEAR_M: Final = 20.0
STREAM_CLEAR_M: Final = 5.0
LOUD_M: Final = 210.0  # no village beside the motorway or the railway
FEWEST: Final = 12  # who live in a place worth a name
POND_COUNT: Final = 0.28  # for each km²


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What the sample county consists of, in metres around its middle."""

    land: Land
    settled: Settled
    traffic: Traffic
    waters: list[waters.Water]
    cover: list[tuple[str, BaseGeometry]]
    houses: Houses
    marks: list[Mark]
    places: list[Site]
    living: Grid
    population: NDArray[np.int64]
    edge: BaseGeometry


def drawn(seed: int = SEED, size: Size = COUNTY) -> Plan:
    """Return the county that grows from `seed`; the same seed gives the same county."""
    rng = np.random.default_rng(seed)
    country = land(rng, size)
    towns = settled(rng, country)
    rail, fast = laid_out(rng, country, towns)
    towns = off(towns, lines.clear(rail, LOUD_M), lines.clear(fast, LOUD_M))
    ways = traffic(rng, country, towns, rail, fast)
    edge = shapely.union_all(towns.lands)
    ponds = _ponds(rng, country, towns, ways)
    used = [blocks.blocks(rng, quarter, country.broad) for quarter in towns.quarters]
    built, groups = _built(rng, country, used, ways, [*country.waters, *ponds])
    growing = [
        *cover.grown(country.frame, rng, country.ground, country.near),
        *_built_up(used, groups),
    ]
    points = _marks(rng, country, towns, ways, used, groups, edge)
    places = _places(towns, ways)
    shapely.prepare(edge)
    inside = shapely.contains_properly(edge, shapely.centroid(built.shapes))
    living = people.grid(country.frame, built, inside, size.people)
    count = _population(towns, groups, size.people)
    lived_in = count >= FEWEST
    places = [place for place, some in zip(places, lived_in, strict=True) if some]
    return Plan(
        country,
        towns,
        ways,
        [*country.waters, *ponds],
        growing,
        built,
        points,
        places,
        living,
        count[lived_in],
        edge,
    )


def _ponds(
    rng: np.random.Generator, country: Land, towns: Settled, ways: Traffic
) -> list[waters.Water]:
    taken = [
        *(road.shape for road in ways.roads),
        *map(line_of, ways.railways),
        *(line_of(one.line) for one in country.rivers),
    ]
    areas = [
        country.broad,
        towns.built,
        *(shapely.Point(site.at).buffer(150.0) for site in towns.villages),
    ]
    clear = shapely.STRtree(np.array([*taken, *areas], dtype=object))
    return waters.ponds(
        country.frame,
        rng,
        country.ground,
        country.inside,
        clear,
        int(POND_COUNT * country.size.area_km2),
    )


def _built(
    rng: np.random.Generator,
    country: Land,
    used: list[list[Block]],
    ways: Traffic,
    water: list[waters.Water],
) -> tuple[Houses, list[Houses]]:
    """Return all buildings that may stand, and those of each quarter and each village by themselves."""
    urban = [houses.together(blocks.houses(rng, mine)) for mine in used]
    groups = [
        *urban,
        *(village.houses(rng, fronts, float(rng.uniform(0.7, 0.95))) for fronts in ways.fronts),
    ]
    number = np.repeat(np.arange(len(groups)), [len(one) for one in groups])
    every = houses.together(groups)
    tagged = Houses(every.shapes, every.kind, every.height_m, every.people + 1e6 * number)
    lanes = [road.shape for road in ways.roads] + [line_of(track) for track in ways.railways]
    clear = [CLEAR_M.get(road.road_class, LANE_CLEAR_M) for road in ways.roads] + [
        RAIL_CLEAR_M
    ] * len(ways.railways)
    streams = [
        line_of(one.line).buffer(STREAM_CLEAR_M + float(one.width_m.max()) / 2)
        for one in country.rivers
    ]
    wet = shapely.union_all([*(one.shape.buffer(6.0) for one in water), *streams])
    free = houses.standing(tagged, np.array(lanes, dtype=object), np.array(clear), wet)
    of = np.floor(free.people / 1e6).astype(int)
    whole = Houses(free.shapes, free.kind, free.height_m, free.people - 1e6 * of)
    return whole, [whole.only(of == group) for group in range(len(groups))]


def _built_up(used: list[list[Block]], groups: list[Houses]) -> list[tuple[str, BaseGeometry]]:
    out: list[tuple[str, BaseGeometry]] = [
        (COVER.get(block.use, block.use), shapely.buffer(block.shape, 5.0))
        for mine in used
        for block in mine
    ]
    for group in groups[len(used) :]:
        out += [("residential", part) for part in village.land(group.shapes)]
    return out


def _places(towns: Settled, ways: Traffic) -> list[Site]:
    seat = Site("city", towns.quarters[0].middle, names.SEAT[0] + "县城", "Qinglan")
    suburbs = [Site("suburb", at, name) for name, at in towns.quarters[0].labels]
    others = [
        Site("town", quarter.middle, name, english)
        for quarter, (name, english, _) in zip(
            towns.quarters[1:], towns.town_names[1:], strict=True
        )
    ]
    villages = [
        replace(site, at=at) for site, at in zip(towns.villages, ways.villages, strict=True)
    ]
    return [seat, *others, *suburbs, *villages]


def _population(towns: Settled, groups: list[Houses], size: int) -> NDArray[np.int64]:
    """Return how many live in each of `_places`, in their order."""
    own = people.of_places(groups, size)
    quarters = len(towns.quarters)
    middles = np.array([at for _, at in towns.quarters[0].labels])
    suburbs = people.of_suburbs(groups[0], middles, int(own[0]))
    return np.concatenate([own[:quarters], suburbs, own[quarters:]])


def _marks(
    rng: np.random.Generator, country: Land, towns: Settled, ways: Traffic, used: list[list[Block]],
    groups: list[Houses], edge: BaseGeometry,
) -> list[Mark]:  # fmt: skip
    out = [Mark("rail_station", names.STATION[0], ways.station), *marks.of_seat(rng, used[0])]
    for (name, _, _), mine in zip(towns.town_names[1:], used[1:], strict=True):
        out += marks.of_town(rng, name, mine)
    for order, (site, group) in enumerate(zip(towns.villages, groups[len(used) :], strict=True)):
        out += marks.of_village(order, site.name, group)
    return [*out, *_peaks(country, edge)]


def _peaks(country: Land, edge: BaseGeometry) -> list[Mark]:
    metres = country.ground.metres
    x, y = country.frame.centres(metres.shape[0])
    spots = np.stack([x.ravel(), y.ravel()], axis=1)
    kept: list[Points] = []
    shapely.prepare(edge)
    for index in np.argsort(-metres.ravel())[: metres.size // 3 : 5]:
        spot = spots[index]
        if len(kept) == len(names.PEAKS):
            break
        apart = not kept or ((np.array(kept) - spot) ** 2).sum(axis=1).min() > PEAK_APART_M**2
        if apart and shapely.contains_xy(edge, *spot):
            kept.append(spot)
    return marks.peaks(names.PEAKS, country.frame.at(metres, np.array(kept)), np.array(kept))
