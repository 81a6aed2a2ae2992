"""The audit trail shows every change made to it, and the database refuses to make one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from security.audit import Anchor, AuditEntry, AuditKey
from storage.append_only import statements
from storage.audit import append_audit, audit_head, read_audit, verify_audit
from storage.engine import Store
from tests.clocks import ManualClock
from vocabulary.message import Actor

KEY = AuditKey(b"k" * 32)
AT = ManualClock().at
WANG = Actor(id="01W", name="王强", kind="person", roles=frozenset({"secadmin"}))
COLUMNS = [
    *("at", "actor_id", "actor_name", "actor_kind", "actor_roles", "ip", "session"),
    *("action", "object", "result", "before", "after", "request_id", "scheme", "prev_hash", "hash"),
]


def an_entry(number: int) -> AuditEntry:
    return AuditEntry(
        at=AT + timedelta(seconds=number, microseconds=number),
        actor=WANG,
        action="security.grant",
        object=f"account:{number}",
        before={"roles": []},
        after={"roles": ["dispatcher"], "备注": "换班"},
        ip="10.0.0.7",
        session="abcdef123456",
        request_id="01R",
    )


def fill(store: Store, count: int = 6, key: AuditKey = KEY) -> Anchor:
    with store.writer.begin() as connection:
        for number in range(1, count + 1):
            append_audit(connection, an_entry(number), key)
        return audit_head(connection)


def tamper(store: Store, *changes: str) -> None:
    """Do what somebody with the database's own password can do: drop the guard, then change."""
    dialect = store.writer.dialect.name
    drop = "DROP TRIGGER audit_no_{}" + ("" if dialect == "sqlite" else " ON audit")
    with store.writer.begin() as connection:
        for verb in ("UPDATE", "DELETE"):
            connection.execute(text(drop.format(verb)))
        for change in changes:
            connection.execute(text(change))


def verdict(store: Store, anchor: Anchor | None = None) -> tuple[int | None, str]:
    with store.reader.connect() as connection:
        found = verify_audit(connection, KEY, anchor)
    return found.broken_seq, found.problem


def test_an_untouched_trail_is_whole(store: Store) -> None:
    anchor = fill(store)
    with store.reader.connect() as connection:
        found = verify_audit(connection, KEY, anchor)
    assert found.whole
    assert found.rows == 6
    assert found.head == anchor


def test_an_empty_trail_is_whole(store: Store) -> None:
    assert verdict(store, Anchor(0, "0" * 64)) == (None, "")


def test_a_trail_sealed_with_sm3_is_whole_and_the_setting_may_change_midway(store: Store) -> None:
    fill(store, 2, AuditKey(KEY.secret, "hmac-sm3"))
    with store.writer.begin() as connection:
        append_audit(connection, an_entry(3), KEY)
    assert verdict(store) == (None, "")


@pytest.mark.parametrize("column", COLUMNS)
def test_one_edited_value_names_its_row(store: Store, column: str) -> None:
    fill(store)
    value = "at + 1" if column == "at" else "'failed'"
    tamper(store, f'UPDATE audit SET "{column}" = {value} WHERE seq = 3')
    assert verdict(store)[0] == 3


def test_a_value_made_null_names_its_row(store: Store) -> None:
    fill(store)
    tamper(store, "UPDATE audit SET after = NULL WHERE seq = 5")
    assert verdict(store) == (5, "values are not those that were sealed")


def test_a_deleted_row_is_missed(store: Store) -> None:
    fill(store)
    tamper(store, "DELETE FROM audit WHERE seq = 4")
    assert verdict(store) == (4, "row missing")


def test_deleting_and_renumbering_is_noticed(store: Store) -> None:
    fill(store)
    tamper(
        store,
        "DELETE FROM audit WHERE seq = 4",
        "UPDATE audit SET seq = 4 WHERE seq = 5",
        "UPDATE audit SET seq = 5 WHERE seq = 6",
    )
    assert verdict(store) == (4, "not sealed to the row before it")


def test_two_swapped_rows_are_noticed(store: Store) -> None:
    fill(store)
    tamper(
        store,
        "UPDATE audit SET seq = 99 WHERE seq = 2",
        "UPDATE audit SET seq = 2 WHERE seq = 3",
        "UPDATE audit SET seq = 3 WHERE seq = 99",
    )
    assert verdict(store)[0] == 2


def test_a_cut_off_end_shows_only_against_the_outside_anchor(store: Store) -> None:
    anchor = fill(store)
    tamper(store, "DELETE FROM audit WHERE seq > 4")
    assert verdict(store) == (None, "")
    assert verdict(store, anchor) == (5, "rows up to the outside anchor are cut off")


def test_an_end_cut_off_and_grown_again_is_not_what_was_anchored(store: Store) -> None:
    anchor = fill(store)
    tamper(store, "DELETE FROM audit WHERE seq > 4")
    with store.writer.begin() as connection:
        for number in (7, 8, 9):
            append_audit(connection, an_entry(number), KEY)
    assert verdict(store, anchor) == (6, "not the row that was anchored outside")


def test_rows_appended_without_the_key_do_not_pass(store: Store) -> None:
    fill(store, 2)
    with store.writer.begin() as connection:
        append_audit(connection, an_entry(3), AuditKey(b"guess" * 8))
    assert verdict(store)[0] == 3


@pytest.mark.parametrize(
    "change", ["UPDATE audit SET result = 'failed'", "DELETE FROM audit WHERE seq = 1"]
)
def test_the_database_refuses_to_change_the_trail(store: Store, change: str) -> None:
    fill(store, 1)
    with (
        pytest.raises(DBAPIError, match="audit is append-only"),
        store.writer.begin() as connection,
    ):
        connection.execute(text(change))
    assert verdict(store) == (None, "")


def _nothing(_connection: Connection) -> None:
    return None


def _raise(_connection: Connection) -> None:
    raise RuntimeError


@pytest.mark.parametrize(("act", "rows"), [(_nothing, 1), (_raise, 0)])
def test_a_row_stays_only_with_the_act_it_tells_of(
    store: Store, act: Callable[[Connection], None], rows: int
) -> None:
    try:
        with store.writer.begin() as connection:
            append_audit(connection, an_entry(1), KEY)
            act(connection)
    except RuntimeError:
        assert act is _raise
    with store.reader.connect() as connection:
        assert len(read_audit(connection)) == rows


def test_the_trail_is_read_newest_first_by_what_is_asked_and_page_by_page(store: Store) -> None:
    fill(store)
    with store.reader.connect() as connection:
        assert [row["seq"] for row in read_audit(connection, limit=2)] == [6, 5]
        assert [row["seq"] for row in read_audit(connection, before_seq=5, limit=2)] == [4, 3]
        assert [row["seq"] for row in read_audit(connection, object_="account:2")] == [2]
        assert read_audit(connection, actor_id="nobody") == []
        assert len(read_audit(connection, action="security.grant", actor_id="01W")) == 6


def test_a_migration_has_statements_for_both_databases() -> None:
    for dialect in ("sqlite", "postgresql"):
        assert all(
            "audit" in each or "refuse_change" in each for each in statements("audit", dialect)
        )
