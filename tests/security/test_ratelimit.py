"""How often a stranger may ask: so many times, then later, each address by itself."""

import pytest

from security.ratelimit import MOST_KNOWN, RateLimit
from vocabulary.errors import Refused


class Ticks:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def limit(ticks: Ticks) -> RateLimit:
    return RateLimit(most=2, within_s=60, ticks=ticks)


def wait_told(limit: RateLimit, ip: str) -> object:
    with pytest.raises(Refused) as refused:
        limit.take(ip)
    assert (refused.value.code, refused.value.status) == ("security.too_often", 429)
    return refused.value.values["retry_after"]


def test_the_third_within_a_minute_is_told_to_wait_and_then_let_in(
    limit: RateLimit, ticks: Ticks
) -> None:
    limit.take("10.0.0.1")
    ticks.at = 20
    limit.take("10.0.0.1")
    assert wait_told(limit, "10.0.0.1") == 40
    ticks.at = 61
    limit.take("10.0.0.1")


def test_each_address_counts_by_itself_but_a_subscribers_ipv6_is_one(limit: RateLimit) -> None:
    for _ in range(2):
        limit.take("10.0.0.1")
        limit.take("10.0.0.2")
    limit.take("2001:db8:1:2::1")
    limit.take("2001:db8:1:2::2")
    assert wait_told(limit, "2001:db8:1:2::3") == 60
    limit.take("2001:db8:1:3::1")


def test_what_was_refused_does_not_count(limit: RateLimit, ticks: Ticks) -> None:
    limit.take("a")
    limit.take("a")
    for _ in range(5):
        wait_told(limit, "a")
    ticks.at = 61
    limit.take("a")


def test_no_more_addresses_are_remembered_than_fit(limit: RateLimit) -> None:
    for number in range(MOST_KNOWN + 5):
        limit.take(f"host-{number}")
    assert len(limit._asked) == MOST_KNOWN
