"""Duty rosters over the week: who is manned round the clock, who by day, and whose turn the night is."""

from collections.abc import Iterator
from typing import Final

from county.sample.tables.units import Placed, Troop

COLUMNS: Final = ("unit_id", "weekday", "from", "to", "shift")
WEEK: Final = range(1, 8)  # Monday is 1
DAY: Final = ("08:00", "20:00", "day")
NIGHT: Final = ("20:00", "08:00", "night")
OFFICE: Final = ("08:00", "18:00", "day")
LONG: Final = ("07:00", "22:00", "long day")


def rows(units: list[Placed]) -> Iterator[list[object]]:
    """Yield the shifts, unit after unit."""
    sizes: dict[Troop, int] = {}
    for unit in units:
        sizes[unit.troop] = sizes.get(unit.troop, 0) + 1
    for unit in units:
        for weekday in WEEK:
            for begins, ends, shift in _shifts(unit, weekday, sizes[unit.troop]):
                yield [unit.id, weekday, begins, ends, shift]


def _shifts(unit: Placed, weekday: int, size: int) -> tuple[tuple[str, str, str], ...]:
    """Return a unit's shifts that begin on a weekday; by night the units of a troop take turns."""
    turn = (weekday - 1) % size == unit.order
    match unit.troop.roster:
        case "day and night":
            return (DAY, NIGHT)
        case "long day":
            return (LONG,)
        case "day, one by night":
            return (OFFICE, ("18:00", "08:00", "night")) if turn else (OFFICE,)
        case "by turns":
            return (OFFICE, ("18:00", "08:00", "on call"))
        case _:
            return (OFFICE,) if weekday <= 6 or turn else ()
