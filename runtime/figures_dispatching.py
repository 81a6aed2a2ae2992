"""What dispatching brings to the figures: what was recommended, who was on duty, where nobody was in reach (C09–C11, G20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection

from dispatch.duty_spans import RosterDays
from dispatch.model import Shift
from indicators.columns import Column, seconds
from indicators.frame import Frame, Frames
from indicators.frame_with import FrameOver, FrameWith, rows_in
from indicators.staffing import Pieces, Spans, pieces
from runtime.figures_sources import A_MINUTE, EVER, Source, turn_of
from runtime.rooms import Rooms
from storage.cover import CoverGap, CoverLook, gaps_between, looks_since
from storage.duties import Duty, duties_after
from storage.plans import sent_since
from storage.units import all_units
from vocabulary.clock import Clock

Numbers = npt.NDArray[np.float64]
OVERLAP: Final = timedelta(minutes=5)  # of two looks: two consoles' clocks are not quite one


def dispatching_sources(rooms: Rooms) -> tuple[Source, ...]:
    """Return what dispatching brings."""
    return Recommendations(), Staffing(rooms), Cover(rooms)


class Recommendations:
    """C10 and G20: every sending with a recommendation on the screen, its places, and the cases that were dispatched so."""

    mark = ""

    def __init__(self) -> None:
        self._sent: dict[str, Any] = {}
        self._looked_at = EVER

    def bring(self, connection: Connection, frames: Frames) -> None:
        """Bring the frames `recommendations`, `recommended_places` and `dispatched`."""
        for row in sent_since(connection, self._looked_at - OVERLAP):
            self._sent[row.event_id] = row
            self._looked_at = max(self._looked_at, row.sent_at)
        cases, sent = frames["cases"], list(self._sent.values())
        rows = rows_in(cases, (row.case_id for row in sent))
        at = np.array([seconds(row.sent_at) for row in sent])
        accepted = np.array([row.accepted for row in sent], dtype=np.bool_)
        told = FrameOver(cases, rows, {"sent": at, "accepted": accepted})
        frames.bring("recommendations", told)
        frames.bring("recommended_places", _places(cases, rows, at, sent))
        frames.bring("dispatched", FrameWith(cases, {"as_proposed": _kept_to(cases, rows, accepted)}))  # fmt: skip


def _places(cases: Frame, rows: npt.NDArray[np.intp], at: Numbers, sent: Sequence[Any]) -> Frame:
    """Return a row for each place that a recommendation had to fill; the last ones of a sending are those that stayed empty."""
    places = np.array([row.places for row in sent], dtype=np.intp)
    missing = np.array([row.missing for row in sent], dtype=np.intp)
    first = np.repeat(np.cumsum(places) - places, places)
    turn = np.arange(int(places.sum())) - first
    columns = {
        "sent": np.repeat(at, places),
        "empty": turn >= np.repeat(places - missing, places),
    }
    return FrameOver(cases, np.repeat(rows, places), columns)


def _kept_to(
    cases: Frame, rows: npt.NDArray[np.intp], accepted: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Return which cases were sent units by a recommendation, and never otherwise than it said."""
    known = rows >= 0
    found = np.zeros(cases.length, dtype=np.bool_)
    found[rows[known]] = True
    found[rows[known & ~accepted]] = False
    return found


@dataclass(frozen=True, slots=True)
class _Serving:
    """From when until when a unit served by a roster."""

    unit_id: str
    since_s: float
    until_s: float
    roster: tuple[Shift, ...]


UNIT_COLUMNS: Final = (
    Column("id", "text", lambda _row: ""),
    Column("by", "word", lambda row: row[0]),
    Column("department", "word", lambda row: row[1]),
)


class Staffing:
    """C09: the time of every unit on duty or at work, in pieces of which each was busy or not."""

    def __init__(self, rooms: Rooms) -> None:
        self._clock, self._rooms = rooms.clock, rooms
        self._kept: list[Duty] = []
        self._known: tuple[tuple[int, str], list[tuple[str, Numbers, Numbers]]] | None = None

    @property
    def mark(self) -> str:
        """Return what changes with the hour: shifts begin and end by themselves."""
        return self._clock.now().strftime("%Y-%m-%dT%H")

    def bring(self, connection: Connection, frames: Frames) -> None:
        """Bring the frame `staffing`."""
        self._kept += duties_after(connection, self._kept[-1].seq if self._kept else 0)
        rides = frames["rides"]
        departments = {str(unit.id): unit.department for unit in all_units(connection)}
        names = dict.fromkeys([*departments, *rides.words["by"]])
        units = Frame(UNIT_COLUMNS)
        units.put_all([(name, [(name, departments.get(name, ""))]) for name in names])
        if not self._kept and not rides.length:
            return  # no unit is known: that is no staff without work
        cut = pieces(_numbered(units, self._on_duty()), _at_work(units, rides))
        frames.bring("staffing", _staffing(units, cut))

    def _on_duty(self) -> list[tuple[str, Numbers, Numbers]]:
        """Return each unit's spans of duty up to tomorrow; reckoned anew when a roster or the day is another."""
        zone: ZoneInfo = self._rooms.tables.calendar.zone
        today = self._clock.now().astimezone(zone).date()
        key = (self._kept[-1].seq if self._kept else 0, today.isoformat())
        if self._known is None or self._known[0] != key:
            served = _served(self._kept)
            first = min((one.since_s for one in served), default=self._clock.now().timestamp())
            began = datetime.fromtimestamp(first, UTC).astimezone(zone).date()
            days = RosterDays(began, today + timedelta(days=1), zone)
            spans = [(s.unit_id, *days.spans(s.roster, s.since_s, s.until_s)) for s in served]
            self._known = key, spans
        return self._known[1]


