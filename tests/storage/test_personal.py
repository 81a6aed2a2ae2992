"""Callers' names and phones are kept sealed, found by their report, and gone when erased."""

import pytest
from sqlalchemy import select

from security.sealing import Keyring, SealingKey
from storage.engine import Store
from storage.personal import erase_personal, keep_personal, personal, read_personal
from vocabulary.ids import ReportId, new_id

RING = Keyring((SealingKey("a", "sm4-gcm", b"s" * 16),))
CALLER = {"caller_phone": "13812348000", "caller_name": "李敏"}


def a_report() -> ReportId:
    return ReportId(new_id())


def test_what_is_kept_comes_back_for_its_report_alone(store: Store) -> None:
    one, other, none = a_report(), a_report(), a_report()
    with store.writer.begin() as connection:
        assert keep_personal(connection, one, CALLER, RING)
        assert keep_personal(connection, other, {"caller_phone": "110", "caller_name": None}, RING)
        assert not keep_personal(connection, none, {"caller_phone": "", "caller_name": None}, RING)
        found = read_personal(connection, [one, other, none], RING)
    assert found == {one: CALLER, other: {"caller_phone": "110"}}


def test_the_store_holds_nothing_readable(store: Store) -> None:
    with store.writer.begin() as connection:
        keep_personal(connection, a_report(), CALLER, RING)
        row = connection.execute(select(personal)).one()
    assert b"13812348000" not in bytes(row.sealed)
    assert row.key_id == "a"


def test_more_reports_than_one_question_holds_are_all_found(store: Store) -> None:
    reports = [a_report() for _ in range(1203)]
    with store.writer.begin() as connection:
        for report in reports:
            keep_personal(connection, report, CALLER, RING)
        assert read_personal(connection, reports, RING).keys() == set(reports)


def test_what_is_erased_is_gone(store: Store) -> None:
    report = a_report()
    with store.writer.begin() as connection:
        keep_personal(connection, report, CALLER, RING)
        assert erase_personal(connection, [report]) == 1
        assert read_personal(connection, [report], RING) == {}


def test_a_field_that_is_not_personal_is_a_programming_error(store: Store) -> None:
    with store.writer.begin() as connection, pytest.raises(ValueError, match="caller_address"):
        keep_personal(connection, a_report(), {"caller_address": "x"}, RING)
