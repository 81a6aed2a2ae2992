"""What the room tells: alarms in the stream of the alarm, suppressions and rules in theirs. A published version stays: add v2."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sensors.alarm_rules import AlarmRule, Severity
from vocabulary.message import Event
from vocabulary.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRaised(Event):
    """A rule's condition has lasted long enough. `held_by` names the suppression under which nobody is called."""

    kind: Literal["sensors.alarm_raised.v1"] = "sensors.alarm_raised.v1"
    alarm_id: str
    rule_id: str
    rule_zh: str
    rule_en: str
    severity: Severity
    opens_case: bool
    device_id: str
    device_name: str
    device_kind: str
    department: str
    category: str
    place: Place
    channel: int
    channel_name: str
    unit: str
    value: float | None
    limit: float | None
    condition: str
    onset_at: datetime
    raised_at: datetime
    silent_behind: int
    held_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceWeighed(Event):
    """An alarm of silence was judged by the `signal` where its device speaks from: covered, weak or hole.

    There `times` as long was waited as the rule says. `opens_case_by_rule`: what it would do in good coverage.
    """

    kind: Literal["sensors.silence_weighed.v1"] = "sensors.silence_weighed.v1"
    alarm_id: str
    signal: str
    times: float
    opens_case_by_rule: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmAcknowledged(Event):
    """A person has seen it."""

    kind: Literal["sensors.alarm_acknowledged.v1"] = "sensors.alarm_acknowledged.v1"
    alarm_id: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmCleared(Event):
    """The condition is over since `cleared_at`; by hand a person says why."""

    kind: Literal["sensors.alarm_cleared.v1"] = "sensors.alarm_cleared.v1"
    alarm_id: str
    cleared_at: datetime
    value: float | None
    by_hand: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmFlapped(Event):
    """It came and went so often that it is one alarm until it is quiet."""

    kind: Literal["sensors.alarm_flapped.v1"] = "sensors.alarm_flapped.v1"
    alarm_id: str
    times: int
    within_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmReleased(Event):
    """The suppression under which it was raised is over, and it still stands: people are called now."""

    kind: Literal["sensors.alarm_released.v1"] = "sensors.alarm_released.v1"
    alarm_id: str
    suppression_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmAmended(Event):
    """Readings of its time came late and say something else; what was decided stays as it was."""

    kind: Literal["sensors.alarm_amended.v1"] = "sensors.alarm_amended.v1"
    alarm_id: str
    observed_at: datetime
    value: float
    said: Literal["normal", "worse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmFiled(Event):
    """It has become part of a case: `opened` it, or joined it for `why`."""

    kind: Literal["sensors.alarm_filed.v1"] = "sensors.alarm_filed.v1"
    alarm_id: str
    case_id: str
    case_number: str
    opened: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmsSuppressed(Event):
    """For a reason and until an end nobody is called for alarms of a device (of one rule, where it is named)."""

    kind: Literal["sensors.alarms_suppressed.v1"] = "sensors.alarms_suppressed.v1"
    suppression_id: str
    device_id: str
    rule_id: str | None
    reason: str
    until_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionEnded(Event):
    """Its end came, or somebody ended it before."""

    kind: Literal["sensors.suppression_ended.v1"] = "sensors.suppression_ended.v1"
    suppression_id: str
    by_hand: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRuleSet(Event):
    """A rule is as it stands here from now on; what it was before stands in the events before."""

    kind: Literal["sensors.alarm_rule_set.v1"] = "sensors.alarm_rule_set.v1"
    rule: AlarmRule
    note: str
