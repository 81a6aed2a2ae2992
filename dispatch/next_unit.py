"""Who is asked when somebody does not come: the nearest free unit of the same make that was not asked before. Pure."""

from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from zoneinfo import ZoneInfo

from dispatch.duty import status_at, whereabouts
from dispatch.model import Position, Unit, UnitStatus
from vocabulary.ids import UnitId
from vocabulary.place import Place, distance_m


def next_unit(
    like: Unit,
    units: Iterable[Unit],
    seen: Mapping[UnitId, Position],
    *,
    to: Place,
    asked: Set[UnitId],
    at: datetime,
    zone: ZoneInfo,
) -> Unit | None:
    """Return the unit to ask next, None where nobody is left; one nobody has seen lately counts as at home."""

    def away_m(unit: Unit) -> float:
        where = whereabouts(unit, seen.get(unit.id), at)
        return distance_m(where, to) if where else float("inf")

    free = [
        unit
        for unit in units
        if unit.kind is like.kind
        and unit.id not in asked
        and _can(unit, like)
        and status_at(unit, at, zone) is UnitStatus.AVAILABLE
    ]
    return min(free, key=lambda unit: (away_m(unit), unit.id), default=None)


def _can(unit: Unit, like: Unit) -> bool:
    """Say whether a unit can do what the one that does not come is there for: its first skill, or its department's work."""
    if like.skills:
        return like.skills[0] in unit.skills
    return unit.department == like.department
