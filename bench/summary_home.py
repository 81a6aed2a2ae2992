"""A county's cases of a year as they are kept: records for the figures and the cases themselves, in any number."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Connection, func, insert, select

from county.model import County
from incidents.model import Case, Lane, Priority, Stage, State
from incidents.rulebook import Tables
from indicators.record import CaseRecord, Ride, Visit
from storage.cases import case_values
from storage.figures import figure_records
from storage.journal import Journal
from storage.tables import cases, events
from vocabulary.clock import SystemClock
from vocabulary.ids import CaseId, ReportId, id_at
from vocabulary.place import Place

AT_ONCE: Final = 2_000
SEED: Final = 20261127
# Like a county's centre: 97.8 % closed, most of them in time, a tenth of the cases from sensors and patrols.
SOURCES: Final = (
    ("phone",) * 5 + ("12345",) * 6 + ("patrol",) * 4 + ("sensor", "public", "video", "110")
)
PRIORITIES: Final = ("P0",) + ("P1",) * 6 + ("P2",) * 18 + ("P3",) * 60 + ("P4",) * 15
OFFICERS: Final = ("李敏", "王强", "陈静", "赵云")
MINUTE: Final = timedelta(minutes=1)
_record = TypeAdapter(CaseRecord)


class Year:
    """Makes cases of the days before an instant."""

    def __init__(self, county: County, tables: Tables, until: datetime, days: int) -> None:
        self.random = random.Random(SEED)  # noqa: S311 - the same year every time
        self.until, self.days = until, days
        self.towns = [
            (town.name_zh, town.boundary_wgs84.representative_point()) for town in county.towns
        ]
        today = until.astimezone(tables.calendar.zone).date()
        self.categories = [row for row in tables.categories.current(today) if row.lead_dept]

    def records(self, count: int) -> Iterator[tuple[CaseRecord, Case]]:
        """Yield so many cases with their records, the oldest first."""
        for number in range(count):
            share = (count - number) / count
            yield self._one(number, self.until - timedelta(days=self.days) * share)

    def _minutes(self, low: float, high: float) -> timedelta:
        return MINUTE * self.random.triangular(low, high, low)

    def _one(self, number: int, at: datetime) -> tuple[CaseRecord, Case]:
        pick, chance = self.random.choice, self.random.random
        category, priority = pick(self.categories), pick(PRIORITIES)
        lane = Lane.EMERGENCY if priority in ("P0", "P1") else Lane.ROUTINE
        times = self._times(at)
        state = self._state(times)
        worked = state in (State.CLOSED, State.ACCEPTED)
        lead, officer = category.lead_dept if worked else "", pick(OFFICERS)
        rides = self._rides(number, times) if worked and chance() < 0.6 else ()
        town, place = pick(self.towns)
        lon, lat = place.x + self.random.gauss(0, 0.012), place.y + self.random.gauss(0, 0.009)
        common: dict[str, Any] = {
            "id": CaseId(id_at(at)), "number": f"N{number:018d}", "town": town, "category": category.full_code,
            "source": pick(SOURCES), "lane": lane, "exercise": chance() < 0.01, "reported_at": at, "opened_at": at,
            "state": state, "filed_at": times.filed if worked else None, "dispatched_at": times.sent if worked else None,
            "arrived_at": rides[0].on_scene_at if rides else None, "resolved_at": times.done if state is State.CLOSED else None,
        }  # fmt: skip
        ended = {State.ACCEPTED: None, State.CLOSED: times.closed}.get(state, times.filed)
        record = CaseRecord(
            **common, priority=priority, lon_deg=lon, lat_deg=lat, opened_by=officer, lead=lead, ended_at=ended,
            close_due_at=times.due if worked else None, rework_n=int(chance() < 0.02), extended_n=int(chance() < 0.02),
            visits=self._visits(times, lane, lead, officer, state), rides=rides,
        )  # fmt: skip
        case = Case(
            **common, version=8, priority=Priority(priority), priority_rule="bench", text=category.name_zh,
            place=Place(lon, lat), address="", updated_at=ended or at, reports=(ReportId(record.id),), clock=None,
            closed_at=ended if state is State.CLOSED else None,
        )  # fmt: skip
        return record, case

    def _times(self, at: datetime) -> "Times":
        filed, sent = at + self._minutes(1, 18), at + self._minutes(19, 70)
        signed = sent + self._minutes(1, 22)
        due = signed + timedelta(hours=self.random.choice((2, 4, 8, 24, 72)))
        done = signed + (due - signed) * self.random.triangular(0.1, 1.2, 0.5)
        return Times(at, filed, sent, signed, due, done, done + self._minutes(10, 400))

    def _state(self, times: "Times") -> State:
        fate = self.random.random()
        for below, state in ((0.03, State.MERGED), (0.06, State.REJECTED), (0.065, State.VOID)):
            if fate < below:
                return state
        return State.CLOSED if times.closed < self.until and fate < 0.985 else State.ACCEPTED

    def _visits(
        self, times: "Times", lane: Lane, lead: str, officer: str, state: State
    ) -> tuple[Visit, ...]:
        at, filed, sent, signed, due, done, closed = times
        stages = [(Stage.FILE, at, at + 15 * MINUTE, filed), (Stage.DISPATCH, filed, filed + 60 * MINUTE, sent),
                  (Stage.ACCEPT, sent, sent + 15 * MINUTE, signed), (Stage.HANDLE, signed, due, done),
                  (Stage.CHECK, done, done + timedelta(days=1), closed)]  # fmt: skip
        stood = {State.CLOSED: stages, State.ACCEPTED: stages[:4]}.get(state, stages[:1])
        return tuple(
            Visit(stage=stage, lane=lane, department="" if stage is Stage.FILE else lead, started_at=start, due_at=limit,
                  done_at=end if end < self.until else None, ended="done" if end < self.until else "", by=officer,
                  begun_by=officer)
            for stage, start, limit, end in stood
            if start < self.until
        )  # fmt: skip

    def _rides(self, number: int, times: "Times") -> tuple[Ride, ...]:
        enroute = times.sent + self._minutes(0.5, 4)
        ride = Ride(
            id=f"r{number}",
            unit=f"u{number % 60}",
            offered_at=times.sent,
            acked_at=times.sent + MINUTE / 2,
            enroute_at=enroute,
            on_scene_at=enroute + self._minutes(3, 45),
            ended_at=times.done,
            ended="cleared",
        )
        return (ride,)


class Times(NamedTuple):
    """When things happened in one case."""

    at: datetime
    filed: datetime
    sent: datetime
    signed: datetime
    due: datetime
    done: datetime
    closed: datetime


def fill(journal: Journal, year: Year, count: int) -> None:
    """Put cases into the tables that screens and figures read, past the journal: their events are not what is measured."""
    waiting: list[tuple[CaseRecord, Case]] = []
    with journal.store.writer.begin() as connection:
        seq = 1 + int(
            connection.execute(
                select(func.coalesce(func.max(figure_records.c.last_seq), 0))
            ).scalar_one()
        )
    for pair in year.records(count):
        waiting.append(pair)
        if len(waiting) == AT_ONCE:
            seq = _write(journal, waiting, seq)
            waiting = []
    _name(journal, _write(journal, waiting, seq) - 1)


def _name(journal: Journal, seq: int) -> None:
    """Let the journal have an event of that number, by which what is kept beside it knows it again."""
    row = {"seq": seq, "event_id": f"{seq:026}", "stream": "bench", "version": 1, "kind": "bench", "data": "{}",
           "recorded_at": SystemClock().now(), "actor": "bench", "chain": "0" * 64}  # fmt: skip
    with journal.store.writer.begin() as connection:
        connection.execute(insert(events), [row])


def _write(journal: Journal, pairs: Sequence[tuple[CaseRecord, Case]], seq: int) -> int:
    if not pairs:
        return seq

    def put(connection: Connection) -> None:
        numbered = list(enumerate(pairs, seq))
        connection.execute(insert(figure_records), [
            {"case_id": record.id, "last_seq": at, "document": _record.dump_json(record).decode()}
            for at, (record, _) in numbered
        ])  # fmt: skip
        connection.execute(insert(cases), [
            {**case_values(case, at), "id": case.id, "opened_seq": at} for at, (_, case) in numbered
        ])  # fmt: skip

    with journal.store.writer.begin() as connection:
        put(connection)
    return seq + len(pairs)
