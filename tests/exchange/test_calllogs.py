"""Call logs: each defect has its reason, nothing is dropped in silence, times are those of the place where they were written."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatch.model import UnitKind
from exchange.calllogs import montgomery, sf_fire
from exchange.calllogs.model import CallLog, Moment
from exchange.calllogs.reasons import REFUSED, REMARKS
from incidents.model import Priority
from tests.exchange import logs
from vocabulary.errors import Refused
from vocabulary.place import Place


def read_sf(folder: Path, *rows: dict[str, str]) -> CallLog:
    return sf_fire.read(logs.written(folder, list(rows)))


def read_montgomery(folder: Path, *rows: dict[str, str]) -> CallLog:
    return montgomery.read(logs.written(folder, list(rows)))


def test_rows_of_one_call_become_one_call_with_the_chain_of_every_unit(tmp_path: Path) -> None:
    log = read_sf(
        tmp_path,
        logs.sf(),
        logs.sf(Unit_ID="M5", Unit_Type="MEDIC", On_Scene_DtTm="07/01/2021 12:04:00 PM"),
    )
    (call,) = log.calls
    assert [unit.id for unit in call.units] == ["E1", "M5"]
    assert [unit.kind for unit in call.units] == [UnitKind.ENGINE, UnitKind.AMBULANCE]
    assert call.category == "Y0201"
    assert call.priority is Priority.P1
    assert [step.at for step in call.chain] == sorted(step.at for step in call.chain)
    assert call.when(Moment.ON_SCENE, "M5") == datetime(2021, 7, 1, 19, 4, tzinfo=UTC)


def test_noon_and_midnight_are_told_apart(tmp_path: Path) -> None:
    early = {
        name: value.replace("11:", "12:").replace("12:0", "12:5").replace("PM", "AM")
        for name, value in logs.SF.items()
        if name.endswith("DtTm") and value
    }
    early |= {"Received DtTm": "07/01/2021 12:00:00 AM", "Entry DtTm": "07/01/2021 12:00:00 AM"}
    early |= {"Available DtTm": "07/01/2021 12:00:00 PM"}
    (call,) = read_sf(tmp_path, {**logs.SF, **early}).calls
    assert call.received_at == datetime(2021, 7, 1, 7, 0, tzinfo=UTC)
    assert call.chain[-1].at == datetime(2021, 7, 1, 19, 0, tzinfo=UTC)


def test_the_instants_of_winter_and_summer_differ_by_the_hour_of_the_zone(tmp_path: Path) -> None:
    log = read_montgomery(
        tmp_path,
        logs.montgomery(),
        logs.montgomery(timeStamp="2018-01-01 12:00:00"),
    )
    assert [call.received_at.hour for call in log.calls] == [17, 16]


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"Call_Number": ""}, "field_missing", "Call Number"),
        ({"Unit_ID": " "}, "field_missing", "Unit ID"),
        ({"Received_DtTm": ""}, "field_missing", "Received DtTm"),
        ({"Dispatch_DtTm": ""}, "field_missing", "Dispatch DtTm"),
        ({"Received_DtTm": "2021-07-01 11:59"}, "time_unreadable", "Received DtTm"),
        ({"On_Scene_DtTm": "07/01/2021 13:05:00 PM"}, "time_unreadable", "On Scene DtTm"),
        ({"Available_DtTm": "07/01/2021 12:04:59 PM"}, "time_out_of_order", "Available DtTm"),
        ({"On_Scene_DtTm": "07/01/2021 12:00:59 PM"}, "time_out_of_order", "On Scene DtTm"),
        ({"Dispatch_DtTm": "07/01/2021 11:00:00 AM"}, "time_out_of_order", "Dispatch DtTm"),
        ({"Location": "37.75, -122.45"}, "place_unreadable", "Location"),
        ({"Location": "(north, west)"}, "place_unreadable", "Location"),
        ({"Location": "(nan, nan)"}, "place_unreadable", "Location"),
        ({"Location": "(-122.45, 37.75)"}, "place_swapped", "Location"),
        ({"Location": "(40.71, -74.00)"}, "place_far_outside", "Location"),
        ({"Location": "(0.0, 0.0)"}, "place_far_outside", "Location"),
        ({"Call_Type": "Dragon"}, "category_unknown", "Call Type"),
        ({"Original_Priority": "Z"}, "priority_unknown", "Original Priority"),
        ({"Unit_Type": "SUBMARINE"}, "unit_kind_unknown", "Unit Type"),
        ({"Call_Final_Disposition": "Fled"}, "disposition_unknown", "Call Final Disposition"),
    ],
)
def test_a_spoilt_row_is_refused_for_its_reason_and_the_others_stay(
    tmp_path: Path, changes: dict[str, str], reason: str, field: str
) -> None:
    log = read_sf(tmp_path, logs.sf(**changes), logs.sf(Call_Number="2"))
    assert [(row.line, row.reason, row.field) for row in log.refused] == [(2, reason, field)]
    assert [call.key for call in log.calls] == ["2"]
    assert (log.rows, log.accepted) == (2, 1)


def test_a_row_that_stands_twice_counts_once(tmp_path: Path) -> None:
    log = read_sf(tmp_path, logs.sf(), logs.sf())
    assert log.reasons == {"row_twice": 1}
    assert len(log.calls[0].units) == 1


def test_a_row_that_contradicts_its_call_is_refused(tmp_path: Path) -> None:
    elsewhere = logs.sf(Unit_ID="E2", Location="(37.76, -122.45)")
    log = read_sf(tmp_path, logs.sf(), elsewhere)
    assert log.reasons == {"call_disagrees": 1}


def test_a_row_with_columns_missing_is_refused(tmp_path: Path) -> None:
    file = logs.written(tmp_path, [logs.sf(), logs.sf(Call_Number="2")])
    file.write_text(file.read_text() + "3,E9,Structure Fire\n")
    log = sf_fire.read(file)
    assert log.reasons == {"columns_missing": 1}
    assert log.rows == 3


def test_a_unit_that_never_arrived_was_called_back(tmp_path: Path) -> None:
    (call,) = read_sf(tmp_path, logs.sf(On_Scene_DtTm="")).calls
    assert call.cancelled
    assert call.disposition == "cancelled"


def test_a_call_is_not_cancelled_when_one_of_its_units_arrived(tmp_path: Path) -> None:
    log = read_sf(tmp_path, logs.sf(), logs.sf(Unit_ID="E2", On_Scene_DtTm=""))
    assert not log.calls[0].cancelled
    assert log.remarks == {"never_on_scene": 1}


def test_an_impossible_time_at_hospital_costs_that_time_and_is_told(tmp_path: Path) -> None:
    late = {
        "Transport_DtTm": "07/01/2021 12:20:00 PM",
        "Hospital_DtTm": "07/01/2021 12:10:00 PM",
    }
    log = read_sf(tmp_path, logs.sf(**late))
    assert log.remarks == {"hospital_time_dropped": 1}
    assert not [s for s in log.calls[0].chain if s.moment in {Moment.TRANSPORT, Moment.HOSPITAL}]


def test_a_unit_whose_end_is_unknown_is_kept_and_told(tmp_path: Path) -> None:
    log = read_sf(tmp_path, logs.sf(Available_DtTm=""))
    assert log.remarks == {"available_missing": 1}
    assert len(log.calls) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"twp": ""}, "town_missing"),
        ({"desc": ""}, "field_missing"),
        ({"title": ""}, "field_missing"),
        ({"timeStamp": ""}, "field_missing"),
        ({"timeStamp": "01.07.2018"}, "time_unreadable"),
        ({"timeStamp": "2018-03-11 02:30:00"}, "time_never_was"),
        ({"lat": "forty"}, "place_unreadable"),
        ({"lat": "-75.3", "lng": "40.2"}, "place_swapped"),
        ({"lat": "46.57", "lng": "-66.46"}, "place_far_outside"),
        ({"title": "EMS: WEREWOLF"}, "category_unknown"),
        ({"title": "Navy: FALL VICTIM"}, "category_unknown"),
    ],
)
def test_a_spoilt_call_is_refused_for_its_reason(
    tmp_path: Path, changes: dict[str, str], reason: str
) -> None:
    log = read_montgomery(tmp_path, logs.montgomery(**changes), logs.montgomery(desc="second"))
    assert log.reasons == {reason: 1}
    assert len(log.calls) == 1


def test_calls_come_in_the_order_of_time_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    log = read_montgomery(
        tmp_path,
        logs.montgomery(timeStamp="2018-07-03 12:00:00"),
        logs.montgomery(timeStamp="2018-07-01 12:00:00"),
    )
    assert [call.received_at.day for call in log.calls] == [1, 3]
    assert log.remarks == {"out_of_file_order": 1}


def test_a_time_that_happened_twice_is_told(tmp_path: Path) -> None:
    log = read_montgomery(tmp_path, logs.montgomery(timeStamp="2018-11-04 01:30:00"))
    assert log.remarks == {"time_ambiguous": 1}
    assert log.calls[0].received_at == datetime(2018, 11, 4, 5, 30, tzinfo=UTC)


def test_the_position_of_what_was_not_located_is_told(tmp_path: Path) -> None:
    log = read_montgomery(tmp_path, logs.montgomery(lat="40.2290075", lng="-75.3878525"))
    assert log.remarks == {"place_default": 1}


def test_a_call_without_a_number_gets_the_same_key_every_time_and_no_digits(
    tmp_path: Path,
) -> None:
    once = read_montgomery(tmp_path, logs.montgomery()).calls[0].key
    again = read_montgomery(tmp_path, logs.montgomery()).calls[0].key
    other = read_montgomery(tmp_path, logs.montgomery(desc="MILL LN; again")).calls[0].key
    assert once == again != other
    assert once.isalpha()


def test_the_same_call_twice_is_taken_once(tmp_path: Path) -> None:
    log = read_montgomery(tmp_path, logs.montgomery(), logs.montgomery())
    assert log.reasons == {"row_twice": 1}


def test_the_text_says_what_and_where(tmp_path: Path) -> None:
    (call,) = read_montgomery(tmp_path, logs.montgomery(title="Traffic: VEHICLE FIRE -")).calls
    assert call.text.startswith("Traffic: VEHICLE FIRE. MILL LN")
    assert call.category == "Y0204"
    assert call.place == Place(-75.3, 40.2)


def test_a_file_that_is_another_log_is_refused_by_its_columns(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Call Number"):
        sf_fire.read(logs.written(tmp_path, [logs.montgomery()]))


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No such file"):
        sf_fire.read(tmp_path / "absent.csv")
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"Call Number\xff\n")
    with pytest.raises(Refused, match="UTF-8"):
        sf_fire.read(broken)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    with pytest.raises(Refused, match="Call Number"):
        sf_fire.read(empty)


def test_every_reason_says_something_in_both_languages() -> None:
    for reason in (*REFUSED.values(), *REMARKS.values()):
        assert reason.zh
        assert reason.en
