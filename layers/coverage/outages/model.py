"""A site's outage as the fold of its events."""

from dataclasses import dataclass
from datetime import datetime

from vocabulary.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOutage:
    """One site's newest outage: since when, why, what it takes away; `ended_at` once it is over."""

    site_id: str
    version: int
    name: str
    operator: str
    place: Place
    cells: tuple[str, ...]
    cause: str
    since_at: datetime
    people: int | None
    area_km2: float | None
    cut_off: tuple[str, ...]
    note: str
    exercise: bool
    told_by: str
    began_seq: int
    ended_at: datetime | None = None
    ended_by: str = ""
    without_any: int | None = None

    @property
    def open(self) -> bool:
        """Say whether the site is still out of service."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """What the prediction says an outage takes away: people and area without any signal of its operator, places cut off.

    `without_any` are people whom no other operator's network reaches either: an emergency call finds none.
    """

    people: int | None = None
    area_km2: float | None = None
    cut_off: tuple[str, ...] = ()
    without_any: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSite:
    """What the rules must know of a site: its name, whose it is, where it stands, and its cells."""

    site_id: str
    name: str
    operator: str
    place: Place
    cells: frozenset[str]
