"""Five failures within fifteen minutes lock for thirty."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some

from security.lockout import LockRule, ip_subject, name_subject
from tests.security.house import START

RULE = LockRule()
MINUTES = some.lists(some.integers(0, 120), max_size=12)


def _at(*minutes: int) -> list[timedelta]:
    return [timedelta(minutes=each) for each in minutes]


def test_the_fifth_failure_locks_for_thirty_minutes_and_no_longer() -> None:
    failures = [START + each for each in _at(0, 3, 6, 9, 14)]
    assert RULE.locked_until(failures[:4], START + timedelta(minutes=14)) is None
    end = START + timedelta(minutes=44)
    assert RULE.locked_until(failures, START + timedelta(minutes=14)) == end
    assert RULE.locked_until(failures, end - timedelta(seconds=1)) == end
    assert RULE.locked_until(failures, end) is None


def test_five_failures_spread_over_more_than_fifteen_minutes_lock_nothing() -> None:
    failures = [START + each for each in _at(0, 4, 8, 12, 16)]
    assert RULE.locked_until(failures, START + timedelta(minutes=16)) is None


@given(MINUTES, some.integers(0, 200))
def test_failures_older_than_the_rule_remembers_change_nothing(
    minutes: list[int], now: int
) -> None:
    at = START + timedelta(minutes=now)
    failures = [START + each for each in _at(*minutes) if START + each <= at]
    recent = [each for each in failures if each >= at - RULE.memory]
    assert RULE.locked_until(failures, at) == RULE.locked_until(recent, at)


def test_a_name_is_not_kept_as_it_was_typed() -> None:
    assert "wang" not in name_subject("wang")
    assert name_subject("wang") != name_subject("li")


def test_addresses_of_one_ipv6_subscriber_are_one() -> None:
    assert ip_subject("2001:db8:0:1::5") == ip_subject("2001:db8:0:1:ffff::9")
    assert ip_subject("2001:db8:0:1::5") != ip_subject("2001:db8:0:2::5")
    assert ip_subject("10.0.0.7") != ip_subject("10.0.0.8")
    assert ip_subject("unix") == "ip:unix"
