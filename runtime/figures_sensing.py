"""What the sensors bring to the figures: who is online, what alarms came to, and how long before people they knew (V01–V04)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from sqlalchemy import Connection

from indicators.columns import Column, seconds
from indicators.frame import Frame, Frames
from indicators.frame_with import FrameWith
from runtime.figures_sources import Source
from runtime.rooms import Rooms
from runtime.sensing import Sensing
from sensors.batch import to_us
from sensors.registry import Registry
from storage.alarms import Filed, alarms_from
from vocabulary.clock import Clock

LOOKED_EVERY: Final = timedelta(minutes=5)  # who is online is no event: it is looked at so often
OVERLAP: Final = timedelta(minutes=5)
EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
FILED_WITHIN: Final = timedelta(days=1)  # what became of no case by then becomes none
UNFOUNDED: Final = ("REJECTED",)
Ends = Mapping[str, tuple[float, bool]]

DEVICE_COLUMNS: Final = (
    Column("id", "text", lambda _row: ""),
    Column("department", "word", lambda row: row[0].department),
    Column("town", "word", lambda row: row[1]),
)


class Devices:
    """V01: every registered device, with whether it was heard within three of its periods."""

    def __init__(self, rooms: Rooms, sensing: Sensing) -> None:
        self._rooms, self._sensing = rooms, sensing
        self._registry: Registry | None = None
        self._frame = Frame(DEVICE_COLUMNS)

    @property
    def mark(self) -> str:
        """Return what changes with the registry, and every few minutes."""
        return f"{self._sensing.version} {self._rooms.clock.now().timestamp() // LOOKED_EVERY.total_seconds()}"

    def bring(self, _connection: Connection, frames: Frames) -> None:
        """Bring the frame `devices`."""
        registry, newest = self._sensing.registry, self._sensing.newest
        if not registry.devices:
            return
        if registry is not self._registry:
            self._registry, self._frame = registry, self._placed(registry)
        now = self._rooms.clock.now()
        heard = newest.received_us[: registry.size]
        patient = registry.stale_us[: len(heard)]
        fresh = registry.known[: len(heard)] & (heard >= to_us(now) - patient) & (heard >= 0)
        online = {registry.channels[int(number)].device for number in np.flatnonzero(fresh)}
        columns = {
            "online": np.array([id in online for id in registry.devices], dtype=np.bool_),
            "at": np.full(len(registry.devices), now.timestamp()),
        }
        frames.bring("devices", FrameWith(self._frame, columns))

    def _placed(self, registry: Registry) -> Frame:
        frame, town_of = Frame(DEVICE_COLUMNS), self._rooms.locator.town_of
        towns = [(one, town_of(one.place)) for one in registry.devices.values()]
        frame.put("all", [(one, town.name_zh if town else "") for one, town in towns])
        return frame


ALARM_COLUMNS: Final = (
    Column("id", "text", lambda row: row[0].case_id or ""),
    Column("department", "word", lambda row: row[1]),
    Column("at", "number", lambda row: seconds(row[0].raised_at)),
    Column("closed_at", "number", lambda row: row[2]),
    Column("unfounded", "flag", lambda row: row[3]),
    Column("lead_s", "number", lambda row: row[4]),
    Column("opened_case", "flag", lambda row: row[5]),
)


class SensorAlarms:
    """V02 to V04: every alarm, how its case ended, how long before people it came, and whether it was its case's first."""

    mark = ""

    def __init__(self, clock: Clock, sensing: Sensing) -> None:
        self._clock, self._sensing = clock, sensing
        self._looked_at = EVER
        self._known: dict[str, Filed] = {}
        self._first: dict[str, Filed] = {}  # of each case
        self._open: set[str] = set()

    def bring(self, connection: Connection, frames: Frames) -> None:
        """Bring the frame `alarms`."""
        now = self._clock.now()
        for one in alarms_from(connection, self._looked_at - OVERLAP, self._open):
            self._known[one.id] = one
            first = self._first.get(one.case_id or "")
            if one.case_id and (first is None or one.raised_at < first.raised_at):
                self._first[one.case_id] = one
        self._looked_at = now
        ended = {id: _end(frames["cases"], id) for id in self._first}
        self._open = {one.id for one in self._known.values() if self._may_change(one, ended, now)}
        if self._known or self._sensing.registry.devices:
            frame = Frame(ALARM_COLUMNS)
            frame.put_all([(one.id, [self._row(one, ended)]) for one in self._known.values()])
            frames.bring("alarms", frame)

    def _may_change(self, one: Filed, ended: Ends, now: datetime) -> bool:
        if one.case_id:
            return one.standing or bool(np.isnan(ended[one.case_id][0]))
        return one.standing or now - one.raised_at < FILED_WITHIN

    def _row(self, one: Filed, ended: Ends) -> tuple[Filed, str, float, bool, float, bool]:
        device = self._sensing.registry.devices.get(one.device_id)
        closed, unfounded = ended[one.case_id] if one.case_id else (np.nan, False)
        first = one.case_id is not None and self._first[one.case_id].id == one.id
        lead = seconds(one.reported_at) - seconds(one.raised_at) if first else np.nan
        return one, device.department if device else "", closed, unfounded, lead, first


def _end(cases: Frame, case_id: str) -> tuple[float, bool]:
    """Return when a case ended, NaN where it has not, and whether nothing was found."""
    row = cases.row_of(case_id)
    if row is None:
        return np.nan, False
    state = cases.words["state"][int(cases["state"][row])]
    return float(cases["ended"][row]), state in UNFOUNDED


def sensing_sources(rooms: Rooms, sensing: Sensing) -> tuple[Source, ...]:
    """Return what the sensors bring."""
    return Devices(rooms, sensing), SensorAlarms(rooms.clock, sensing)
