"""The real logs: counts that a second reading by other means confirms, and every call plays through the rules of cases."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from exchange.calllogs import montgomery, sf_fire
from exchange.calllogs.model import CallLog
from exchange.command_reader import read_command
from exchange.replay.plan import CallPlan, plan
from incidents.commands import ReceiveReport
from incidents.model import Case, Lane
from incidents.rulebook import shipped_tables
from incidents.rules import Opening, apply, decide
from vocabulary.ids import CaseId, ReportId, new_id
from vocabulary.message import Actor, Command

pytestmark = pytest.mark.realdata

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
KEY = Actor(id="key", name="replay", kind="key", roles=frozenset({"supervisor"}))


@pytest.fixture(scope="module")
def sf_file(real_data: Path) -> Path:
    return real_data / "incidents" / "sf_fire_calls_2020-04.csv"


@pytest.fixture(scope="module")
def montgomery_file(real_data: Path) -> Path:
    return real_data / "incidents" / "montgomery_911.csv"


@pytest.fixture(scope="module")
def sf_log(sf_file: Path) -> CallLog:
    return sf_fire.read(sf_file)


@pytest.fixture(scope="module")
def montgomery_log(montgomery_file: Path) -> CallLog:
    return montgomery.read(montgomery_file)


def table(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, dtype=str, keep_default_na=False)


def times(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    read = {
        c: pd.to_datetime(rows[c], format="%m/%d/%Y %I:%M:%S %p", errors="coerce") for c in columns
    }
    return pd.DataFrame(read)


def turned_round(read: pd.DataFrame) -> "pd.Series[bool]":
    wrong = pd.Series(data=False, index=read.index)
    for earlier, later in combinations(read.columns, 2):
        wrong |= read[later] < read[earlier]
    return wrong


def test_san_franciscos_rows_are_those_that_pandas_counts(sf_file: Path, sf_log: CallLog) -> None:
    rows, log = table(sf_file), sf_log
    backbone = [c for m, c in sf_fire.TIMES.items() if m not in {"transport", "hospital"}]
    out_of_order = turned_round(times(rows, backbone))
    assert (log.rows, len(log.calls)) == (len(rows), rows["Call Number"].nunique()) == (10410, 5292)
    assert log.reasons == {"time_out_of_order": int(out_of_order.sum())} == {"time_out_of_order": 1}
    assert log.accepted == sum(len(call.units) for call in log.calls) == 10409


def test_san_franciscos_reservations_are_those_that_pandas_counts(
    sf_file: Path, sf_log: CallLog
) -> None:
    rows, log = table(sf_file), sf_log
    all_times = turned_round(times(rows, list(sf_fire.TIMES.values())))
    assert log.remarks == {
        "never_on_scene": int((rows["On Scene DtTm"] == "").sum()),
        "never_responded": int((rows["Response DtTm"] == "").sum()),
        "available_missing": int((rows["Available DtTm"] == "").sum()),
        "hospital_time_dropped": int(all_times.sum()) - 1,  # one row is refused
    }
    assert log.remarks["never_on_scene"] == 1716
    nobody_came = (rows["On Scene DtTm"] == "").groupby(rows["Call Number"]).all()
    assert sum(call.cancelled for call in log.calls) == int(nobody_came.sum()) == 174


def test_san_franciscos_instants_are_those_of_its_zone(sf_file: Path, sf_log: CallLog) -> None:
    rows, log = table(sf_file), sf_log
    local = times(rows, ["Received DtTm"])["Received DtTm"].dt.tz_localize("America/Los_Angeles")
    expected = dict(zip(rows["Call Number"], local.dt.tz_convert("UTC"), strict=True))
    assert all(expected[call.key].to_pydatetime() == call.received_at for call in log.calls)


def test_montgomerys_rows_are_those_that_pandas_counts(
    montgomery_file: Path, montgomery_log: CallLog
) -> None:
    rows, log = table(montgomery_file), montgomery_log
    lat, lon = pd.to_numeric(rows["lat"]), pd.to_numeric(rows["lng"])
    far = (lat < 39.89) | (lat > 40.53) | (lon < -75.78) | (lon > -74.93)
    no_town = rows["twp"] == ""
    assert log.reasons == {"place_far_outside": int(far.sum()), "town_missing": int(no_town.sum())}
    assert log.reasons == {"place_far_outside": 9, "town_missing": 7}
    assert (log.rows, log.accepted, len(log.calls)) == (10000, 9984, 9984)


def test_montgomerys_reservations_are_those_that_pandas_counts(
    montgomery_file: Path, montgomery_log: CallLog
) -> None:
    rows, log = table(montgomery_file), montgomery_log
    lat, lon = pd.to_numeric(rows["lat"]), pd.to_numeric(rows["lng"])
    far = (lat < 39.89) | (lat > 40.53) | (lon < -75.78) | (lon > -74.93)
    taken = rows[~far & (rows["twp"] != "")]
    received = pd.to_datetime(taken["timeStamp"])
    default = (taken["lat"] == "40.2290075") & (taken["lng"] == "-75.3878525")
    instants = received.dt.tz_localize("America/New_York", ambiguous="NaT")
    assert int(instants.isna().sum()) == 0  # so the log has no time that happened twice
    utc = instants.dt.tz_convert("UTC")
    assert log.remarks == {
        "place_default": int(default.sum()),
        "out_of_file_order": int((utc.diff() < pd.Timedelta(0)).sum()),
    }


def test_every_call_of_san_francisco_plays_through_the_rules_of_cases(sf_log: CallLog) -> None:
    ends: Counter[tuple[str, str]] = Counter()
    for call in sf_log.calls:
        planned = plan(call)
        ends[played(planned).state.value, planned.ends_in] += 1
    assert ends == {("CLOSED", "CLOSED"): 5118, ("VOID", "VOID"): 174}


def played(planned: CallPlan) -> Case:
    call = planned.call
    report = ReceiveReport(
        text=call.text,
        category=call.category,
        place=call.place,
        occurred_at=NOW - timedelta(days=1),
        source="911",
        lane=Lane.EMERGENCY,
        priority=call.priority,
    )
    opening = Opening(case_id=CaseId(new_id()), report_id=ReportId(new_id()), number="1")
    case = after(None, report, opening)
    for command in planned.commands:
        case = after(case, read_command(command.name, command.arguments), None)
    return case


def after(case: Case | None, command: Command, opening: Opening | None) -> Case:
    events = decide(case, command, at=NOW, actor=KEY, tables=shipped_tables(), opening=opening)
    for event in events:
        version = case.version + 1 if case else 1
        case = apply(case, event, version=version, at=NOW, by=KEY.name)
    assert case is not None
    return case
