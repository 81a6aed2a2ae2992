"""Warnings in the summary and in briefs: what is in force, and how many were issued in a span, by colour."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from incidents.warnings.model import Colour, HazardWarning, Status
from incidents.warnings.rules import standing
from incidents.warnings.summary import warning_row
from runtime.rooms import Rooms
from storage.warnings import open_warnings, warnings_sent_between

Json = dict[str, Any]


async def warning_figures(rooms: Rooms, since: datetime, until: datetime) -> Json:
    """Return the actual warnings in force now, and those issued in the window; exercises and tests are in neither."""

    def read(connection: Connection) -> tuple[list[HazardWarning], list[HazardWarning]]:
        return open_warnings(connection), warnings_sent_between(connection, since, until)

    kept, issued = await rooms.journal.read(read)
    force = standing(kept, rooms.clock.now(), Status.ACTUAL)
    return warning_figures_of(force, issued)


def warning_figures_of(force: list[HazardWarning], issued: list[HazardWarning]) -> Json:
    """Return both as the summary tells them, every colour counted."""
    by_colour = Counter(one.message.colour for one in issued)
    rows = [warning_row(one) for one in force]
    shown = ("id", "colour", "words", "whole", "towns", "expires_at")
    return {
        "in_force": [{name: row[name] for name in shown} for row in rows],
        "issued": len(issued),
        "by_colour": {colour.value: by_colour[colour] for colour in Colour},
    }
