"""Alarm rules as data: what is bad, where and when, how long it must last, and from what on it is over."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from pydantic import ConfigDict

from vocabulary.place import Place

Side = Literal["above", "below"]
CLOSED = ConfigDict(extra="forbid", allow_inf_nan=False)  # a word we do not know is refused


class Severity(StrEnum):
    """How bad; `opens_case` of the rule says whether people are called."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """Bad beyond `raise_at`, over on the near side of `clear_at`; in between nothing changes (hysteresis).

    `raise_at` None: the channel's own limit. `clear_at` None: `deadband` back from where it is raised.
    """

    __pydantic_config__ = CLOSED
    type: Literal["threshold"] = "threshold"
    side: Side = "above"
    raise_at: float | None = None
    clear_at: float | None = None
    deadband: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Bad when it changes faster than `per_min` a minute, seen over `over_s`; over below `clear_per_min` (None: half)."""

    __pydantic_config__ = CLOSED
    type: Literal["rate"] = "rate"
    way: Literal["rising", "falling", "either"] = "rising"
    per_min: float
    over_s: float
    clear_per_min: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Bad when it goes beyond `level` so many `times` within `within_s`; over when it did so less often."""

    __pydantic_config__ = CLOSED
    type: Literal["repeat"] = "repeat"
    side: Side = "above"
    level: float | None = None
    times: int
    within_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NoData:
    """Bad when nothing was heard for `after_s` (None: when the channel is stale); one gateway speaks for all behind it."""

    __pydantic_config__ = CLOSED
    type: Literal["no_data"] = "no_data"
    after_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """Bad when further than `sigmas` from the usual of that hour of the week, and by more than `at_least`; over at half."""

    __pydantic_config__ = CLOSED
    type: Literal["deviation"] = "deviation"
    sigmas: float
    at_least: float = 0.0
    side: Literal["above", "below", "either"] = "either"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compound:
    """Bad when a JSONLogic expression over the device's channels holds, `{"var": "level"}` being a channel's newest value.

    `clear` None: over when it holds no more. A channel that is stale has no value, and the expression no verdict.
    """

    __pydantic_config__ = CLOSED
    type: Literal["compound"] = "compound"
    when: dict[str, Any]
    clear: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Bad when it says the same for `after_s`, and so often in a row as by its kind's habit happens once in 1 / `chance`.

    "The same" is within `within`. At `rest` (a dry gauge, an empty store) it may stand for as long as it likes.
    """

    __pydantic_config__ = CLOSED
    type: Literal["stuck"] = "stuck"
    readings: int = 5
    after_s: float = 1800.0
    chance: float = 1e-8
    within: float = 0.0
    rest: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """Bad when it jumped, `sigmas` times its usual step and by more than `at_least`, and is back after at most `readings`."""

    __pydantic_config__ = CLOSED
    type: Literal["spike"] = "spike"
    sigmas: float = 10.0
    at_least: float = 0.0
    readings: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Bad when its mean of `over_s` left that of `against_s` step by step, `sigmas` times its usual spread and by `at_least`.

    What its kind in the rule's scope did meanwhile is taken off first. A jump is no drift: it is left to the limits.
    """

    __pydantic_config__ = CLOSED
    type: Literal["drift"] = "drift"
    sigmas: float = 4.0
    at_least: float = 0.0
    over_s: float = 3600.0
    against_s: float = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongClock:
    """Bad when so many `readings` in succession are told for more than `ahead_s` after they came, or `behind_s` before."""

    __pydantic_config__ = CLOSED
    type: Literal["clock"] = "clock"
    ahead_s: float = 30.0
    behind_s: float | None = None
    readings: int = 3


OfSensor = Stuck | Spike | Drift | WrongClock  # what is wrong with the sensor, not with the world
Condition = Threshold | Rate | Repeat | NoData | Deviation | Compound | OfSensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A geofence: within so many metres of a place."""

    __pydantic_config__ = CLOSED
    middle: Place
    radius_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A weekly window by the county's clock; Monday is 1. Where it ends before it begins, it ends the next day."""

    __pydantic_config__ = CLOSED
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    begins_min: int = 0
    ends_min: int = 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which channels: all of a kind's by that name, or of these devices alone, within the circle where one is drawn."""

    __pydantic_config__ = CLOSED
    kinds: tuple[str, ...] = ()
    channel: str = ""
    devices: tuple[str, ...] = ()
    within: Circle | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRule:
    """One rule. It must hold for `on_delay_s` before the alarm is raised, and be over for `off_delay_s` before it is cleared.

    `flaps` raises within `flap_s` make one flapping alarm, which is over after `flap_s` of quiet. Outside `hours` it is over.
    """

    __pydantic_config__ = CLOSED
    id: str
    name_zh: str
    name_en: str
    scope: Scope
    condition: Condition
    severity: Severity = Severity.MAJOR
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    hours: tuple[Hours, ...] = ()
    flaps: int = 5
    flap_s: float = 600.0
    opens_case: bool = True
    enabled: bool = True
