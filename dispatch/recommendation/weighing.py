"""What counts how much when units are compared: rows of `dispatch/tables/weighing.csv`, each with its reason."""

from dataclasses import dataclass, fields
from functools import cache

from dispatch.kinds import FOLDER
from incidents.table_files import rows
from vocabulary.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """Seconds, metres and speeds by name."""

    range_s: float
    stale_s: float
    run_s: float
    runs_most: float
    last_cover_s: float
    called_in_s: float
    hole_s: float
    silent_s: float
    station_m: float
    walk_mps: float
    air_mps: float
    air_ready_s: float
    straight_mps: float


@cache
def weighing() -> Weighing:
    """Return the shipped table."""
    text = (FOLDER / "weighing.csv").read_text("utf-8")
    found = {
        row.text("name"): row.read("value", float, "3600")
        for row in rows("weighing.csv", text, ("name", "value", "unit", "why"))
    }
    wanted = [field.name for field in fields(Weighing)]
    if sorted(found) != sorted(wanted):
        raise Refused("dispatch.weighing", value=", ".join(found), known=", ".join(wanted))
    return Weighing(**found)
