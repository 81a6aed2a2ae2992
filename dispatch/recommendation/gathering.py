"""From units and positions to candidates: where each is taken to be, and what it is to be weighed by. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.duty import is_stale, next_duty, rests_until, status_at, word_at
from dispatch.model import Position, Unit, UnitKind, UnitStatus
from dispatch.reach import PointReach, RadioReach, is_hole
from dispatch.recommendation.model import Candidate, Way
from dispatch.recommendation.weighing import Weighing
from vocabulary.ids import CaseId, UnitId
from vocabulary.place import Place, distance_m

FLIES: Final = frozenset({UnitKind.DRONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where a unit may be: one place, or two where its last position is old and away from home; none: nobody knows."""

    unit: Unit
    places: tuple[Place, ...]
    age_s: float | None = None
    stale: bool = False
    from_home: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a unit did lately: how often it went out, and how long."""

    runs: int = 0
    worked_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """How long from one place to the scene, or why there is no way."""

    way: Way
    seconds: float | None = None


NO_RUN: Final = Run()


def stands(
    units: Iterable[Unit], seen: Mapping[UnitId, Position], at: datetime, station_m: float
) -> list[Stand]:
    """Return where each unit is taken to be.

    A position past its limit that is not at home may be anywhere by now: home is thought of too, and the worse counts.
    """
    return [_stand(unit, seen.get(unit.id), at, station_m) for unit in units]


def _stand(unit: Unit, seen: Position | None, at: datetime, station_m: float) -> Stand:
    if seen is None:
        return Stand(unit=unit, places=(unit.home,) if unit.home else (), from_home=True)
    age_s = max(0.0, (at - seen.observed_at).total_seconds())
    stale = is_stale(unit, seen, at)
    at_home = unit.home is not None and distance_m(seen.place, unit.home) <= station_m
    places: tuple[Place, ...] = (seen.place,)
    if stale and unit.home is not None and not at_home:
        places = (seen.place, unit.home)
    return Stand(unit=unit, places=places, age_s=age_s, stale=stale, from_home=at_home)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Of which instant, in which zone, and for which case it is asked."""

    at: datetime
    zone: ZoneInfo
    case_id: CaseId
    scene: Place
    reach: RadioReach


def candidates_of(
    found: Sequence[Stand],
    drives: Sequence[Drive],
    runs: Mapping[UnitId, Run],
    moment: Moment,
    weights: Weighing,
) -> list[Candidate]:
    """Return the candidates; `drives` are the ways from every place of every stand, in that order."""
    following = iter(drives)
    return [
        _candidate(stand, [next(following) for _ in stand.places], runs, moment, weights)
        for stand in found
    ]


def _candidate(
    stand: Stand,
    drives: list[Drive],
    runs: Mapping[UnitId, Run],
    moment: Moment,
    weights: Weighing,
) -> Candidate:
    unit = stand.unit
    drive = _worst(drives)
    if unit.kind in FLIES and stand.places:
        drive = _flight(stand.places, moment.scene, weights)
    status = status_at(unit, moment.at, moment.zone)
    run = runs.get(unit.id, NO_RUN)
    # Of a unit that is not seen any more the network where it was last says what its silence means.
    lost = stand.stale and not stand.from_home
    heard = _heard(stand.places[0], moment.reach) if lost else ()
    return Candidate(
        unit=unit,
        status=status,
        way=drive.way,
        seconds=drive.seconds,
        age_s=stand.age_s,
        stale=stand.stale,
        from_home=stand.from_home,
        back_at=_back_at(unit, status, moment),
        runs=run.runs,
        worked_s=run.worked_s,
        on_case=moment.case_id in unit.cases,
        in_hole=is_hole(heard),
        silent=bool(heard) and not is_hole(heard),
    )


def _worst(drives: Sequence[Drive]) -> Drive:
    """Return the longer way of two; a place from which no way leads says so only where there is no other."""
    if len(drives) == 1:
        return drives[0]
    ways = [drive for drive in drives if drive.seconds is not None]
    if ways:
        return max(ways, key=lambda drive: drive.seconds or 0.0)
    return drives[0] if drives else Drive(way=Way.NO_POSITION)


def _flight(places: Sequence[Place], scene: Place, weights: Weighing) -> Drive:
    away_m = max(distance_m(place, scene) for place in places)
    return Drive(way=Way.AIR, seconds=weights.air_ready_s + away_m / weights.air_mps)


def _back_at(unit: Unit, status: UnitStatus, moment: Moment) -> datetime | None:
    if status is UnitStatus.OFF_DUTY:
        return next_duty(unit, moment.at, moment.zone)
    if status is UnitStatus.BREAK:
        word = word_at(unit, moment.at)
        return word.until if word else rests_until(unit, moment.at)
    return None


def _heard(place: Place, reach: RadioReach) -> Sequence[PointReach]:
    return reach.at(place.lon_deg, place.lat_deg)
