"""Calls and 12345 orders are kept once however often they come, and counted as an independent reckoning does it."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from exchange.sheet import Sheet
from indicators.catalogue import BY_ID
from indicators.frame import Frames
from indicators.hotline import Call
from indicators.measure import count, figure
from indicators.model import Figure, Window
from runtime.figures_book import FiguresBook
from runtime.hotline_import import HotlineFrames, HotlineImport
from security.policy import permissions_of
from security.principal import Principal
from storage.audit import audit_head
from storage.hotline import known_rows
from storage.rebuild import rebuild
from tests.clocks import ManualClock
from tests.sensors.office import Office
from vocabulary.message import Actor

LEADER = Principal(
    actor=Actor(id="p1", name="陈静", kind="person", roles=frozenset({"supervisor"})),
    permissions=permissions_of(["supervisor"]),
)
FIRST = datetime(2026, 11, 2, 8, 0)  # noqa: DTZ001  # local, as a sheet tells it
LINES = 240


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path, ManualClock())
    yield made
    made.close()


def book_of(office: Office, hotline: HotlineImport) -> FiguresBook:
    book = FiguresBook(office.journal, sources=())
    book.also(HotlineFrames(hotline))
    return book


def sheet_of(table: Any) -> Sheet:
    return Sheet(name="话单.csv", form="csv", content=table.to_csv(index=False).encode())


def november(office: Office) -> Window:
    zone = office.rooms.tables.calendar.zone
    return Window(
        since=datetime(2026, 11, 1, tzinfo=zone), until=datetime(2026, 12, 1, tzinfo=zone)
    )


async def told(office: Office, book: FiguresBook, id: str) -> Figure:
    window = november(office)
    return await book.ask(
        lambda frames: figure(BY_ID[id], frames, window, window.until.timestamp())
    )


def call_log() -> Any:
    chance = random.Random(3)  # noqa: S311
    rows = []
    for n in range(LINES):
        rang = FIRST + timedelta(minutes=37 * n)
        wait = round(chance.expovariate(1 / 9), 0)
        answered = rang + timedelta(seconds=wait) if chance.random() < 0.93 else None
        rows.append({"id": f"C{n}", "线路": "12345", "振铃时间": rang, "应答时间": answered})
    return pd.DataFrame(rows)


async def test_a_call_log_brought_twice_is_counted_once_as_pandas_counts_it(office: Office) -> None:
    log, hotline = call_log(), HotlineImport(office.rooms)
    book = book_of(office, hotline)
    assert (await told(office, book, "C01")).no_source
    assert (await told(office, book, "C01b")).no_source
    looked = await hotline.bring(LEADER, "calls", sheet_of(log), dry_run=True)
    assert looked["added"] == LINES
    assert (await told(office, book, "C01")).no_source
    assert (await hotline.bring(LEADER, "calls", sheet_of(log), dry_run=False))["added"] == LINES
    again = await hotline.bring(LEADER, "calls", sheet_of(log), dry_run=False)
    assert (again["added"], again["unchanged"]) == (0, LINES)

    wait = (log["应答时间"] - log["振铃时间"]).dt.total_seconds().dropna().sort_values()
    found = await told(office, book, "C01")
    assert (found.n, found.hits) == (len(wait), int((wait <= 15).sum()))
    for percent in (50, 90, 95, 99):
        rank = -(-percent * len(wait) // 100) - 1
        assert found.percentiles[f"p{percent}"] == wait.iloc[rank]
    share = await told(office, book, "C01b")
    assert (share.hits, share.n) == (len(wait), LINES)


async def test_a_corrected_call_takes_the_place_of_the_former_one_and_the_book_follows(
    office: Office,
) -> None:
    log, hotline = call_log().head(3), HotlineImport(office.rooms)
    book = book_of(office, hotline)
    await hotline.bring(LEADER, "calls", sheet_of(log), dry_run=False)
    log.loc[0, "应答时间"] = log.loc[0, "振铃时间"] + timedelta(seconds=40)
    corrected = await hotline.bring(LEADER, "calls", sheet_of(log), dry_run=False)
    assert (corrected["added"], corrected["unchanged"]) == (1, 2)
    assert (await told(office, book, "C01")).percentiles["p99"] == 40.0


async def test_what_was_brought_is_there_after_a_restart_and_a_rebuild_and_is_on_the_trail(
    office: Office,
) -> None:
    before = await office.journal.read(audit_head)
    first = HotlineImport(office.rooms)
    await first.bring(LEADER, "calls", sheet_of(call_log()), dry_run=False)
    assert (await office.journal.read(audit_head)).seq == before.seq + 1
    rebuild(office.journal)
    book = book_of(office, HotlineImport(office.rooms))
    assert (await told(office, book, "C01b")).n == LINES


def orders() -> Any:
    chance = random.Random(5)  # noqa: S311
    rows: list[dict[str, Any]] = []
    for n in range(LINES):
        received = FIRST + timedelta(minutes=41 * n)
        due = received + timedelta(days=2)
        closed = (
            received + timedelta(hours=chance.randint(1, 70)) if chance.random() < 0.9 else None
        )
        signed = received + timedelta(minutes=chance.randint(1, 90))
        asked = chance.random() < 0.6
        rows.append(
            {
                "工单编号": f"G{n}", "受理时间": received, "承办单位": "", "签收时限": received + timedelta(hours=1),
                "签收时间": signed, "办结时限": due, "办结时间": closed, "回访时间": due if asked else None,
                "是否响应": chance.choice(["是", "否"]), "是否解决": chance.choice(["已解决", "未解决"]) if asked else "",
                "满意度": chance.choice(["满意", "不满意"]) if asked else "", "是否重办": chance.choice(["是", "否"]),
                "剔除": "是" if chance.random() < 0.05 else "",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


async def test_the_six_rates_of_12345_are_those_pandas_counts(office: Office) -> None:
    table, hotline = orders(), HotlineImport(office.rooms)
    lead = next(iter(office.rooms.tables.departments.values()))
    table.loc[: LINES // 2, "承办单位"] = lead.zh
    book = book_of(office, hotline)
    assert (await told(office, book, "H01a")).no_source
    report = await hotline.bring(LEADER, "hotline", sheet_of(table), dry_run=False)
    assert (report["added"], report["refused"]) == (LINES, 0)
    counted = table[table["剔除"] == ""]
    asked = counted[counted["回访时间"].notna()]
    closed = counted[counted["办结时间"].notna()]
    expected = {
        "H01a": (int((counted["是否响应"] == "是").sum()), len(counted)),
        "H01b": (int((asked["是否解决"] == "已解决").sum()), len(asked)),
        "H01c": (int((asked["满意度"] == "满意").sum()), len(asked)),
        "H01d": (int((counted["签收时间"] <= counted["签收时限"]).sum()), len(counted)),
        "H01e": (int((counted["办结时间"] <= counted["办结时限"]).sum()), len(counted)),
        "H01f": (int((closed["是否重办"] == "是").sum()), len(closed)),
    }
    for id, (hits, n) in expected.items():
        found = await told(office, book, id)
        assert (found.hits, found.n) == (hits, n), id
    assert (await told(office, book, "H01a")).left_out["exempt"] == LINES - len(counted)

    def of_one(frames: Frames) -> int:
        window = november(office)
        own = count(
            BY_ID["H01d"], frames, window, window.until.timestamp(), {"department": lead.id}
        )
        return len(own.rows) if own else 0

    # A department's people see their own: its name in the sheet is ours by id.
    assert await book.ask(of_one) == int((counted["承办单位"] == lead.zh).sum())


async def test_a_long_log_is_kept_in_parts(office: Office) -> None:
    parts = [call_log() for _ in range(5)]
    for turn, part in enumerate(parts):
        part["id"] += f"-{turn}"
    log: Any = pd.concat(parts)
    report = await HotlineImport(office.rooms).bring(LEADER, "calls", sheet_of(log), dry_run=False)
    assert report["added"] == 5 * LINES
    assert len(report["rows"]) == 1000
    assert len(await office.journal.read(lambda c: known_rows(c, Call))) == 5 * LINES
