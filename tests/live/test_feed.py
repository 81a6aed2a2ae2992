"""The feed over a real server: joining, coming back, being refused, and what each audience may hear."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator

import orjson
import pytest

from incidents import commands as c
from incidents.model import Lane
from live.ports import Pace
from tests.live.doubles import MemoryJournal
from tests.live.serving import Served, free_port, serving, somebody
from tests.live.wire import Frame

pytestmark = pytest.mark.server


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as running:
        yield running


def numbers(frames: list[Frame]) -> list[int]:
    return [n for f in frames for n in range(f.data.get("from", f.data["seq"]), f.data["seq"] + 1)]


async def test_a_listener_is_greeted_with_a_heartbeat_and_told_each_event_once(
    served: Served,
) -> None:
    async with served.listening("?from=0") as ear:
        assert "text/event-stream" in await ear.head()
        (beat,) = await ear.hear("hb")
        assert beat.data["seq"] == 0
        served.happens()
        served.happens()
        assert numbers(await ear.hear("e", 4)) == [1, 2, 3, 4]


async def test_who_comes_back_with_the_last_id_misses_nothing_and_hears_nothing_twice(
    served: Served,
) -> None:
    async with served.listening("?from=0") as ear:
        served.happens()
        heard = await ear.hear("e", 2)
    served.happens()
    served.happens()
    last = f"Last-Event-ID: {heard[-1].id}\r\n"
    async with served.listening("?from=0", last) as ear:  # the URL is the old one, the header wins
        served.happens()
        heard += await ear.hear("e", 6)
    assert numbers(heard) == list(range(1, 9))


async def test_after_a_restart_of_the_server_nobody_misses_or_doubles_anything() -> None:
    journal, port = MemoryJournal(), free_port()
    async with serving(journal=journal, port=port) as served, served.listening("?from=0") as ear:
        served.happens()
        heard = await ear.hear("e", 2)
    journal.county.report()  # by another process, while we were down
    async with serving(journal=journal, port=port) as served:
        last = f"Last-Event-ID: {heard[-1].id}\r\n"
        async with served.listening("", last) as ear:
            served.happens()
            heard += await ear.hear("e", 4)
    assert numbers(heard) == list(range(1, 7))


async def test_who_is_older_than_the_ring_is_told_to_take_a_snapshot() -> None:
    async with serving(Pace(ring_size=64)) as served:
        for _ in range(40):
            served.happens()
        await served.hub.follower.catch_up()
        async with served.listening("?from=3") as ear:
            assert len(await ear.hear("reset")) == 1
        snapshot = await served.snapshot()
        async with served.listening(f"?from={snapshot['seq']}") as ear:
            served.happens()
            assert numbers(await ear.hear("e", 2)) == [81, 82]


async def test_who_is_ahead_of_this_hub_waits_for_the_journal_not_for_a_tick() -> None:
    async with serving(Pace(tick_alone_s=60)) as served:
        served.journal.county.report()
        async with served.listening("?from=2") as ear:
            await ear.hear("hb")
            served.happens()
            assert numbers(await ear.hear("e", 2)) == [3, 4]
        async with served.listening("?from=999") as ear:
            assert len(await ear.hear("reset")) == 1


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "", "9223372036854775808", "%D9%A1"])
async def test_a_position_that_is_no_number_is_refused_by_name(served: Served, value: str) -> None:
    status, headers, body = await served.ask("GET", f"/live?from={value}")
    told = orjson.loads(body)
    assert (status, told["code"], told["field"]) == (400, "live.bad_seq", "from")
    assert headers["content-type"] == "application/problem+json"


async def test_a_bad_last_event_id_is_refused_too(served: Served) -> None:
    status, _, body = await served.ask("GET", "/live", "Last-Event-ID: abc\r\n")
    assert (status, orjson.loads(body)["field"]) == (400, "Last-Event-ID")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/live", 405, "live.method"),
        ("GET", "/live/painted", 405, "live.method"),
        ("GET", "/live/other", 404, "live.no_such_path"),
        ("GET", "/live?lanes=x", 400, "live.bad_lane"),
    ],
)
async def test_what_the_feed_does_not_have_is_said_as_a_problem(
    served: Served, method: str, path: str, status: int, code: str
) -> None:
    got, _, body = await served.ask(method, path)
    assert (got, orjson.loads(body)["code"]) == (status, code)


async def test_who_may_not_listen_is_refused(served: Served) -> None:
    served.who = somebody("auditor")
    for method, path in (("GET", "/live"), ("GET", "/live/snapshot"), ("POST", "/live/painted")):
        status, _, _ = await served.ask(method, path)
        assert status == 403


async def test_each_audience_hears_what_it_may_and_nothing_else(served: Served) -> None:
    county = served.journal.county
    async with served.listening("?from=0&lanes=e") as centre:
        await centre.head()
        served.who = somebody("responder", "water")
        async with served.listening("?from=0&lanes=e") as water:
            await water.head()
            case_id = county.report(lane=Lane.EMERGENCY)
            other = county.report()
            county.do(case_id, c.Dispatch(lead="water"))
            served.hub.wake()
            mine = await water.hear("e", 2)
            all_of_it = await centre.hear("e", len(county.events))
            county.do(case_id, c.Return(reason="不归我管", department="water"))
            served.hub.wake()
            gone = await water.hear("e")
    told = [change["id"] for frame in mine for change in frame.data["changes"]]
    assert told == [case_id]
    assert other in str(all_of_it)
    assert other not in str(mine)
    assert gone[0].data["changes"] == [{"id": case_id, "row": None}]
    assert numbers(mine + gone) == list(range(1, len(county.events) + 1))


async def test_a_snapshot_is_of_one_instant_and_of_its_audience(served: Served) -> None:
    case_id = served.happens()
    await served.hub.follower.catch_up()
    served.hub.hear_units([["U1", 104.1, 30.1, 5, "free"]])
    served.hub.rosters.units = (["U1", None, None, None, "off", "fire_engine", "一号车"],)
    served.hub.rosters.points = (["G1", 104.2, 30.2, "gas", "老街"],)
    served.hub.hear_readings([["G1", 1.5, 7]])
    told = await served.snapshot()
    assert (told["seq"], told["audience"]) == (2, "masked")
    assert case_id in str(told["rows"])
    assert told["units"] == [["U1", 104.1, 30.1, 5, "free", "fire_engine", "一号车"]]
    assert told["points"] == [["G1", 104.2, 30.2, "gas", "老街", 1.5, 7]]
    served.who = somebody("operator")
    assert "13812348000" not in str(told)
    wall = await served.snapshot()
    assert "井盖" not in str(wall["rows"])


async def test_a_large_snapshot_is_gzipped_for_who_takes_gzip(served: Served) -> None:
    for _ in range(80):
        served.journal.county.report()
    await served.hub.follower.catch_up()
    _, headers, packed = await served.ask("GET", "/live/snapshot", "Accept-Encoding: gzip, br\r\n")
    assert headers["content-encoding"] == "gzip"
    _, headers, plain = await served.ask("GET", "/live/snapshot")
    assert "content-encoding" not in headers
    assert len(orjson.loads(gzip.decompress(packed))["rows"]) == len(orjson.loads(plain)["rows"])
    assert len(packed) < len(plain) / 4


async def test_a_storm_of_pages_coming_back_shares_one_snapshot(served: Served) -> None:
    served.happens()
    answers = await asyncio.gather(*(served.ask("GET", "/live/snapshot") for _ in range(30)))
    assert len({body for _, _, body in answers}) <= 2


async def test_pages_report_what_they_painted_and_the_heartbeat_tells_all(served: Served) -> None:
    status, _, body = await served.ask(
        "POST", "/live/painted", body=b'{"samples": [10, 20.5, 1e9, -3]}'
    )
    assert (status, orjson.loads(body)) == (202, {"kept": 2, "refused": 2})
    async with served.listening() as ear:
        (beat,) = await ear.hear("hb")
    assert beat.data["latency"] == {"p50": 10.0, "p95": 20.5, "p99": 20.5, "n": 2}


async def test_dispatches_that_were_painted_are_handed_on_without_what_cannot_be(
    served: Served,
) -> None:
    heard: list[float] = []
    served.hub.painted = heard.extend
    body = b'{"samples": [1], "dispatches": [10, 20.5, 1e9, -3]}'
    status, _, _ = await served.ask("POST", "/live/painted", body=body)
    assert (status, heard) == (202, [10, 20.5])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b'{"samples": [], "dispatches": ["1"]}', 422),
        (b"[1]", 422),
        (b'{"samples": 1}', 422),
        (b'{"samples": ["1"]}', 422),
        (b'{"samples": [true]}', 422),
        (b'{"samples": [1], "more": 1}', 422),
        (b'{"samples": [' + b"1," * 1000 + b"1]}", 422),
        (b" " * 40_000, 413),
    ],
)
async def test_a_report_of_another_shape_is_refused(
    served: Served, body: bytes, status: int
) -> None:
    got, _, answer = await served.ask("POST", "/live/painted", body=body)
    assert got == status
    assert orjson.loads(answer)["status"] == status


async def test_a_full_house_is_said_as_503_with_a_time_to_come_back() -> None:
    async with serving(Pace(listeners_max=1)) as served, served.listening() as ear:
        await ear.hear("hb")
        status, headers, body = await served.ask("GET", "/live")
        assert (status, orjson.loads(body)["code"]) == (503, "live.no_room")
        assert headers["retry-after"] == "2"


async def test_a_journal_that_never_answered_is_said_as_503() -> None:
    journal = MemoryJournal()
    journal.down = True
    async with serving(journal=journal) as served:
        for path in ("/live", "/live/snapshot"):
            status, _, body = await served.ask("GET", path)
            assert (status, orjson.loads(body)["code"]) == (503, "live.starting")


async def test_a_stream_ends_in_good_order_after_its_lifetime_and_is_taken_up_again() -> None:
    pace = Pace(lifetime_s=0.5, patience_s=0.2)
    async with serving(pace) as served, served.listening("?from=0&lanes=e") as ear:
        served.happens()
        heard = await ear.hear("e", 99, seconds=5)
        assert ear.ended
        assert numbers(heard) == [1, 2]
        assert len(served.hub.listeners) == 0


async def test_who_leaves_is_forgotten(served: Served) -> None:
    async with served.listening() as ear:
        await ear.hear("hb")
        assert len(served.hub.listeners) == 1
    for _ in range(100):
        if not len(served.hub.listeners):
            break
        await asyncio.sleep(0.02)
    assert len(served.hub.listeners) == 0


async def test_a_server_that_goes_down_does_not_wait_for_its_listeners() -> None:
    async with serving() as served, served.listening("?from=0") as ear:
        await ear.hear("hb")
        begun = time.monotonic()
        served.server.should_exit = True
        await ear.hear("e", 1)
        assert ear.ended
        assert time.monotonic() - begun < 1
