"""What intake keeps beside the journal: versions of categories, imported rows, public codes, photos; the same in both stores."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Delete, Update, delete, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from incidents.categories import Category, parse_category
from incidents.table_files import Row
from security.sealing import Keyring, SealingKey
from storage.case_near import open_cases_near
from storage.case_work import CasesInTransaction
from storage.categories import (
    brought_categories,
    categories,
    count_categories,
    keep_categories,
    load_categories,
)
from storage.engine import Store
from storage.intake import (
    Imported,
    Photo,
    find_imported,
    keep_code,
    keep_imported,
    keep_photo,
    photos_of,
    report_of_code,
    report_of_photo,
)
from storage.journal import Journal
from storage.transaction import Transaction
from tests.incidents.stories import OLD_MILL, TABLES
from tests.incidents.test_tables import ROW
from tests.storage.case_stores import give_reports
from vocabulary.ids import ReportId, new_id
from vocabulary.place import Place

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
RING = Keyring((SealingKey("a", "sm4-gcm", b"s" * 16),))


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    with store.writer.begin() as connection:
        yield connection


def version(year: int) -> tuple[str, dict[str, str]]:
    """Return a version of flooded roads as a sheet brings it: full code and cells."""
    cells = {**ROW, "version": str(year), "valid_from": f"{year}-01-01", "limit_value": "4"}
    return parsed(cells).full_code, cells


def parsed(cells: dict[str, str]) -> Category:
    return parse_category(Row("categories", 1, cells), TABLES.departments)


def test_versions_come_back_whole_and_in_the_order_they_were_brought(
    connection: Connection,
) -> None:
    rows = [version(2028), version(2027)]
    keep_categories(connection, rows, AT, "office")
    keep_categories(connection, [], AT, "office")
    assert load_categories(connection, TABLES) == [parsed(cells) for _, cells in rows]
    assert count_categories(connection) == 2
    keep_categories(connection, [version(2029)], AT + timedelta(days=1), "office")
    assert [row.version for row in load_categories(connection, TABLES)] == ["2028", "2027", "2029"]
    told = brought_categories(connection)
    assert told[version(2028)[0]] == (AT, "office")
    assert told[version(2029)[0]] == (AT + timedelta(days=1), "office")


def test_a_version_stands_once_and_refuses_the_whole_of_what_came_with_it(store: Store) -> None:
    with store.writer.begin() as connection:
        keep_categories(connection, [version(2027)], AT, "office")
    with pytest.raises(IntegrityError), store.writer.begin() as connection:
        keep_categories(connection, [version(2028), version(2027)], AT, "office")
    with store.reader.connect() as connection:
        assert [row.version for row in load_categories(connection, TABLES)] == ["2027"]


@pytest.mark.parametrize(
    "change",
    [update(categories).values(cells="{}"), delete(categories)],
    ids=["edited", "deleted"],
)
def test_a_kept_version_is_never_changed_even_by_the_database_s_own_words(
    store: Store, change: Update | Delete
) -> None:
    with store.writer.begin() as connection:
        keep_categories(connection, [version(2027)], AT, "office")
    with pytest.raises(DBAPIError, match="append-only"), store.writer.begin() as connection:
        connection.execute(change)
    with store.reader.connect() as connection:
        assert count_categories(connection) == 1


def test_an_imported_row_is_known_by_its_key_for_ever(store: Store) -> None:
    row = Imported(fingerprint="f" * 64, report_id=ReportId(new_id()), case_id=new_id())
    with store.writer.begin() as connection:
        assert find_imported(connection, "k" * 64) is None
        keep_imported(connection, "k" * 64, row, AT)
        assert find_imported(connection, "k" * 64) == row
    with pytest.raises(IntegrityError), store.writer.begin() as connection:
        keep_imported(connection, "k" * 64, row, AT)


def test_a_code_stands_for_one_report_and_another_for_none(connection: Connection) -> None:
    report = ReportId(new_id())
    keep_code(connection, "d" * 64, report, AT)
    assert report_of_code(connection, "d" * 64) == report
    assert report_of_code(connection, "e" * 64) is None


def test_photos_are_found_by_their_report_and_the_report_by_a_photo(connection: Connection) -> None:
    one, other, none = (ReportId(new_id()) for _ in range(3))
    kept = [
        Photo(id=f"{n:032x}", report_id=report, width=1600, height=1200, bytes=1 << 33, sha256="a")
        for n, report in enumerate((one, one, other))
    ]
    for photo in reversed(kept):
        keep_photo(connection, photo, AT, "intake")
    assert photos_of(connection, [one, other, none]) == {one: kept[:2], other: kept[2:]}
    assert report_of_photo(connection, kept[2].id) == other
    assert report_of_photo(connection, "f" * 32) is None


def test_open_cases_near_are_measured_and_the_nearest_first(journal: Journal) -> None:
    east = [
        Place(OLD_MILL.lon_deg + step * 0.001, OLD_MILL.lat_deg) for step in (2, 0, 1, 40)
    ]  # some 95 m each

    def work(transaction: Transaction, /) -> list[tuple[float, Place]]:
        first, *_ = give_reports(CasesInTransaction(transaction, RING), east)
        found = open_cases_near(transaction.connection, first.case.category, OLD_MILL, 500)
        assert open_cases_near(transaction.connection, "another", OLD_MILL, 500) == []
        return [(metres, case.place) for metres, case in found]

    found = journal.write_blocking(work)
    assert [place for _, place in found] == [east[1], east[2], east[0]]
    assert found[0][0] == 0
    assert 80 < found[1][0] < 110
