"""Candidates as a recommendation is given them."""

from typing import Any

from dispatch.model import Unit, UnitKind, UnitStatus
from dispatch.recommendation.model import Candidate, Need, Way
from vocabulary.ids import UnitId
from vocabulary.place import Place

STATION = Place(119.9, 30.5)
FAR_STATION = Place(120.1, 30.6)
ENGINE = Need(count=1, kind=UnitKind.ENGINE)


def a_candidate(
    name: str,
    seconds: float | None = 300.0,
    *skills: str,
    kind: UnitKind = UnitKind.ENGINE,
    status: UnitStatus = UnitStatus.AVAILABLE,
    home: Place | None = STATION,
    **others: Any,
) -> Candidate:
    unit = Unit(
        id=UnitId(name),
        version=1,
        name=name,
        kind=kind,
        department="fire",
        home=home,
        skills=skills,
    )
    way = others.pop("way", Way.ROAD if seconds is not None else Way.CLOSED)
    return Candidate(unit=unit, status=status, way=way, seconds=seconds, **others)
