"""An alarm as the fold of its events: active or cleared, acknowledged or not, flapping, held back; and suppressions likewise."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sensors.messages import (
    AlarmAcknowledged,
    AlarmAmended,
    AlarmCleared,
    AlarmFiled,
    AlarmFlapped,
    AlarmRaised,
    AlarmReleased,
    AlarmsSuppressed,
    SilenceWeighed,
    SuppressionEnded,
)
from vocabulary.errors import Refused
from vocabulary.message import Event


class AlarmState(StrEnum):
    """Active or cleared, seen by a person or not."""

    ACTIVE_UNACK = "active_unack"
    ACTIVE_ACK = "active_ack"
    CLEARED_UNACK = "cleared_unack"
    CLEARED_ACK = "cleared_ack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One alarm; each instant stands for itself: onset, raised, acknowledged, cleared."""

    raised: AlarmRaised
    version: int
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    note: str = ""
    cleared_at: datetime | None = None
    cleared_by: str = ""
    reason: str = ""
    last_value: float | None = None
    flapping: bool = False
    times: int = 1
    held_by: str | None = None
    case_id: str | None = None
    case_number: str = ""
    amended: int = 0
    weighed: SilenceWeighed | None = None

    @property
    def id(self) -> str:
        """Return its id."""
        return self.raised.alarm_id

    @property
    def standing(self) -> bool:
        """Say whether its condition holds still."""
        return self.cleared_at is None

    @property
    def state(self) -> AlarmState:
        """Return where it stands."""
        if self.standing:
            return AlarmState.ACTIVE_ACK if self.acknowledged_at else AlarmState.ACTIVE_UNACK
        return AlarmState.CLEARED_ACK if self.acknowledged_at else AlarmState.CLEARED_UNACK


def apply(
    alarm: Alarm | None, event: Event, *, version: int, at: datetime, by: str
) -> Alarm | None:
    """Return the alarm after one event of its stream."""
    if isinstance(event, AlarmRaised):
        return Alarm(raised=event, version=version, held_by=event.held_by, last_value=event.value)
    if alarm is None:
        return None
    return _after(replace(alarm, version=version), event, at, by)


def _after(alarm: Alarm, event: Event, at: datetime, by: str) -> Alarm:
    match event:
        case AlarmAcknowledged():
            return replace(alarm, acknowledged_at=at, acknowledged_by=by, note=event.note)
        case AlarmCleared():
            who = by if event.by_hand else ""
            cleared = replace(alarm, cleared_at=event.cleared_at, cleared_by=who)
            return replace(cleared, reason=event.reason, last_value=event.value, flapping=False)
        case AlarmFlapped():
            return replace(alarm, flapping=True, times=event.times)
        case AlarmReleased():
            return replace(alarm, held_by=None)
        case AlarmFiled():
            return replace(alarm, case_id=event.case_id, case_number=event.case_number)
        case SilenceWeighed():
            return replace(alarm, weighed=event)
        case AlarmAmended():
            return replace(alarm, amended=alarm.amended + 1)
        case _:
            return alarm


def decide_acknowledge(alarm: Alarm, note: str) -> list[Event]:
    """Acknowledge; again by somebody else changes nothing."""
    if alarm.acknowledged_at is not None:
        return []
    return [AlarmAcknowledged(alarm_id=alarm.id, note=note.strip())]


def decide_clear(alarm: Alarm, reason: str, at: datetime) -> list[Event]:
    """Clear by hand, which needs a reason."""
    if not reason.strip():
        raise Refused("sensors.reason_needed", what="reason")
    if not alarm.standing:
        return []
    return [
        AlarmCleared(
            alarm_id=alarm.id,
            cleared_at=at,
            value=alarm.last_value,
            by_hand=True,
            reason=reason.strip(),
        )
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """For a reason and until an end nobody is called for a device's alarms."""

    said: AlarmsSuppressed
    version: int
    begun_at: datetime
    by: str
    ended_at: datetime | None = None

    def covers(self, device_id: str, rule_id: str) -> bool:
        """Say whether it holds for an alarm of a rule on a device."""
        own = self.said
        return (
            self.ended_at is None and own.device_id == device_id and own.rule_id in {None, rule_id}
        )


def apply_suppression(
    before: Suppression | None, event: Event, *, version: int, at: datetime, by: str
) -> Suppression | None:
    """Return a suppression after one event of its stream."""
    if isinstance(event, AlarmsSuppressed):
        return Suppression(said=event, version=version, begun_at=at, by=by)
    if before is not None and isinstance(event, SuppressionEnded):
        return replace(before, version=version, ended_at=at)
    return before
