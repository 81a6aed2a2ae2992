"""Verification goes to the nearest who may collect, is on duty, free, and known to be there."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dispatch.collectors import nearest_collector
from dispatch.model import Declared, Position, Shift, Unit, UnitKind, Word
from vocabulary.ids import CaseId, UnitId
from vocabulary.place import Place

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, 10:00 at the county
SHANGHAI = ZoneInfo("Asia/Shanghai")
HERE, NEAR, FAR = Place(120.0, 30.0), Place(120.01, 30.0), Place(120.1, 30.0)
NIGHT = tuple(Shift(weekday=day, begins_min=20 * 60, ends_min=6 * 60) for day in range(1, 8))


def a_unit(id: str, home: Place | None = NEAR, **changes: object) -> Unit:
    particulars: dict[str, object] = {"kind": UnitKind.PERSON, **changes}
    return Unit(
        id=UnitId(id),
        version=1,
        name=id,
        department="urban_management",
        home=home,
        **particulars,  # type: ignore[arg-type]
    )


def seen(unit: str, place: Place, ago: timedelta = timedelta(0)) -> dict[UnitId, Position]:
    at = NOW - ago
    return {
        UnitId(unit): Position(unit_id=UnitId(unit), place=place, observed_at=at, received_at=at)
    }


def nearest(*units: Unit, positions: dict[UnitId, Position] | None = None) -> str | None:
    found = nearest_collector(units, positions or {}, HERE, at=NOW, zone=SHANGHAI)
    return found.id if found else None


def test_the_nearest_is_asked_by_where_it_was_seen_and_else_by_its_home() -> None:
    one, other = a_unit("one"), a_unit("other", FAR)
    assert nearest(one, other) == "one"
    assert nearest(one, other, positions=seen("other", HERE)) == "other"
    assert nearest(one, other, positions=seen("other", HERE, timedelta(hours=1))) == "one"


def test_a_patrol_collects_and_a_fire_engine_does_not() -> None:
    patrol = a_unit("patrol", FAR, kind=UnitKind.VEHICLE, skills=("urban_patrol",))
    assert nearest(a_unit("engine", kind=UnitKind.ENGINE), patrol) == "patrol"


def test_who_is_busy_off_duty_resting_or_nowhere_is_not_asked() -> None:
    busy = a_unit("busy", cases=(CaseId("c"),))
    word = Word(status=Declared.BREAK, said_at=NOW, until=NOW + timedelta(hours=1))
    assert nearest(busy, a_unit("night", roster=NIGHT), a_unit("rests", word=word)) is None
    assert nearest(a_unit("nowhere", None)) is None
    assert nearest() is None
