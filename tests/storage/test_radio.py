"""Sites, outages and fixed networks over the store: kept once, rebuilt alike, replaced whole."""

from dataclasses import replace
from datetime import timedelta

import pytest

from layers.coverage.messages import BeginOutage, EndOutage
from layers.coverage.networks import Community, broadband_figures
from layers.coverage.outages.handlers import Changed, begin_outage, end_outage
from layers.coverage.outages.model import Struck
from storage.coverage_figures import all_figures, keep_figures
from storage.journal import Journal
from storage.networks import communities, replace_layer
from storage.outages import OutagesInTransaction, ended_outages, open_outages, outages_between
from storage.radio_sites import all_sites, keep_sites, sites_stamp
from storage.rebuild import rebuild
from storage.transaction import Transaction
from tests.clocks import ManualClock
from tests.layers.coverage import made_up
from vocabulary.errors import Refused
from vocabulary.message import SYSTEM

SITE = made_up.site(made_up.grid(60), 1, 30, 30, carriers=(0, 1))


async def kept(journal: Journal, *sites: object) -> tuple[int, int, int]:
    def work(transaction: Transaction, /) -> tuple[int, int, int]:
        told = keep_sites(transaction.connection, list(sites), transaction.clock.now())  # type: ignore[arg-type]
        return len(told.new), len(told.changed), told.same

    return await journal.write(work)


async def begin(journal: Journal, clock: ManualClock) -> Changed:
    def work(transaction: Transaction, /) -> Changed:
        wish = BeginOutage(site_id=SITE.id, cause="power")
        outages, struck = OutagesInTransaction(transaction), Struck(people=9, area_km2=1.5)
        return begin_outage(outages, wish, struck, actor=SYSTEM, at=clock.now())

    return await journal.write(work)


async def end(journal: Journal, clock: ManualClock) -> Changed:
    def work(transaction: Transaction, /) -> Changed:
        wish = EndOutage(site_id=SITE.id)
        return end_outage(OutagesInTransaction(transaction), wish, actor=SYSTEM, at=clock.now())

    return await journal.write(work)


async def test_a_table_again_changes_nothing_and_a_changed_site_is_taken(journal: Journal) -> None:
    assert await kept(journal, SITE) == (1, 0, 0)
    stamp = await journal.read(sites_stamp)
    assert await kept(journal, SITE) == (0, 0, 1)
    assert await journal.read(sites_stamp) == stamp
    other = replace(SITE, name="新名")
    assert await kept(journal, other) == (0, 1, 0)
    assert await journal.read(all_sites) == [other]


async def test_an_outage_is_kept_ended_once_counted_in_its_window_and_rebuilt(
    journal: Journal, clock: ManualClock
) -> None:
    with pytest.raises(Refused):
        await begin(journal, clock)  # nobody knows the site yet
    await kept(journal, SITE)
    began = clock.now()
    first = await begin(journal, clock)
    with pytest.raises(Refused) as twice:
        await begin(journal, clock)
    assert twice.value.code == "radio.outage_stands"
    assert [one.people for one in await journal.read(open_outages)] == [9]
    clock.advance(timedelta(minutes=30))
    over = await end(journal, clock)
    assert over.outage.began_seq == first.seq
    again = await begin(journal, clock)
    assert again.outage.version == 3
    before = await journal.read(lambda c: (open_outages(c), ended_outages(c, 9)))
    rebuild(journal)
    assert await journal.read(lambda c: (open_outages(c), ended_outages(c, 9))) == before
    hour = timedelta(hours=1)
    found = await journal.read(lambda c: outages_between(c, began - hour, began + hour))
    assert len(found) == 2
    assert await journal.read(lambda c: outages_between(c, began - hour, began)) == []


async def test_a_trend_keeps_what_changed_and_a_layer_is_replaced_whole(
    journal: Journal, clock: ManualClock
) -> None:
    for document in ("1", "1", "2"):
        await journal.write(
            lambda t, told=document: keep_figures(t.connection, clock.now(), "v", "sites", told)
        )
    assert [row.document for row in await journal.read(all_figures)] == ["1", "2"]
    village = Community(
        id="V1", name="石门村", kind="village", lon_deg=117.9, lat_deg=29.5, households=100, gigabit_reached=80,
        gigabit_users=20, hundred_reached=100, hundred_users=60,
    )  # fmt: skip
    for rows in ([village, replace(village, id="V2")], [village]):
        await journal.write(
            lambda t, rows=rows: replace_layer(t.connection, "broadband", rows, clock.now())
        )
    assert await journal.read(communities) == [village]
    told = broadband_figures([village, replace(village, id="V2", gigabit_reached=0, gigabit_users=0)])  # fmt: skip
    assert (told["gigabit_reach"], told["gigabit_take_up"], told["without_gigabit"]) == (
        0.4,
        0.25,
        1,
    )
