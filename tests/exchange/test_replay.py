"""Replay: the chain of a call becomes commands in its order; whatever breaks on the way, every call is there once at the end."""

import asyncio
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from exchange.calllogs import sf_fire
from exchange.calllogs.mapping import CountyShape, mapping_of
from exchange.calllogs.model import LoggedCall
from exchange.replay.client import Api, GaveUp
from exchange.replay.fleet import homes_of
from exchange.replay.pace import Pace
from exchange.replay.plan import plan
from exchange.replay.player import Run
from exchange.replay.reconcile import Reconciliation
from exchange.replay.session import play_log
from exchange.replay.start import start_of
from exchange.replay.tally import Tally
from tests.clocks import ManualClock
from tests.exchange import logs
from tests.exchange.conftest import Door
from tests.exchange.console import MemoryConsole
from vocabulary.errors import Refused
from vocabulary.place import Place

pytestmark = pytest.mark.slow

START = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
RUN = Run(log="sf", seed=0, exercise=False)


def calls_of(folder: Path, *rows: dict[str, str]) -> tuple[LoggedCall, ...]:
    return sf_fire.read(logs.written(folder, list(rows))).calls


@pytest.fixture
def calls(tmp_path: Path) -> tuple[LoggedCall, ...]:
    """Return a fire with a medic, one called back, and ten simple ones."""
    medic = {"Unit_ID": "M5", "Unit_Type": "MEDIC", "Available_DtTm": "07/01/2021 12:30:00 PM"}
    back = {"Call_Number": "2", "On_Scene_DtTm": "", "Call_Final_Disposition": "Cancelled"}
    simple = [logs.sf(Call_Number=f"{n}", Unit_ID=f"E{n}") for n in range(3, 13)]
    return calls_of(tmp_path, logs.sf(), logs.sf(**medic), logs.sf(**back), *simple)


class Weather(httpx2.AsyncBaseTransport):
    """The way to the console: requests are lost, answers are lost, the console is restarted or busy, by the die."""

    def __init__(self, door: Door, seed: int, bad: float) -> None:
        self._inner = httpx2.ASGITransport(app=door)
        self._die = random.Random(seed)  # noqa: S311 - a die for the weather
        self._bad = bad

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        luck = self._die.random()
        if luck < self._bad:
            raise httpx2.ConnectError("refused")
        if luck < 2 * self._bad:
            return httpx2.Response(503 if luck < 1.5 * self._bad else 429)
        response = await self._inner.handle_async_request(request)
        if luck < 3 * self._bad:
            raise httpx2.ReadError("cut after it was done")
        return response


async def replayed(
    door: Door,
    calls: Iterable[LoggedCall],
    *,
    bad: float = 0.0,
    seed: int = 1,
    speed: float = 0,
    patience_s: float = 60,
) -> tuple[Tally, Reconciliation]:
    tally = Tally()
    weather = Weather(door, seed, bad)
    api = Api("http://console", "key", patience_s=patience_s, tally=tally, transport=weather)
    async with api:
        result = await play_log(api, RUN, list(calls), speed, START, tally, moves=True)
    return tally, result


def test_the_chain_becomes_commands_in_its_order(tmp_path: Path) -> None:
    late = {"Unit_ID": "E2", "Dispatch_DtTm": "07/01/2021 12:02:00 PM"}
    late |= {"Response_DtTm": "07/01/2021 12:03:00 PM", "On_Scene_DtTm": "07/01/2021 12:09:00 PM"}
    medic = {"Unit_ID": "M5", "Unit_Type": "MEDIC", "Available_DtTm": "07/01/2021 12:30:00 PM"}
    (call,) = calls_of(tmp_path, logs.sf(), logs.sf(**late), logs.sf(**medic))
    assert [(c.label, c.arguments.get("units", [])) for c in plan(call).commands] == [
        ("dispatch-1", ["E1", "M5"]),
        ("accept-fire", []),
        ("accept-medical", []),
        ("dispatch-2", ["E2"]),
        ("arrive-fire", []),
        ("arrive-medical", []),
        ("clear_assist-medical", []),
        ("resolve", []),
        ("close", []),
    ]


