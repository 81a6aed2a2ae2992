"""Closing roads: what is asked, what time does, and that every refusal says what would be right."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bus.codec import Codec
from county.closing.model import RoadClosure
from county.closing.rules import apply, decide_close, decide_reopen, decide_time
from county.closing.summary import closure_row
from county.closures import Cause, Ground
from county.messages import CloseRoad, ReopenRoad, RoadClosed, RoadReopened
from runtime.kinds import EVENTS
from vocabulary.errors import Refused
from vocabulary.ids import new_id

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
SQUARE = Ground("area", ((120.0, 29.0), (120.01, 29.0), (120.01, 29.01), (120.0, 29.01)))
STRETCH = Ground("line", ((120.0, 29.0), (120.01, 29.0)))


def wish(**changes: Any) -> CloseRoad:
    return replace(CloseRoad(ground=SQUARE, until_at=NOW + HOUR, cause=Cause.FLOOD), **changes)


def closed(**changes: Any) -> RoadClosure:
    closure_id = new_id()
    [event] = decide_close(wish(**changes), closure_id=closure_id, at=NOW)
    made = apply(None, event, version=1, at=NOW, by="王芳")
    assert made is not None
    return made


def test_a_closure_begins_now_where_nothing_else_is_said_and_holds_until_its_end() -> None:
    closure = closed()
    assert (closure.since_at, closure.closed_by, closure.open) == (NOW, "王芳", True)
    on_roads = closure.on_roads()
    assert on_roads.holds_at(NOW)
    assert not on_roads.holds_at(NOW + HOUR)
    assert decide_time(closure, NOW + HOUR - timedelta(milliseconds=1)) == []
    [event] = decide_time(closure, NOW + HOUR)
    over = apply(closure, event, version=2, at=NOW + HOUR, by="系统")
    assert over is not None
    assert (over.open, over.by_time, over.ended_by) == (False, True, "系统")
    assert decide_time(over, NOW + 2 * HOUR) == []


def test_who_ends_a_closure_is_told_and_it_ends_once() -> None:
    closure = closed()
    [event] = decide_reopen(closure, ReopenRoad(closure_id=closure.id, note="水退了"))
    over = apply(closure, event, version=2, at=NOW, by="李强")
    with pytest.raises(Refused) as refused:
        decide_reopen(over, ReopenRoad(closure_id=closure.id))
    assert (refused.value.code, refused.value.status) == ("roads.closure_over", 409)
    assert "李强" in refused.value.text("en")
    with pytest.raises(Refused) as unknown:
        decide_reopen(None, ReopenRoad(closure_id="nobody"))
    assert (unknown.value.code, unknown.value.status) == ("roads.closure_unknown", 404)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("roads.closure_time", {"until_at": NOW}),
        ("roads.closure_time", {"since_at": NOW + 2 * HOUR}),
        ("roads.closure_long", {"until_at": NOW + timedelta(days=365)}),
        ("roads.closure_speed", {"speed_share": 1.0}),
        ("roads.closure_speed", {"speed_share": float("nan")}),
        ("roads.closure_one_way", {"one_way": True}),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(code: str, changes: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        decide_close(wish(**changes), closure_id=new_id(), at=NOW)
    assert refused.value.code == code
    assert refused.value.text("zh") != refused.value.text("en")


@pytest.mark.parametrize(
    ("code", "kind", "points"),
    [
        ("roads.ground", "area", ((0.0, 0.0), (1.0, 1.0))),
        ("roads.ground", "area", ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0))),
        ("roads.ground", "line", ((1.0, 1.0), (1.0, 1.0))),
        ("roads.ground_points", "line", tuple((n / 1e4, 1.0) for n in range(1001))),
        ("place.off_the_globe", "line", ((0.0, 0.0), (200.0, 0.0))),
    ],
)
def test_ground_that_is_none_is_refused(code: str, kind: Any, points: Any) -> None:
    with pytest.raises(Refused) as refused:
        Ground(kind, points)
    assert refused.value.code == code


def test_the_row_is_geojson_with_its_ring_closed() -> None:
    ring = closure_row(closed())["ground"]["coordinates"][0]
    assert ring[0] == ring[-1] == [120.0, 29.0]
    assert closure_row(closed(ground=STRETCH, one_way=True))["ground"] == {
        "type": "LineString",
        "coordinates": [[120.0, 29.0], [120.01, 29.0]],
    }


@given(
    ground=st.sampled_from([SQUARE, STRETCH]),
    cause=st.sampled_from(list(Cause)),
    share=st.floats(0, 0.99),
    note=st.text(max_size=40),
    minutes=st.integers(1, 10_000),
)
def test_what_is_told_comes_back_as_it_was(
    ground: Ground, cause: Cause, share: float, note: str, minutes: int
) -> None:
    codec = Codec(EVENTS)
    until = NOW + timedelta(minutes=minutes)
    asked = wish(ground=ground, cause=cause, speed_share=share, note=note, until_at=until)
    [event] = decide_close(asked, closure_id=new_id(), at=NOW)
    assert isinstance(event, RoadClosed)
    assert codec.decode(codec.encode(event)) == event
    ended = RoadReopened(closure_id=event.closure_id, by_time=False, note=note)
    assert codec.decode(codec.encode(ended)) == ended
