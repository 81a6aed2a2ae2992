"""A site's outage becomes one case C01 with who is cut off; its return is noted in that case, and closes nothing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bus.cloudevents import Heard
from incidents.model import Case
from layers.coverage.messages import BeginOutage, EndOutage, OutageBegan
from layers.coverage.outages import handlers
from layers.coverage.outages.model import Struck
from layers.coverage.site_rows import sites_of
from runtime.flow import handler_of
from runtime.outage_cases import outage_cases, told
from storage.case_list import open_cases
from storage.outages import OutagesInTransaction
from storage.radio_sites import keep_sites
from tests.clocks import ManualClock
from tests.sensors.office import Office, ground
from vocabulary.message import Actor
from vocabulary.place import Place

OPERATOR = Actor(id="noc", name="网管中心", kind="person", roles=frozenset({"engineer"}))
STRUCK = Struck(people=1234, area_km2=5.25, cut_off=("石门村", "桥头小学"), without_any=56)


class Network:
    """An office with one site of its county, and one beyond its edge."""

    def __init__(self, home: Path) -> None:
        self.office = Office(home, ManualClock())
        self.hear = handler_of(outage_cases(self.office.rooms), self.office.journal)
        self.told = 0

    async def open(self) -> None:
        county = ground().county
        one = next(iter(sites_of(county.table("sites")).sites))
        ours = replace(one, id="S1", name="桥头站", place=county.center)
        away = Place(county.box.east_deg + 0.05, county.center.lat_deg)
        theirs = replace(one, id="S2", name="邻县站", place=away)
        now = self.office.clock.now()
        await self.office.journal.write(lambda t: keep_sites(t.connection, [ours, theirs], now))

    async def begin(self, site_id: str = "S1", **more: object) -> None:
        wish = BeginOutage(site_id=site_id, cause="power", **more)  # type: ignore[arg-type]
        at = self.office.clock.now()
        await self.office.journal.write(
            lambda t: handlers.begin_outage(
                OutagesInTransaction(t), wish, STRUCK, actor=OPERATOR, at=at
            )
        )
        await self.follow()

    async def end(self, site_id: str = "S1", note: str = "") -> None:
        wish, at = EndOutage(site_id=site_id, note=note), self.office.clock.now()
        await self.office.journal.write(
            lambda t: handlers.end_outage(OutagesInTransaction(t), wish, actor=OPERATOR, at=at)
        )
        await self.follow()

    async def follow(self, since: int | None = None) -> None:
        for one in await self.office.journal.events_after(self.told if since is None else since):
            self.told = max(self.told, one.seq)
            await self.hear(
                Heard(
                    seq=one.seq, event_id=one.event_id, stream=one.stream, version=one.version,
                    event=one.event, recorded_at=one.recorded_at,
                )
            )  # fmt: skip

    async def cases(self) -> list[Case]:
        return await self.office.journal.read(open_cases)

    async def notes(self, case: Case) -> list[str]:
        kept = await self.office.journal.stream(f"case:{case.id}")
        return [str(getattr(one.event, "text", "")) for one in kept[1:]]


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Network]:
    made = Network(tmp_path)
    await made.open()
    yield made
    made.office.close()


async def test_an_outage_opens_one_case_that_says_who_is_cut_off(network: Network) -> None:
    await network.begin()
    await network.follow(since=0)  # heard twice
    (case,) = await network.cases()
    assert case.category.rpartition(":")[2] == "C01"
    assert not case.exercise
    for said in (
        "桥头站",
        "停电",
        "1234",
        "收不到中国移动信号",
        "约 56 人收不到任何运营商信号",
        "石门村",
    ):
        assert said in case.text


async def test_the_return_is_noted_in_the_case_and_closes_nothing(network: Network) -> None:
    await network.begin()
    network.office.clock.advance(timedelta(minutes=42))
    await network.end(note="已来电")
    await network.follow(since=0)  # heard twice
    (case,) = await network.cases()
    noted = [text for text in await network.notes(case) if "恢复" in text]
    assert len(noted) == 1
    assert "42 分钟" in noted[0]
    assert "已来电" in noted[0]


async def test_each_outage_has_a_case_of_its_own_and_the_note_finds_the_right_one(
    network: Network,
) -> None:
    await network.begin()
    await network.end()
    network.office.clock.advance(timedelta(hours=3))
    await network.begin(exercise=True)
    first, second = sorted(await network.cases(), key=lambda one: one.number)
    assert second.exercise
    assert [len([n for n in await network.notes(one) if "恢复" in n]) for one in (first, second)] == [1, 0]  # fmt: skip
    await network.end()
    assert [len([n for n in await network.notes(one) if "恢复" in n]) for one in (first, second)] == [1, 1]  # fmt: skip


async def test_a_site_beyond_the_edge_opens_nothing_and_its_return_finds_nothing(
    network: Network,
) -> None:
    await network.begin("S2")
    await network.end("S2")
    assert await network.cases() == []


def test_where_others_reach_everybody_it_is_said_and_of_an_old_event_nothing_is_made_up() -> None:
    event = OutageBegan(
        site_id="S1", name="桥头站", operator="CMCC", place=Place(117.9, 29.5), cells=(), cause="power",
        since_at=datetime(2026, 11, 27, tzinfo=UTC), people=12, area_km2=1.0, cut_off=(), note="", exercise=False,
    )  # fmt: skip
    assert "运营商信号" not in told(event)
    assert "仍能收到其他运营商信号" in told(replace(event, without_any=0))
    assert "no operator at all" in told(replace(event, without_any=3), "en")