def test_who_leads_is_one_that_came(tmp_path: Path) -> None:
    only_medic = logs.sf(Unit_ID="M5", Unit_Type="MEDIC")
    (call,) = calls_of(tmp_path, logs.sf(On_Scene_DtTm=""), only_medic)
    commands = {command.label: command for command in plan(call).commands}
    assert commands["dispatch-1"].arguments["lead"] == "medical"
    assert "release_assist-fire" in commands


def test_a_call_whose_units_were_called_back_is_void(tmp_path: Path) -> None:
    (call,) = calls_of(tmp_path, logs.sf(On_Scene_DtTm=""))
    planned = plan(call)
    assert [command.name for command in planned.commands] == ["dispatch", "accept", "void"]
    assert planned.ends_in == "VOID"
    assert not planned.legs


async def test_a_log_is_played_and_nothing_is_lost_or_doubled(
    door: Door, console: MemoryConsole, calls: tuple[LoggedCall, ...]
) -> None:
    tally, result = await replayed(door, calls)
    assert result.clean
    assert (result.found, result.unfinished) == (12, 0)
    assert result.states == {"CLOSED": 11, "VOID": 1}
    assert not tally.refused
    assert tally.sent == tally.accepted
    assert len(console.memory.cases) == 12


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_is_lost_on_the_way_every_call_is_there_once(
    door: Door, console: MemoryConsole, calls: tuple[LoggedCall, ...], seed: int
) -> None:
    tally, result = await replayed(door, calls, bad=0.08, seed=seed)
    assert result.clean
    assert result.unfinished == 0
    assert len(console.memory.cases) == 12
    assert tally.retried > 10
    assert tally.replayed > 0
    assert not tally.refused


async def test_a_second_run_does_nothing_again(
    door: Door, console: MemoryConsole, calls: tuple[LoggedCall, ...]
) -> None:
    await replayed(door, calls)
    kept = len(console.memory.journal)
    tally, result = await replayed(door, calls)
    assert (tally.accepted, tally.replayed) == (0, tally.sent)
    assert result.clean
    assert len(console.memory.journal) == kept


async def test_somebody_who_was_faster_does_not_stop_the_replay(
    door: Door, console: MemoryConsole, calls: tuple[LoggedCall, ...]
) -> None:
    working = console.command
    meddled = set()

    async def meddling(principal: Any, command: Any, once: Any) -> Any:
        if command.case_id not in meddled:
            meddled.add(command.case_id)
            raise Refused("incidents.stale", number="1", who="李", at="now", version=2, expected=1)
        return await working(principal, command, once)

    console.command = meddling  # type: ignore[method-assign]
    tally, result = await replayed(door, calls)
    assert tally.stale == 12
    assert result.unfinished == 0


async def test_what_the_console_refuses_is_counted_by_its_reason(
    door: Door, console: MemoryConsole, calls: tuple[LoggedCall, ...]
) -> None:
    console.fault = Refused("exchange.too_many", field="x", limit=1)
    tally, result = await replayed(door, calls)
    assert tally.refused == {"report exchange.too_many": 12}
    assert (result.taken, result.clean) == (0, True)


async def test_a_call_on_which_the_console_itself_fails_is_lost(
    door: Door, console: MemoryConsole, calls: tuple[LoggedCall, ...]
) -> None:
    console.fault = RuntimeError("a bug")
    tally, result = await replayed(door, calls[:2], patience_s=0.5)
    assert tally.refused == {"report exchange.our_fault": 2}
    assert len(result.lost) == 2


async def test_a_case_that_is_gone_is_found_out(
    door: Door, console: MemoryConsole, calls: tuple[LoggedCall, ...]
) -> None:
    listing = console.list_cases

    async def forgetful(*asked: Any) -> Any:
        page = await listing(*asked)
        return {**page, "items": page["items"][1:]}

    console.list_cases = forgetful  # type: ignore[method-assign, assignment]
    _, result = await replayed(door, calls)
    assert len(result.lost) == 1
    assert not result.clean


