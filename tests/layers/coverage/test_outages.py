"""Outages as rules: begun once, ended once, refused with who was first; folded from their events alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.coverage.messages import BeginOutage, EndOutage
from layers.coverage.outages.model import KnownSite, SiteOutage, Struck
from layers.coverage.outages.rules import CAUSES, apply, decide_begin, decide_end
from vocabulary.errors import Refused
from vocabulary.message import Event
from vocabulary.place import Place

AT = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
SITE = KnownSite(
    site_id="S1", name="桥头站", operator="CMCC", place=Place(117.9, 29.5), cells=frozenset({"S1/1", "S1/2"})
)  # fmt: skip
STRUCK = Struck(people=1200, area_km2=3.5, cut_off=("石门村",))


def begin(outage: SiteOutage | None = None, **more: Any) -> list[Event]:
    wish = BeginOutage(site_id="S1", **more)
    return decide_begin(outage, SITE, wish, STRUCK, AT)


def begun(at: datetime = AT) -> SiteOutage:
    (event,) = decide_begin(None, SITE, BeginOutage(site_id="S1"), STRUCK, at)
    found = apply(None, event, version=1, at=at, by="网管", seq=7)
    assert found is not None
    return found


def test_it_keeps_what_it_takes_away_and_how_long_it_lasted() -> None:
    outage = begun()
    assert (outage.open, outage.people, outage.cut_off, outage.began_seq) == (
        True, 1200, ("石门村",), 7,
    )  # fmt: skip
    back = AT + timedelta(minutes=42)
    (event,) = decide_end(outage, EndOutage(site_id="S1"), back)
    over = apply(outage, event, version=2, at=back, by="王强", seq=9)
    assert over is not None
    assert (over.open, over.ended_by, over.began_seq) == (False, "王强", 7)
    assert event.minutes == 42  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"cause": "aliens"}, "radio.outage_cause"),
        ({"cells": ("S2/1",)}, "radio.cell_unknown"),
        ({"since_at": AT - timedelta(days=31)}, "radio.outage_time"),
        ({"since_at": AT + timedelta(minutes=6)}, "radio.outage_time"),
    ],
)
def test_what_is_wrong_is_refused_by_name(more: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        begin(**more)
    assert refused.value.code == code


def test_a_site_that_is_out_or_unknown_or_back_is_refused_with_who_told_of_it() -> None:
    with pytest.raises(Refused) as twice:
        begin(begun())
    assert (twice.value.code, twice.value.status) == ("radio.outage_stands", 409)
    assert "网管" in twice.value.text("zh")
    with pytest.raises(Refused) as unknown:
        decide_begin(None, None, BeginOutage(site_id="X"), STRUCK, AT)
    assert unknown.value.status == 404
    with pytest.raises(Refused) as never:
        decide_end(None, EndOutage(site_id="S1"), AT)
    assert never.value.status == 404


@given(st.lists(st.sampled_from(["begin", "end"]), max_size=12), st.sampled_from(CAUSES))
def test_whatever_decide_says_apply_accepts_and_a_site_is_out_or_not(
    wishes: list[str], cause: str
) -> None:
    outage: SiteOutage | None = None
    for number, wish in enumerate(wishes, 1):
        at = AT + timedelta(minutes=number)
        try:
            if wish == "begin":
                asked = BeginOutage(site_id="S1", cause=cause)
                (event,) = decide_begin(outage, SITE, asked, STRUCK, at)
            else:
                (event,) = decide_end(outage, EndOutage(site_id="S1"), at)
        except Refused:
            assert (outage is not None and outage.open) == (wish == "begin")
            continue
        outage = apply(outage, event, version=number, at=at, by="网管", seq=number)
        assert outage is not None
        assert outage.open == (wish == "begin")
