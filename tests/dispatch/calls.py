"""What cases tell, as the units hear it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dispatch.messages import UnitRegistered, UnitReleased
from dispatch.model import Unit, UnitKind
from incidents.messages import (
    CaseAccepted,
    CaseClosed,
    CaseDispatched,
    CaseJoined,
    CaseMerged,
    CaseParted,
    CaseReinforced,
    CaseVoided,
    FirstArrived,
)
from incidents.model import RunningClock, Stage
from vocabulary.ids import CaseId, UnitId
from vocabulary.place import Place

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
CLOCK = RunningClock(stage=Stage.ACCEPT, started_at=AT, due_at=None)
HOME = Place(119.9, 30.5)


def ids(names: tuple[str, ...]) -> tuple[UnitId, ...]:
    return tuple(UnitId(name) for name in names)


def a_unit(name: str = "fire-01", *cases: str) -> Unit:
    on = tuple(CaseId(case) for case in cases)
    return Unit(
        id=UnitId(name),
        version=1 + len(on),
        name=name,
        kind=UnitKind.ENGINE,
        department="fire",
        home=HOME,
        cases=on,
    )


def registered(name: str = "fire-01", called: str = "") -> UnitRegistered:
    return UnitRegistered(
        unit_id=UnitId(name),
        name=called or name,
        unit_kind=UnitKind.ENGINE,
        department="fire",
        home=HOME,
    )


def dispatched(case: str, *units: str) -> CaseDispatched:
    return CaseDispatched(
        case_id=CaseId(case),
        lead="fire",
        assists=(),
        units=ids(units),
        emergency=False,
        clock=CLOCK,
    )


def reinforced(case: str, *units: str) -> CaseReinforced:
    return CaseReinforced(case_id=CaseId(case), assists=(), units=ids(units))


def closed(case: str) -> CaseClosed:
    return CaseClosed(case_id=CaseId(case), disposition="handled", basis="direct", note="")


def voided(case: str) -> CaseVoided:
    return CaseVoided(case_id=CaseId(case), reason="test")


def merged(case: str, master: str) -> CaseMerged:
    return CaseMerged(case_id=CaseId(case), master=CaseId(master))


def joined(master: str, case: str, *units: str) -> CaseJoined:
    return CaseJoined(
        case_id=CaseId(master), joined=CaseId(case), reports=(), assists=(), units=ids(units)
    )


def parted(master: str, case: str, *units: str) -> CaseParted:
    return CaseParted(case_id=CaseId(master), parted=CaseId(case), reports=(), units=ids(units))


def a_unit_released(name: str, case: str) -> UnitReleased:
    return UnitReleased(unit_id=UnitId(name), case_id=CaseId(case))


def accepted(case: str, department: str = "fire") -> CaseAccepted:
    return CaseAccepted(case_id=CaseId(case), department=department, lead=True, clock=None)


def arrived(case: str, department: str = "fire") -> FirstArrived:
    return FirstArrived(case_id=CaseId(case), department=department)
