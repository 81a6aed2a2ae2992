"""Cover (覆盖): which areas no free unit reaches within their target, and who might be moved up to reach them again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from county.demand import SUBURB_PER_KM2, URBAN_PER_KM2, Demand
from county.roads.metric import Floats
from dispatch.kinds import FOLDER
from dispatch.model import UnitKind
from incidents.table_files import Row, rows
from vocabulary.ids import UnitId

COLUMNS: Final = (
    "service", "kind", "zh", "en", "urban_s", "suburb_s", "rural_s", "share_least", "source",
)  # fmt: skip
WORTH_PEOPLE: Final = 50  # fewer people more in reach are not worth the way
MOVES_MOST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service: by which kind of unit, and within how many seconds in the town, its edge and the country."""

    id: str
    kind: UnitKind
    zh: str
    en: str
    urban_s: float
    suburb_s: float
    rural_s: float
    share_least: float

    def targets(self, demand: Demand) -> Floats:
        """Return the target of every block."""
        urban, suburb = demand.per_km2 >= URBAN_PER_KM2, demand.per_km2 >= SUBURB_PER_KM2
        found: Floats = np.where(urban, self.urban_s, np.where(suburb, self.suburb_s, self.rural_s))
        return found


@cache
def services() -> tuple[Service, ...]:
    """Return the shipped table."""
    text = (FOLDER / "cover.csv").read_text("utf-8")
    return tuple(_service(row) for row in rows("cover.csv", text, COLUMNS))


def _service(row: Row) -> Service:
    return Service(
        id=row.text("service"),
        kind=UnitKind(row.one_of("kind", tuple(UnitKind))),
        zh=row.text("zh"),
        en=row.text("en"),
        urban_s=row.read("urban_s", float, "300"),
        suburb_s=row.read("suburb_s", float, "600"),
        rural_s=row.read("rural_s", float, "1200"),
        share_least=row.read("share_least", float, "0.5"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaCover:
    """One town under one service; `usual`: it would be no better with every unit at home and every road open."""

    service: str
    town: int
    people: int
    reached: int
    gap: bool
    usual: bool

    @property
    def out_of_reach(self) -> int:
        """Return how many people nobody reaches in time."""
        return self.people - self.reached


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveUp:
    """A unit to stand by elsewhere: how many people more are in reach in all, and how soon it is there."""

    service: str
    town: int
    unit_id: UnitId
    post: tuple[float, float]
    people: int
    seconds: float


def covered(demand: Demand, service: Service, seconds: Floats, usual_s: Floats) -> list[AreaCover]:
    """Return each town's cover; `seconds` is how soon the soonest free unit is at every block, `usual_s` with all at home."""
    targets = service.targets(demand)
    towns = int(demand.town.max()) + 1 if len(demand.town) else 0
    people = _people(demand, np.ones(len(demand.town), dtype=bool), towns)
    reached = _people(demand, seconds <= targets, towns)
    usually = _people(demand, usual_s <= targets, towns)
    found = []
    for town in np.flatnonzero(people > 0).tolist():
        least = service.share_least * people[town]
        found.append(
            AreaCover(
                service=service.id,
                town=town,
                people=round(float(people[town])),
                reached=round(float(reached[town])),
                gap=bool(reached[town] < least),
                usual=bool(usually[town] < least),
            )
        )
    return found


def _people(demand: Demand, within: NDArray[np.bool_], towns: int) -> Floats:
    found = np.bincount(demand.town[within], weights=demand.people[within], minlength=towns)
    return np.asarray(found, dtype=float)


def middle_of(demand: Demand, town: int) -> tuple[float, float]:
    """Return where a town's people are in the mean."""
    mine = demand.town == town
    lon, lat = np.average(demand.lonlat[mine], axis=0, weights=demand.people[mine])
    return float(lon), float(lat)


@dataclass(frozen=True, slots=True, eq=False)
class Post:
    """Where somebody could stand by for a town: seconds from there to every block, and from each free unit to there."""

    town: int
    at: tuple[float, float]
    onward_s: Floats
    from_units_s: Floats


def move_ups(
    demand: Demand,
    service: Service,
    units: Sequence[UnitId],
    each_s: Floats,
    posts: Sequence[Post],
) -> list[MoveUp]:
    """Return who might stand by where, the most people gained first; `each_s` is (units, blocks).

    A move counts what it gains less what it leaves behind, over the whole county. One unit is moved once.
    """
    targets = service.targets(demand)
    found: list[MoveUp] = []
    now_s = each_s.copy()
    for post in posts:
        before = _within(demand, now_s, targets)
        best: tuple[float, int] | None = None
        for index in range(len(units)):
            if any(move.unit_id == units[index] for move in found):
                continue
            moved = now_s.copy()
            moved[index] = post.onward_s
            gain = _within(demand, moved, targets) - before
            if np.isfinite(post.from_units_s[index]) and (best is None or gain > best[0]):
                best = (gain, index)
        if best is None or best[0] < WORTH_PEOPLE or len(found) >= MOVES_MOST:
            continue
        gain, index = best
        now_s[index] = post.onward_s
        found.append(
            MoveUp(
                service=service.id,
                town=post.town,
                unit_id=units[index],
                post=post.at,
                people=round(gain),
                seconds=float(post.from_units_s[index]),
            )
        )
    return sorted(found, key=lambda move: -move.people)


def _within(demand: Demand, each_s: Floats, targets: Floats) -> float:
    soonest = each_s.min(axis=0, initial=np.inf)
    return float(demand.people[soonest <= targets].sum())
