"""What the mobile networks bring to the figures: signal by population, cases in weak coverage, links lost, outages (V05–V07)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from dispatch.kinds import kinds
from indicators.columns import Column, seconds
from indicators.frame import Frame, Frames
from indicators.frame_with import FrameWith
from layers.coverage.atlas import Atlas
from layers.coverage.outages.model import SiteOutage
from layers.coverage.signal_field import SIGNALS
from runtime.figures_sources import EVER, Source
from runtime.living_coverage import LivingCoverage
from runtime.rooms import Rooms
from storage.caused import case_caused_by
from storage.outages import outages_between
from storage.tracks import longest_gap_s
from storage.units import all_units
from vocabulary.clock import Clock

Numbers = npt.NDArray[np.float64]
TownOf = Callable[[SiteOutage], str]
OVERLAP: Final = timedelta(
    minutes=5
)  # of two looks: an event may be kept a little after its own instant
RIDES_AT_ONCE: Final = 500  # asked of the tracks in one turn; the rest wait for the next ones
WEAK_FROM: Final = SIGNALS.index("weak")


def coverage_sources(rooms: Rooms, living: LivingCoverage) -> tuple[Source, ...]:
    """Return what the mobile networks bring."""

    def town_of(outage: SiteOutage) -> str:
        town = rooms.locator.town_of(outage.place)
        return town.name_zh if town else ""

    return Signal(living, rooms.clock), Served(living), Linked(), Outages(rooms.clock, town_of)


@dataclass(frozen=True, slots=True)
class _Heard:
    """So many people of a town who hear so much."""

    town: str
    dbm: float
    people: float
    at: float


SIGNAL_COLUMNS: Final = (
    Column("id", "text", lambda _row: ""),
    Column("town", "word", lambda row: row.town),
    Column("rsrp_dbm", "number", lambda row: row.dbm),
    Column("people", "number", lambda row: row.people),
    Column("at", "number", lambda row: row.at),
)


class Signal:
    """V05: everybody who lives in the county, by town and by what is heard where they live."""

    def __init__(self, living: LivingCoverage, clock: Clock) -> None:
        self._living, self._clock = living, clock
        self._shown = ""

    @property
    def mark(self) -> str:
        """Return what changes when there is something new to bring."""
        return self._living.version

    def bring(self, _connection: Connection, frames: Frames) -> None:
        """Bring the frame `signal`."""
        atlas = self._living.ready
        if atlas is None or self._living.version == self._shown:
            return
        self._shown = self._living.version
        frame = Frame(SIGNAL_COLUMNS)
        frame.put("all", _heard(atlas, self._clock.now().timestamp()))
        frames.bring("signal", frame)


def _heard(atlas: Atlas, at: float) -> list[_Heard]:
    from layers.coverage.link import dbm  # machine code: not at the start

    under = atlas.under
    codes = atlas.locked(atlas.map.codes)
    keys = under.town.astype(np.int64) * 256 + codes
    people = np.bincount(keys.ravel(), under.people.ravel(), (len(under.towns) + 1) * 256)
    signal = dbm(np.arange(256, dtype=np.uint8))
    return [
        _Heard(
            under.towns[key // 256 - 1].name_zh, float(signal[key % 256]), float(people[key]), at
        )
        for key in np.flatnonzero(people).tolist()
        if key >= 256  # not outside
    ]


class Served:
    """V06: every case with how its place is covered by the prediction in force."""

    def __init__(self, living: LivingCoverage) -> None:
        self._living = living
        self._shown = ""
        self._lon, self._lat = np.empty(0), np.empty(0)
        self._numbers = np.empty(0, dtype=np.uint8)

    @property
    def mark(self) -> str:
        """Return what changes when there is something new to bring."""
        return self._living.version

    def bring(self, _connection: Connection, frames: Frames) -> None:
        """Bring the frame `served`."""
        atlas = self._living.ready
        if atlas is None:
            return
        cases = frames["cases"]
        lon, lat = cases["lon_deg"].copy(), cases["lat_deg"].copy()
        same = len(self._lon) if self._shown == self._living.version else 0
        kept = same <= len(lon) and np.array_equal(self._lon[:same], lon[:same])
        known = same if kept and np.array_equal(self._lat[:same], lat[:same]) else 0
        fresh = atlas.signal().numbers(lon[known:], lat[known:])
        self._numbers = np.concatenate([self._numbers[:known], fresh])
        self._lon, self._lat, self._shown = lon, lat, self._living.version
        columns = {"known": self._numbers > 0, "weak": self._numbers >= WEAK_FROM}
        frames.bring("served", FrameWith(cases, columns))


class Linked:
    """V06b: every way of a unit to a case, with whether its positions broke off for longer than its kind allows."""

    def __init__(self) -> None:
        self._gap_s: dict[tuple[str, float, float], float | None] = {}

    mark = ""

    def bring(self, connection: Connection, frames: Frames) -> None:
        """Bring the frame `linked`."""
        rides = frames["rides"]
        over = rides.alive & np.isfinite(rides["enroute"]) & np.isfinite(rides["done"])
        rows = np.flatnonzero(over)
        names = rides.words["by"]
        keys = [
            (names[unit], enroute, done)
            for unit, enroute, done in zip(
                rides["by"][rows].tolist(), rides["enroute"][rows].tolist(), rides["done"][rows].tolist(),
                strict=True,
            )
        ]  # fmt: skip
        self._ask(connection, keys)
        limits = {unit.id: kinds()[unit.kind].stale_after for unit in all_units(connection)}
        gaps = np.array([self._gap_s.get(key) or np.nan for key in keys], dtype=float)
        limit = np.array([limits[key[0]].total_seconds() if key[0] in limits else np.nan for key in keys])  # fmt: skip
        followed, lost = np.zeros(rides.length, np.bool_), np.zeros(rides.length, np.bool_)
        followed[rows] = np.isfinite(gaps) & np.isfinite(limit)
        lost[rows] = followed[rows] & (gaps > limit)
        if followed.any():
            frames.bring("linked", FrameWith(rides, {"followed": followed, "lost": lost}))

    def _ask(self, connection: Connection, keys: list[tuple[str, float, float]]) -> None:
        fresh = [key for key in keys if key not in self._gap_s]
        for key in sorted(fresh, key=lambda one: -one[2])[:RIDES_AT_ONCE]:
            unit, since, until = key
            first, last = (datetime.fromtimestamp(at, UTC) for at in (since, until))
            self._gap_s[key] = longest_gap_s(connection, unit, first, last)


OUTAGE_COLUMNS: Final = (
    Column("id", "text", lambda row: row[1]),
    Column("town", "word", lambda row: row[2]),
    Column("exercise", "flag", lambda row: row[0].exercise),
    Column("at", "number", lambda row: seconds(row[0].since_at)),
    Column("ended", "number", lambda row: seconds(row[0].ended_at)),
    Column("people", "number", lambda row: np.nan if row[0].people is None else row[0].people),
)


class Outages:
    """V07: every outage of a site, with the people without signal and the case it opened."""

    mark = ""

    def __init__(self, clock: Clock, town_of: TownOf) -> None:
        self._clock, self._town_of = clock, town_of
        self._frame = Frame(OUTAGE_COLUMNS)
        self._looked_at = EVER

    def bring(self, connection: Connection, frames: Frames) -> None:
        """Bring the frame `outages`."""
        now = self._clock.now()
        found = outages_between(connection, self._looked_at - OVERLAP, now + OVERLAP)
        self._looked_at = now
        rows: list[tuple[str, list[Any]]] = [
            (
                str(one.began_seq),
                [(one, case_caused_by(connection, one.began_seq) or "", self._town_of(one))],
            )
            for one in found
        ]
        self._frame.put_all(rows)
        self._frame.settle()
        if self._frame.length:
            frames.bring("outages", self._frame)