def _served(kept: Sequence[Duty]) -> list[_Serving]:
    """Return what rosters held from when until when; a unit that is registered again keeps its own."""
    begun: dict[str, tuple[float, tuple[Shift, ...]]] = {}
    found: list[_Serving] = []
    for duty in kept:
        since, before = begun.get(duty.unit_id, (None, None))
        if duty.roster is None and before is not None:
            continue
        at = duty.since_at.timestamp()
        if since is not None and before is not None:
            found.append(_Serving(duty.unit_id, since, at, before))
        begun[duty.unit_id] = at, duty.roster or ()
    return found + [_Serving(unit, since, np.inf, now) for unit, (since, now) in begun.items()]


def _numbered(units: Frame, spans: Sequence[tuple[str, Numbers, Numbers]]) -> Spans:
    if not spans:
        return Spans(np.empty(0, np.intp), np.empty(0), np.empty(0))
    numbers = rows_in(units, (unit for unit, _, _ in spans))
    unit = np.repeat(numbers, [len(begin) for _, begin, _ in spans])
    begins, ends = zip(*((begin, end) for _, begin, end in spans), strict=True)
    return Spans(unit, np.concatenate(begins), np.concatenate(ends))


def _at_work(units: Frame, rides: Frame) -> Spans:
    """Return from when units went until they were done; one that goes on has no end yet. An exercise is no work."""
    begin = np.fmin(rides["acked"], rides["enroute"])
    end = np.where(np.isnan(rides["done"]), np.inf, rides["done"])
    rows = np.flatnonzero(rides.alive & ~rides["exercise"] & (end > begin))
    numbers = rows_in(units, rides.words["by"])
    return Spans(numbers[rides["by"][rows]], begin[rows], end[rows])


def _staffing(units: Frame, cut: Pieces) -> Frame:
    spans = cut.spans
    return FrameOver(units, spans.unit, {"at": spans.begin, "until": spans.end, "busy": cut.busy})


COVER_COLUMNS: Final = (
    Column("id", "text", lambda _row: ""),
    Column("service", "word", lambda row: row.service),
    Column("town", "word", lambda row: row.town),
    Column("at", "number", lambda row: seconds(row.since_at)),
    Column("until", "number", lambda row: seconds(row.until_at)),
    Column("watched", "flag", lambda row: row.watched),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _CoverRow:
    """A gap of an area, or (watched) a time in which somebody looked at all of them."""

    since_at: datetime
    until_at: datetime
    service: str = ""
    town: str = ""
    watched: bool = False


class Cover:
    """C11: the gaps of every area, and when somebody looked: what nobody saw is not counted as cover."""

    def __init__(self, rooms: Rooms) -> None:
        self._clock: Clock = rooms.clock
        self._rooms = rooms
        self._frame = Frame(COVER_COLUMNS)
        self._looked_at = EVER

    @property
    def mark(self) -> str:
        """Return what changes with the minute: a gap that stands grows by itself."""
        return turn_of(self._clock, A_MINUTE)

    def bring(self, connection: Connection, frames: Frames) -> None:
        """Bring the frame `cover`."""
        now, since = self._clock.now(), self._looked_at - OVERLAP
        names = {town.id: town.name_zh for town in self._rooms.county.towns}
        gaps = gaps_between(connection, since, now + OVERLAP)
        self._frame.put_all(
            [(f"{gap.service} {gap.area} {gap.since_at}", [_gap(gap, names)]) for gap in gaps]
            + [(look.id, [_look(look)]) for look in looks_since(connection, since)]
        )
        self._looked_at = now
        self._frame.settle()
        if self._frame.length:
            frames.bring("cover", self._frame)


def _gap(gap: CoverGap, names: dict[str, str]) -> _CoverRow:
    return _CoverRow(
        since_at=gap.since_at,
        until_at=gap.ended_at or gap.seen_at,
        service=gap.service,
        town=names.get(gap.area, gap.area),
    )


def _look(look: CoverLook) -> _CoverRow:
    return _CoverRow(since_at=look.since_at, until_at=look.seen_at, watched=True)
