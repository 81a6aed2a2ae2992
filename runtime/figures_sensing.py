"""What the sensors bring to the figures: who is online, what alarms came to, and how long before people they knew (V01–V04)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import isnan
from typing import Final

import numpy as np
from sqlalchemy import Connection

from indicators.columns import Column, seconds
from indicators.frame import Frame, Frames
from indicators.frame_with import FrameWith
from runtime.figures_sources import EVER, Source, turn_of
from runtime.rooms import Rooms
from runtime.sensing import Sensing
from sensors.batch import to_us
from sensors.registry import Registry
from storage.alarms import Filed, alarms_from
from vocabulary.clock import Clock

LOOKED_EVERY: Final = timedelta(minutes=5)  # who is online is no event: it is looked at so often
OVERLAP: Final = timedelta(minutes=5)
FILED_WITHIN: Final = timedelta(days=1)  # what became of no case by then becomes none
UNFOUNDED: Final = ("REJECTED",)

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
        return f"{self._sensing.version} {turn_of(self._rooms.clock, LOOKED_EVERY)}"

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
    """V02 to V04: every alarm, how its case ended, how long before people it came, and whether it was its case's first.

    An alarm is read again, and its row written anew, only while something about it may still change.
    """

    mark = ""

    def __init__(self, clock: Clock, sensing: Sensing) -> None:
        self._clock, self._sensing = clock, sensing
        self._registry = sensing.registry
        self._frame = Frame(ALARM_COLUMNS)
        self._looked_at = EVER
        self._known: dict[str, Filed] = {}
        self._of_case: dict[str, set[str]] = {}
        self._first: dict[str, str] = {}
        self._ended: dict[str, tuple[float, bool]] = {}
        self._open: set[str] = set()

    def bring(self, connection: Connection, frames: Frames) -> None:
        """Bring the frame `alarms`."""
        now, registry = self._clock.now(), self._sensing.registry
        turned = self._taken(alarms_from(connection, self._looked_at - OVERLAP, self._open))
        turned |= self._ended_anew(frames["cases"])
        if registry is not self._registry:  # a device may be another department's now
            self._registry, turned = registry, set(self._known)
        self._looked_at = now
        self._open = {id for id in self._open | turned if self._may_change(self._known[id], now)}
        self._frame.put_all([(id, [self._row(self._known[id])]) for id in sorted(turned)])
        self._frame.settle()
        if turned or (frames.get("alarms") is None and (self._known or registry.devices)):
            frames.bring("alarms", self._frame)

    def _taken(self, found: Iterable[Filed]) -> set[str]:
        """Take in what was found; return the alarms that are otherwise now, their cases' former and new first ones among them."""
        turned, cases = set[str](), set[str]()
        for one in found:
            former = self._known.get(one.id)
            if former == one:
                continue
            self._known[one.id] = one
            turned.add(one.id)
            for filed in (former, one):
                if filed and filed.case_id:
                    cases.add(filed.case_id)
                    of_case = self._of_case.setdefault(filed.case_id, set())
                    (of_case.add if filed is one else of_case.discard)(one.id)
        return turned.union(*map(self._first_anew, cases))

    def _first_anew(self, case_id: str) -> set[str]:
        """Note which alarm is a case's first; return it and the former one where it is another."""
        of_case = self._of_case[case_id]
        first = min(of_case, key=lambda id: (self._known[id].raised_at, id), default="")
        former, self._first[case_id] = self._first.get(case_id, ""), first
        return {first, former} - {""} if first != former else set()

    def _ended_anew(self, cases: Frame) -> set[str]:
        """Note how the cases stand; return the alarms of those that ended, or were taken up again."""
        turned = set[str]()
        for id, of_case in self._of_case.items():
            ended = _end(cases, id)
            if not _same_end(self._ended.get(id), ended):
                self._ended[id] = ended
                turned |= of_case
        return turned

    def _may_change(self, one: Filed, now: datetime) -> bool:
        if one.case_id:
            return one.standing or isnan(self._ended[one.case_id][0])
        return one.standing or now - one.raised_at < FILED_WITHIN

    def _row(self, one: Filed) -> tuple[Filed, str, float, bool, float, bool]:
        device = self._registry.devices.get(one.device_id)
        closed, unfounded = self._ended[one.case_id] if one.case_id else (np.nan, False)
        first = one.case_id is not None and one.id == self._first[one.case_id]
        lead = seconds(one.reported_at) - seconds(one.raised_at) if first else np.nan
        return one, device.department if device else "", closed, unfounded, lead, first


def _same_end(one: tuple[float, bool] | None, other: tuple[float, bool]) -> bool:
    """Compare two ends of a case; one that has none (NaN) is as another that has none."""
    return one == other or (
        one is not None and one[1] == other[1] and isnan(one[0]) and isnan(other[0])
    )


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
