"""San Francisco's own chain of calls gives the same C02 to C05 as an independent reckoning in pandas, to the second."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dispatch import messages as d
from dispatch.assignment import AssignmentId
from exchange.calllogs import sf_fire
from exchange.calllogs.model import CallLog, LoggedCall, Moment
from incidents.messages import CaseOpened
from incidents.model import Lane, Priority, RunningClock, Stage
from indicators.catalogue import BY_ID
from indicators.columns import seconds
from indicators.fold import fold
from indicators.frame import Frames, frames_of
from indicators.measure import figure
from indicators.model import Window
from indicators.record import CaseRecord
from vocabulary.ids import CaseId, ReportId, UnitId
from vocabulary.message import SYSTEM, Event, Recorded

pytestmark = pytest.mark.realdata

APRIL = Window(since=datetime(2020, 3, 1, tzinfo=UTC), until=datetime(2020, 6, 1, tzinfo=UTC))
LATER = datetime(2026, 1, 1, tzinfo=UTC)  # when the log was played; what it tells is older
STEPS = {
    Moment.RESPONSE: d.AssignmentEnroute,
    Moment.ON_SCENE: d.AssignmentOnScene,
    Moment.AVAILABLE: d.AssignmentCleared,
}
FORM = "%m/%d/%Y %I:%M:%S %p"


@pytest.fixture(scope="module")
def sf_file(real_data: Path) -> Path:
    return real_data / "incidents" / "sf_fire_calls_2020-04.csv"


def recorded(event: Event, told_at: datetime) -> Recorded[Event]:
    return Recorded(
        seq=1,
        event_id="e",
        stream="s",
        version=1,
        event=event,
        recorded_at=LATER,
        source_at=told_at,
        actor=SYSTEM,
        cause_id=None,
        chain="",
    )


def events_of(call: LoggedCall) -> Iterator[Recorded[Event]]:
    """Yield what the console would be told of a call, each with the time at which it happened."""
    case_id = CaseId(call.key)
    at = call.received_at
    clock = RunningClock(stage=Stage.FILE, started_at=at, due_at=None)
    opened = CaseOpened(
        case_id=case_id,
        number=call.key,
        report_id=ReportId(call.key),
        text=call.text,
        category=call.category,
        place=call.place,
        address=call.address,
        town="",
        source="911",
        reported_at=at,
        lane=Lane.EMERGENCY,
        priority=call.priority or Priority.P2,
        priority_rule="log",
        clock=clock,
        exercise=False,
    )
    yield recorded(opened, at)
    for step in call.chain:
        if step.unit is None:
            continue
        said: dict[str, Any] = {
            "assignment_id": AssignmentId(step.unit),
            "unit_id": UnitId(step.unit),
            "case_id": case_id,
        }
        if step.moment is Moment.DISPATCH:
            offer = d.AssignmentOffered(**said, answer_by=None, attempt=1, follows=None)
            yield recorded(offer, step.at)
        elif step.moment in STEPS:
            yield recorded(STEPS[step.moment](**said), step.at)


def record_of(call: LoggedCall) -> CaseRecord:
    record: CaseRecord | None = None
    for event in events_of(call):
        record = fold(record, event)
    assert record is not None
    return record


@pytest.fixture(scope="module")
def log(sf_file: Path) -> CallLog:
    return sf_fire.read(sf_file)


@pytest.fixture(scope="module")
def frames(log: CallLog) -> Frames:
    return frames_of(map(record_of, log.calls))


@pytest.fixture(scope="module")
def rows(sf_file: Path) -> pd.DataFrame:
    """Return the log as pandas reads it; a row whose own times run backwards is no sample, as the reader says too."""
    table = pd.read_csv(sf_file, dtype=str)
    names = {
        "received": "Received DtTm",
        "entry": "Entry DtTm",
        "dispatch": "Dispatch DtTm",
        "response": "Response DtTm",
        "on_scene": "On Scene DtTm",
        "available": "Available DtTm",
    }
    for name, column in names.items():
        table[name] = pd.to_datetime(table[column], format=FORM)
    times = table[list(names)].astype("int64").where(table[list(names)].notna())
    known = times.ffill(axis=1)
    return table[(known.diff(axis=1).iloc[:, 1:].fillna(0) >= 0).all(axis=1)]


def checked(frames: Frames, indicator: str, samples: pd.Series) -> None:
    lengths = samples.dropna().dt.total_seconds()
    lengths = lengths[lengths >= 0].sort_values()
    found = figure(BY_ID[indicator], frames, APRIL, seconds(LATER))
    assert found.n == len(lengths) > 1000
    for percent in (50, 90, 95):
        rank = -(-len(lengths) * percent // 100) - 1
        assert found.percentiles[f"p{percent}"] == lengths.iloc[rank], percent


def test_c02_call_processing(frames: Frames, rows: pd.DataFrame) -> None:
    calls = rows.groupby("Call Number")
    checked(frames, "C02", calls["dispatch"].min() - calls["received"].min())


def test_c03_turnout(frames: Frames, rows: pd.DataFrame) -> None:
    checked(frames, "C03", rows["response"] - rows["dispatch"])


def test_c04_travel_of_the_unit_that_was_there_first(frames: Frames, rows: pd.DataFrame) -> None:
    checked(frames, "C04", _first_travel(rows.dropna(subset=["on_scene"])))


def _first_travel(arrived: pd.DataFrame) -> pd.Series:
    """Return on scene − response of the first there; of two in one second, the one first in the log's own order of units."""
    order = arrived.sort_values(["on_scene", "dispatch", "Unit ID"])
    first = order.drop_duplicates("Call Number")
    return first["on_scene"] - first["response"]


def test_c05_total_response(frames: Frames, rows: pd.DataFrame) -> None:
    calls = rows.groupby("Call Number")
    checked(frames, "C05", calls["on_scene"].min() - calls["received"].min())


def test_an_arrival_told_late_counts_by_when_it_was(log: CallLog) -> None:
    call = next(call for call in log.calls if not call.cancelled and call.units)
    record = record_of(call)
    assert record.arrived_at is not None
    assert record.arrived_at - record.reported_at < timedelta(days=1)
