"""Who is asked to look whether a report is so (核实): the nearest collector or duty person who is there and free."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.duty import status_at, whereabouts
from dispatch.model import Position, Unit, UnitKind, UnitStatus
from vocabulary.ids import UnitId
from vocabulary.place import Place, distance_m

COLLECTING: Final = frozenset({"collecting", "urban_patrol"})  # 信息采集, 城管巡查


def nearest_collector(
    units: Iterable[Unit],
    positions: Mapping[UnitId, Position],
    place: Place,
    *,
    at: datetime,
    zone: ZoneInfo,
) -> Unit | None:
    """Return the nearest unit that may collect, is on duty and free, and whose whereabouts are known; None where nobody is."""
    found = [
        (distance_m(where, place), unit.id, unit)
        for unit in units
        if _collects(unit) and status_at(unit, at, zone) is UnitStatus.AVAILABLE
        if (where := whereabouts(unit, positions.get(unit.id), at)) is not None
    ]
    return min(found)[2] if found else None


def _collects(unit: Unit) -> bool:
    return unit.kind is UnitKind.PERSON or not COLLECTING.isdisjoint(unit.skills)
