"""Who is there to be sent: on duty by the roster, at rest after long work, or out by its own word. Pure."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.assignment import AssignmentState
from dispatch.kinds import kinds
from dispatch.model import Declared, Position, Unit, UnitStatus, Word
from vocabulary.place import Place

DAY_MIN: Final = 24 * 60
WEEK_MIN: Final = 7 * DAY_MIN
_BY_ASSIGNMENT: Final = {
    AssignmentState.ENROUTE: UnitStatus.ENROUTE,
    AssignmentState.ON_SCENE: UnitStatus.ON_SCENE,
}
_BY_WORD: Final = {
    Declared.BREAK: UnitStatus.BREAK,
    Declared.OUT_OF_SERVICE: UnitStatus.OUT_OF_SERVICE,
}


def status_at(unit: Unit, at: datetime, zone: ZoneInfo) -> UnitStatus:
    """Return what a unit is doing: its cases first, then its own word, then rest, then the roster."""
    if unit.cases:
        assignment = unit.open_assignment
        state = assignment.state if assignment else AssignmentState.ACKED
        return _BY_ASSIGNMENT.get(state, UnitStatus.ASSIGNED)
    word = word_at(unit, at)
    if word:
        return _BY_WORD.get(word.status, UnitStatus.AVAILABLE)
    if rests_until(unit, at):
        return UnitStatus.BREAK
    return UnitStatus.AVAILABLE if on_duty(unit, at, zone) else UnitStatus.OFF_DUTY


def on_duty(unit: Unit, at: datetime, zone: ZoneInfo) -> bool:
    """Say whether the roster has a unit on duty; one without a roster always is."""
    now_min = _week_minute(at, zone)
    return not unit.roster or any(
        (now_min - _begin(shift.weekday, shift.begins_min)) % WEEK_MIN
        < _length(shift.begins_min, shift.ends_min)
        for shift in unit.roster
    )


def next_duty(unit: Unit, at: datetime, zone: ZoneInfo) -> datetime | None:
    """Return when a unit that is off duty comes on; None where it is on duty or has no roster."""
    if on_duty(unit, at, zone):
        return None
    now_min = _week_minute(at, zone)
    waits = [(_begin(s.weekday, s.begins_min) - now_min) % WEEK_MIN for s in unit.roster]
    return at.replace(second=0, microsecond=0) + timedelta(minutes=min(waits))


def rests_until(unit: Unit, at: datetime) -> datetime | None:
    """Return until when a unit rests because it worked long in one go; None where it does not."""
    if unit.cases or unit.busy_since is None or unit.freed_at is None:
        return None
    row = kinds()[unit.kind]
    until = unit.freed_at + row.rest
    worked = unit.freed_at - unit.busy_since
    return until if worked >= row.rest_after and at < until else None


def word_at(unit: Unit, at: datetime) -> Word | None:
    """Return the crew's own word while it holds: a break lapses; 'available' ends what was, and calls in who is off duty."""
    word = unit.word
    if word is None or (word.until is not None and at >= word.until):
        return None
    if word.status is Declared.AVAILABLE and unit.freed_at and unit.freed_at > word.said_at:
        return None  # said before the last case: roster and rest hold again
    return word


def doubts(unit: Unit, said: Declared, at: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """Return what speaks against a crew's word, as codes. It is taken all the same: a radio call is never refused."""
    found = []
    if said is not Declared.AVAILABLE and unit.cases:
        found.append("on_a_case")
    if said is Declared.AVAILABLE and unit.cases:
        found.append("not_released")
    if said is Declared.AVAILABLE and rests_until(unit, at):
        found.append("rest_not_over")
    if not on_duty(unit, at, zone):
        found.append("off_duty")
    return tuple(found)


def is_stale(unit: Unit, seen: Position | None, at: datetime) -> bool:
    """Say whether nobody knows any more where a unit is: never seen, or longer ago than its kind allows."""
    return seen is None or at - seen.observed_at > kinds()[unit.kind].stale_after


def whereabouts(unit: Unit, seen: Position | None, at: datetime) -> Place | None:
    """Return where a unit was seen lately, else where it stands when it is not out."""
    return unit.home if seen is None or is_stale(unit, seen, at) else seen.place


def _week_minute(at: datetime, zone: ZoneInfo) -> int:
    local = at.astimezone(zone)
    return local.weekday() * DAY_MIN + local.hour * 60 + local.minute


def _begin(weekday: int, minute: int) -> int:
    return (weekday - 1) * DAY_MIN + minute


def _length(begins_min: int, ends_min: int) -> int:
    return (ends_min - begins_min) % DAY_MIN or DAY_MIN
