"""One office for all journeys: making a county and people takes some seconds, and a console serves many people anyway."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dispatch.kinds import ANSWER_WITHIN
from incidents.model import Priority
from tests.browsing import opened
from tests.console_process import ConsoleProcess
from tests.journeys.office import Office
from tests.journeys.station import Station, agree


@pytest.fixture(scope="package")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    console = ConsoleProcess(tmp_path_factory.mktemp("journeys") / "home")
    patient(console.home)
    console.start()
    try:
        yield Office(console)
    finally:
        console.stop()


def patient(home: Path) -> None:
    """Let the office's crews have an hour to answer, in its own table: a busy machine takes a minute to tap three times."""
    own = home / "tables" / ANSWER_WITHIN
    own.parent.mkdir()
    own.write_text("\n".join(["priority,answer_within_s", *(f"{p},3600" for p in Priority)]))


@pytest.fixture(scope="package")
def browser(chromium_path: str) -> Iterator[Browser]:
    with opened(chromium_path) as browser:
        yield browser


@pytest.fixture(scope="package")
def stations() -> list[Station]:
    """Return the stations that stay open from journey to journey."""
    return []


def _opened(browser: Browser, office: Office, stations: list[Station], *who: str) -> Station:
    station = Station(browser, office, *who)
    stations.append(station)
    return station


@pytest.fixture(scope="package")
def desk(browser: Browser, office: Office, stations: list[Station]) -> Station:
    return _opened(browser, office, stations, "dispatcher", "/desk")


@pytest.fixture(scope="package")
def second(browser: Browser, office: Office, stations: list[Station]) -> Station:
    return _opened(browser, office, stations, "supervisor", "/desk")


@pytest.fixture(scope="package")
def wall(browser: Browser, office: Office, stations: list[Station]) -> Station:
    return _opened(browser, office, stations, "operator", "/wall")


@pytest.fixture(scope="package")
def crew(browser: Browser, office: Office, stations: list[Station]) -> Station:
    """Return the desk of a department's people: urban management."""
    return _opened(browser, office, stations, "urban", "/desk")


@pytest.fixture(scope="package")
def leader(browser: Browser, office: Office, stations: list[Station]) -> Station:
    return _opened(browser, office, stations, "leader", "/desk")


@pytest.fixture(autouse=True)
def every_journey_ends_quiet_and_in_agreement(
    office: Office, stations: list[Station]
) -> Iterator[None]:
    """Hold after every journey: an empty console log, no reload, and screens that show what the API lists: nothing."""
    yield
    office.clear()
    agree(office, stations)
    for station in stations:
        assert (station.user, station.hush(), station.never_reloaded) == (station.user, [], True)
