"""Weekly hours by the county's clock."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sensors.alarm_rules import Hours
from sensors.batch import from_us


def within_hours(hours: Sequence[Hours], at_us: int, zone: ZoneInfo) -> bool:
    """Say whether an instant lies in one of the windows; without any it always does."""
    if not hours:
        return True
    local = from_us(at_us).astimezone(zone)
    minute = local.hour * 60 + local.minute
    weekday = local.isoweekday()
    day_before = (weekday - 2) % 7 + 1
    return any(_within(one, minute, weekday, day_before) for one in hours)


def _within(one: Hours, minute: int, weekday: int, day_before: int) -> bool:
    if one.begins_min < one.ends_min:
        return weekday in one.weekdays and one.begins_min <= minute < one.ends_min
    late = weekday in one.weekdays and minute >= one.begins_min
    return late or (day_before in one.weekdays and minute < one.ends_min)


def hour_of_week(at_us: int, zone: ZoneInfo) -> int:
    """Return the hour of the week, 0 being Monday's first, by the county's clock."""
    local = from_us(at_us).astimezone(zone)
    return (local.isoweekday() - 1) * 24 + local.hour
