"""A feed of vehicle positions (AVL) as a file: one row a position, times in the zone of whoever recorded it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from exchange.calllogs.local_time import need_local
from exchange.calllogs.model import RefusedRow
from exchange.calllogs.rows import BadRow, Row, required, take_rows
from vocabulary.errors import Refused
from vocabulary.place import Place

COLUMNS: Final = ("vehicle_id", "timestamp", "latitude", "longitude")
FORM: Final = "%Y-%m-%d %H:%M:%S"
_VEHICLE_MOST: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One position of one vehicle, as it was recorded."""

    vehicle: str
    at: datetime
    place: Place
    heading_deg: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackFile:
    """What a file holds: positions in the order of their times, those that stood there twice once, and the rows refused."""

    seen: tuple[Seen, ...]
    twice: int
    refused: tuple[RefusedRow, ...]

    @property
    def reasons(self) -> Counter[str]:
        """Return how often each reason refused a row."""
        return Counter(row.reason for row in self.refused)


def read_track_file(file: Path, zone: ZoneInfo) -> TrackFile:
    """Return the positions of a CSV with at least the four columns; Refused where a column is missing."""
    taken, refused = take_rows(file, COLUMNS, lambda row: _seen(row, zone))
    once = {(seen.vehicle, seen.at): seen for _line, seen in reversed(taken)}
    ordered = sorted(once.values(), key=lambda seen: (seen.at, seen.vehicle))
    return TrackFile(seen=tuple(ordered), twice=len(taken) - len(once), refused=tuple(refused))


def _seen(row: Row, zone: ZoneInfo) -> Seen:
    vehicle = required(row, "vehicle_id")
    if len(vehicle) > _VEHICLE_MOST or not vehicle.replace("-", "").isalnum():
        raise BadRow("field_missing", "vehicle_id", vehicle)
    try:
        place = Place(float(row["longitude"]), float(row["latitude"]))
    except (ValueError, Refused):
        shown = f"{row['longitude']},{row['latitude']}"
        raise BadRow("place_unreadable", "longitude", shown) from None
    at = need_local(row, "timestamp", FORM, zone)
    return Seen(vehicle=vehicle, at=at, place=place, heading_deg=_heading(row.get("bearing", "")))


def _heading(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None  # the feed leaves it empty while a vehicle stands
    return value % 360 if isfinite(value) else None