async def test_a_case_that_is_there_twice_is_found_out(
    door: Door, console: MemoryConsole, calls: tuple[LoggedCall, ...]
) -> None:
    await replayed(door, calls[:1])
    console.answers.clear()  # a console that forgets its keys
    _, result = await replayed(door, calls[:1])
    assert result.doubled == (calls[0].key,)


async def test_a_console_that_never_answers_is_given_up_in_the_end(door: Door) -> None:
    tally = Tally()
    dead = Weather(door, 1, bad=1.0)
    async with Api("http://console", "key", patience_s=0.5, tally=tally, transport=dead) as api:
        with pytest.raises(GaveUp):
            await api.get("county")
    assert tally.gave_up == 1


async def test_who_is_not_let_in_is_told_which_key_is_needed(
    door: Door, calls: tuple[LoggedCall, ...]
) -> None:
    door.who = None
    with pytest.raises(Refused, match="supervisor,integrator"):
        await replayed(door, calls)


async def test_units_move_to_the_scene_while_they_are_on_their_way(
    door: Door, console: MemoryConsole, tmp_path: Path
) -> None:
    far = logs.sf(Call_Number="2", Location="(37.76, -122.41)")
    await replayed(door, calls_of(tmp_path, logs.sf(), far), speed=600)
    seen = [position.place for position in console.told_positions["E1"]]
    county = CountyShape.from_api(await console.county())
    scenes = {Place(row.place.lon_deg, row.place.lat_deg) for row in console.memory.cases.values()}
    assert len(set(seen)) > 1 + len(scenes)  # its home, both scenes, and points between
    assert scenes <= set(seen)
    assert all(county.holds(place) for place in seen)


async def test_a_replay_keeps_the_logs_pace(door: Door, calls: tuple[LoggedCall, ...]) -> None:
    began = asyncio.get_running_loop().time()
    await replayed(door, calls, speed=2760)  # 46 minutes of the log
    assert asyncio.get_running_loop().time() - began >= 1.0


def test_all_differences_between_the_times_of_a_call_stay() -> None:
    first = datetime(2020, 4, 7, 7, 0, tzinfo=UTC)
    pace = Pace(speed=600, first=first, start_at=START)
    later = first + timedelta(minutes=7, seconds=3)
    assert pace.told_as(later) - pace.told_as(first) == timedelta(minutes=7, seconds=3)
    assert pace.lasts_s(timedelta(minutes=10)) == 1.0


def test_the_first_run_ends_now_and_the_second_tells_the_same(
    tmp_path: Path, calls: tuple[LoggedCall, ...]
) -> None:
    memory, clock = tmp_path / "home" / "sf.json", ManualClock()
    first = start_of(memory, calls, None, clock)
    ends = max(step.at for call in calls for step in call.chain)
    assert first + (ends - calls[0].received_at) == clock.at
    clock.advance(timedelta(days=3))
    assert start_of(memory, calls, None, clock) == first
    assert start_of(memory, calls, START, clock) == START == start_of(memory, calls, None, clock)
    memory.write_text("spoilt")
    assert start_of(memory, calls, None, clock) > START


def test_another_seed_is_another_playing(calls: tuple[LoggedCall, ...]) -> None:
    other = Run(log="sf", seed=7, exercise=False)
    assert RUN.key(calls[0], "report") != other.key(calls[0], "report")
    assert RUN.mark(calls[0]) != other.mark(calls[0])


async def test_every_unit_has_a_home_in_the_county(
    console: MemoryConsole, calls: tuple[LoggedCall, ...]
) -> None:
    county = CountyShape.from_api(await console.county())
    units, homes = homes_of(calls, mapping_of([call.place for call in calls], county))
    assert units.keys() == homes.keys()
    assert all(county.holds(home) for home in homes.values())
