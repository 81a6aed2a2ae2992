"""The audit chain's head outside the database."""

from pathlib import Path

from security.anchors import keep_anchor, last_anchor
from security.audit import Anchor, open_audit_key
from tests.security.house import START

ONE, TWO = Anchor(1, "a" * 64), Anchor(2, "b" * 64)


def test_the_newest_head_is_found_again(tmp_path: Path) -> None:
    file = tmp_path / "anchors" / "audit"
    assert last_anchor(file) is None
    assert keep_anchor(file, ONE, START)
    assert keep_anchor(file, TWO, START)
    assert keep_anchor(file, TWO, START)
    assert last_anchor(file) == TWO
    assert len(file.read_text().splitlines()) == 2


def test_a_chain_that_went_back_or_changed_its_head_is_not_anchored(tmp_path: Path) -> None:
    file = tmp_path / "audit"
    keep_anchor(file, TWO, START)
    assert not keep_anchor(file, ONE, START)
    assert not keep_anchor(file, Anchor(2, "c" * 64), START)
    assert last_anchor(file) == TWO


def test_a_line_cut_short_by_a_power_failure_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "audit"
    keep_anchor(file, ONE, START)
    with file.open("a") as kept:
        kept.write("2 bbb")
    assert last_anchor(file) == ONE


def test_the_chains_key_is_made_once(tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "audit"
    key = open_audit_key(file)
    assert open_audit_key(file) == key
    assert len(key.secret) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert open_audit_key(file, "hmac-sm3").seal(b"x") != key.seal(b"x")
    assert key.secret.hex() not in repr(key)
