"""V01 to V04 as counted by hand: devices that are heard, alarms that came to nothing, what they came to, and who knew first."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from incidents import handlers
from incidents.commands import Merge, ReceiveReport, Reject
from incidents.model import Case
from incidents.rulebook import shipped_tables
from indicators.catalogue import BY_ID
from indicators.columns import seconds
from indicators.frame import Frames
from indicators.measure import figure
from indicators.model import Figure, Window
from runtime.figures_book import FiguresBook
from runtime.figures_sensing import sensing_sources
from runtime.report_taking import take_report
from storage.alarms import alarms_from
from storage.case_work import CasesInTransaction
from storage.transaction import Transaction
from tests.sensors.office import Office, an_office
from vocabulary.message import SYSTEM, Actor, Command

DEPTHS = [(f"d{n}", "road_water", "depth", 40.0 * n) for n in range(3)]
OFFICER = Actor(id="p1", name="陈静", kind="person", roles=frozenset({"supervisor"}))


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as opened:
        yield opened


@pytest.fixture
def book(office: Office) -> FiguresBook:
    made = FiguresBook(office.journal)
    made.also(*sensing_sources(office.rooms, office.sensing))
    return made


async def told(book: FiguresBook, office: Office, id: str) -> Figure:
    now = office.clock.now()
    day = Window(since=now - timedelta(days=1), until=now + timedelta(hours=1))

    def work(frames: Frames) -> Figure:
        return figure(BY_ID[id], frames, day, seconds(now + timedelta(seconds=1)))

    return await book.ask(work)


async def flooded(office: Office, *devices: str) -> None:
    """Let devices raise alarms that become cases."""
    await office.say(*((name, 20.0) for name in devices))
    await office.step(121)
    await office.follow()


async def command(office: Office, case: Case, wish: Command) -> None:
    """Let an officer do something to a case."""

    def work(transaction: Transaction, /) -> None:
        handlers.command_case(
            CasesInTransaction(transaction, office.rooms.keyring),
            case.id,
            case.version,
            wish,
            actor=OFFICER,
            at=office.clock.now(),
            tables=shipped_tables(),
        )

    await office.journal.write(work)


async def test_a_device_is_online_while_it_is_heard_within_three_periods(
    office: Office, book: FiguresBook
) -> None:
    assert (await told(book, office, "V01")).no_source
    await office.bring(*DEPTHS)
    await office.say(("d0", 3.0), ("d1", 3.0))
    found = await told(book, office, "V01")
    assert (found.hits, found.n) == (2, 3)
    office.clock.advance(timedelta(minutes=10))
    await office.say(("d1", 3.0))
    found = await told(book, office, "V01")
    assert (found.hits, found.n) == (1, 3)


async def test_a_storm_is_weighed_by_the_cases_it_became(office: Office, book: FiguresBook) -> None:
    assert (await told(book, office, "V04")).no_source
    await office.bring(*DEPTHS)
    none = await told(
        book, office, "V04"
    )  # all is quiet: that is nothing, and not that nobody looks
    assert (none.no_source, none.n, none.value) == (False, 0, None)
    await flooded(office, "d0", "d1", "d2")
    found = await told(book, office, "V04")
    assert (found.n, found.hits, found.value) == (3, 1, 3.0)


async def test_an_alarm_whose_case_was_not_filed_was_false_and_an_open_one_is_not_counted(
    office: Office, book: FiguresBook
) -> None:
    await office.bring(*DEPTHS, ("far", "road_water", "depth", 1600.0))
    await flooded(office, "d0", "d1", "far")
    assert (await told(book, office, "V02")).n == 0
    storm = next(case for case in await office.cases() if len(case.reports) == 2)

    await command(office, storm, Reject(reason="not_true"))
    found = await told(book, office, "V02")
    assert (found.hits, found.n) == (2, 2)


async def test_the_lead_is_from_the_first_alarm_to_the_first_person_who_told(
    office: Office, book: FiguresBook
) -> None:
    await office.bring(*DEPTHS)
    await flooded(office, "d0")
    (case,) = await office.cases()
    raised_at = (await office.alarms())[0].raised.raised_at
    assert (await told(book, office, "V03")).n == 0
    office.clock.advance(timedelta(minutes=9))
    heard = ReceiveReport(text="积水", category="E0506", place=office.place(100), source="phone")
    await office.journal.write(lambda tx: take_report(office.rooms, tx, heard, SYSTEM))
    reported_at = office.clock.now()
    (other,) = [one for one in await office.cases() if one.id != case.id]
    office.clock.advance(timedelta(minutes=5))
    await command(office, other, Merge(master=case.id))
    found = await told(book, office, "V03")
    assert (found.n, found.value) == (1, (reported_at - raised_at).total_seconds())


async def test_what_is_asked_as_it_happens_is_what_is_asked_once_at_the_end(
    office: Office, book: FiguresBook
) -> None:
    late = FiguresBook(office.journal)
    late.also(*sensing_sources(office.rooms, office.sensing))
    await office.bring(*DEPTHS, ("far", "road_water", "depth", 1600.0))
    asked = ("V02", "V03", "V04")
    for devices in (("d0",), ("d1", "far"), ("d2",)):
        await flooded(office, *devices)
        for id in asked:
            await told(book, office, id)
    for case in await office.cases():
        await command(office, case, Reject(reason="not_true"))
        await told(book, office, "V02")
    for id in asked:
        assert await told(book, office, id) == await told(late, office, id)
    assert (await told(book, office, "V02")).n == 4


async def test_only_the_rows_of_alarms_that_may_still_change_are_written_again(
    office: Office, book: FiguresBook
) -> None:
    def rows(frames: Frames) -> tuple[int, int]:
        frame = frames["alarms"]
        return int(frame.alive.sum()), int((~frame.alive).sum())

    await office.bring(*DEPTHS)
    await flooded(office, "d0", "d1")
    stood, written_anew = await book.ask(rows)
    assert (stood, written_anew) == (2, 0)
    await flooded(office, "d2")
    stood, written_anew = await book.ask(rows)
    assert stood > 2
    assert written_anew == 0


def test_more_alarms_than_a_statement_may_name_are_looked_at_again(office: Office) -> None:
    many = [f"alarm-{n:06d}" for n in range(70_000)]
    found = office.journal.read_blocking(lambda c: alarms_from(c, office.clock.now(), many))
    assert found == []
