"""The sample county's observatory over a real store: it warns at its first turn, once, and what it warned of ends by itself."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from exchange.ports import Once
from exchange.sample_feed.warnings import of_turn, turn_at
from incidents.warnings.messages import CancelWarning
from runtime.warning_figures import warning_figures
from runtime.warning_tasks import SampleWarner
from runtime.warning_work import WarningWork
from security.administration import SYSTEM_PRINCIPAL
from tests.sensors.office import Office, an_office


async def in_force(work: WarningWork) -> list[Any]:
    told = await work.warnings(SYSTEM_PRINCIPAL, past=False, limit=10)
    return [(row["hazard"], row["colour"]) for row in told["items"]]


async def test_it_warns_of_rain_at_first_once_and_of_the_next_in_its_turn(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        work = WarningWork(office.rooms)
        warner = SampleWarner(office.rooms, work)
        for _ in range(2):
            await warner.turn()
        assert await in_force(work) == [("rainstorm", "yellow")]
        await SampleWarner(office.rooms, work).turn()  # a console started again
        assert await in_force(work) == [("rainstorm", "yellow")]
        office.clock.advance(timedelta(hours=3))
        await work.expire_warnings()
        assert await in_force(work) == []
        office.clock.at = turn_at(office.clock.at) + timedelta(hours=8, seconds=4)
        for _ in range(2):
            await warner.turn()
        assert [hazard for hazard, _ in await in_force(work)] == [
            of_turn(turn_at(office.clock.at)).hazard
        ]


async def test_the_summary_has_what_is_in_force_and_what_was_issued_in_the_span(
    tmp_path: Path,
) -> None:
    async with an_office(tmp_path) as office:
        work = WarningWork(office.rooms)
        await SampleWarner(office.rooms, work).turn()
        told = await figures(office)
        assert (told["issued"], told["by_colour"]["yellow"], len(told["in_force"])) == (1, 1, 1)
        assert told["in_force"][0]["words"]["en"]["event"] == "rainstorm"
        wish = CancelWarning(identifier=told["in_force"][0]["id"], reason="雨停")
        once = Once(key="off", fingerprint="off")
        for replayed in (False, True):
            answer = await work.cancel_warning(SYSTEM_PRINCIPAL, wish, once)
            assert (answer.status, answer.replayed) == (200, replayed)
        told = await figures(office)
        assert (told["issued"], told["in_force"]) == (1, [])


async def figures(office: Office) -> Any:
    now = office.clock.now()
    day = timedelta(days=1)
    return await warning_figures(office.rooms, now - day, now + day)
