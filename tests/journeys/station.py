"""A person's station: a page signed in through the real form, and what is drawn on it, read from the screen."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser

from tests.browsing import Seen
from tests.journeys.office import Office, phase, until
from views.words import catalogue

WITHIN_MS = 40_000
# What a browser says by itself of a server that is not there.
DEAD_SERVER = re.compile(
    r"net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING)"
    r"|status of 503 .*/api/v1/(travel|isochrones)"  # back, and reading its roads
)
NO_NETWORK = re.compile(r"net::ERR_(INTERNET_DISCONNECTED|FAILED)|ERR_NETWORK_CHANGED")
DEPARTMENTS = {"urban": "urban_management"}  # who sees only what their department has a task in
ROWS = """() => Object.fromEntries([...document.querySelectorAll('#queue .row:not([hidden])')]
    .map((row) => [row.dataset.id, row.querySelector('.state > span').textContent]))"""
MARKS = """() => {
    const found = [];
    window.onenetMaps[0].eachLayer((layer) => {
        if (!layer.mark || layer.unit || !layer.mark.isConnected) return;
        const phase = /is-(waiting|going|checking)/.exec(layer.mark.className)[1];
        const { lng, lat } = layer.getLatLng();
        found.push([lng, lat, layer.mark.textContent, phase]);
    });
    return found.sort();
}"""
UNITS = """() => {
    const found = {};
    window.onenetMaps[0].eachLayer((layer) => {
        if (layer.unit && layer.mark.isConnected) found[layer.unit.id] = [layer.getLatLng().lng, layer.getLatLng().lat];
    });
    return found;
}"""


class Station(Seen):
    """One person at one page; the page stays for as long as the journey, and is never loaded anew."""

    def __init__(self, browser: Browser, office: Office, user: str, path: str) -> None:
        super().__init__(browser, office.console.url, path)
        self.user, self.path = user, path
        self.page.set_default_timeout(WITHIN_MS)
        self.sign_in(office.passwords[user])
        self.ready(path.strip("/"))
        self.page.wait_for_selector(".standing.is-live")
        self.page.evaluate("() => { window.neverReloaded = true; }")

    def sign_in(self, password: str) -> None:
        self.page.wait_for_selector("#username:focus")
        self.page.fill("#username", self.user)
        self.page.fill("#password", password)
        self.page.press("#password", "Enter")

    @property
    def never_reloaded(self) -> bool:
        return bool(self.page.evaluate("() => window.neverReloaded === true"))

    def rows(self) -> dict[str, str]:
        """Return the queue: case to the state's word."""
        rows: dict[str, str] = self.page.evaluate(ROWS)
        return rows

    def marks(self) -> list[Any]:
        marks: list[Any] = self.page.evaluate(MARKS)
        return marks

    def units(self) -> dict[str, list[float]]:
        units: dict[str, list[float]] = self.page.evaluate(UNITS)
        return units

    def waits_for_unit(self, unit: str, lon: float, lat: float) -> None:
        """Wait until the map shows the unit there."""
        assert until(lambda: self.units().get(unit) == [lon, lat]), self.units().get(unit)

    def open_figure(self) -> int:
        return int(self.page.locator("#figures .figure b").first.inner_text())

    def shows(self, cases: dict[str, dict[str, Any]]) -> bool:
        """Say whether queue (or figure) and map show exactly these cases, as far as they are this person's to see."""
        words = catalogue("zh")
        if department := DEPARTMENTS.get(self.user):
            cases = {
                id: row for id, row in cases.items() if department in (row["lead"], *row["assists"])
            }
        marks = [
            [row["lon"], row["lat"], row["priority"], phase(row["state"])] for row in cases.values()
        ]
        if self.path == "/wall":
            listed = self.open_figure() == len(cases)
        else:
            wanted = {id: words[f"state.{row['state']}"] for id, row in cases.items()}
            listed = self.rows() == wanted
        return listed and sorted(self.marks()) == sorted(marks)

    def waits_for(self, case: dict[str, Any], state: str) -> None:
        """Wait until the queue shows the case in this state."""
        word = catalogue("zh")[f"state.{state}"]
        self.page.wait_for_selector(f"#queue .row[data-id='{case['id']}']:has-text('{word}')")

    def panel_says(self, state: str) -> None:
        word = catalogue("zh")[f"state.{state}"]
        self.page.wait_for_selector(f".case-head .state:has-text('{word}')")

    def select(self, case: dict[str, Any]) -> None:
        self.page.click(f"#queue .row[data-id='{case['id']}']")
        self.page.wait_for_selector(f".case-head:has-text('{case['number']}')")

    def opens(self, action: str) -> None:
        """Press an action's button, wherever it stands."""
        button = self.page.locator(f".case-actions [data-action={action}]")
        button.wait_for(state="attached")
        if not button.is_visible():
            self.page.click(".case-actions details.more > summary")
        button.click()
        self.page.wait_for_selector(".action-form")

    def opens_for(self, department: str, step: str) -> None:
        """Press a step where a department's part stands."""
        self.page.click(f".department[data-department={department}] [data-step={step}]")
        self.page.wait_for_selector(".action-form")

    def sends(self) -> None:
        self.page.click(".action-form button[type=submit]")

    def does(self, action: str) -> None:
        """Do an action as its form stands, and wait until it is done."""
        self.opens(action)
        self.sends()
        self.page.wait_for_selector(".action-form", state="detached")

    def takes(self, text: str, category: str, place: tuple[float, float]) -> None:
        """Take a report with the keyboard alone."""
        self.fills(text, category)
        self.page.keyboard.type(f"{place[0]}, {place[1]}")
        self.page.keyboard.press("Control+Enter")

    def fills(self, text: str, category: str) -> None:
        """Begin a report with the keyboard alone, as far as its place."""
        keyboard = self.page.keyboard
        keyboard.press("n")
        self.page.wait_for_selector(".report-form textarea:focus")
        keyboard.type(text)
        keyboard.press("Tab")
        keyboard.type(category)
        self.page.wait_for_selector(f".options:not([hidden]) >> text={category}")
        keyboard.press("Enter")
        keyboard.press("Tab")

    def has_left_the_form(self) -> None:
        self.page.wait_for_selector(".report-form", state="detached")

    def waits_until_gone(self, case: dict[str, Any]) -> None:
        """Wait until the queue shows the case no more; the wall has none."""
        self.page.wait_for_selector(f"#queue .row[data-id='{case['id']}']", state="hidden")

    def hush(self) -> list[str]:
        """Return what the console said until now, and forget it."""
        self.page.evaluate("() => 0")  # what was said before this is heard before its answer
        said, self.said = self.said, []
        return said


def agree(office: Office, stations: Iterable[Station]) -> None:
    """Hold that every screen comes to show exactly what the API lists."""
    for station in stations:
        assert until(lambda s=station: s.shows(office.open_cases())), (  # type: ignore[misc]
            f"{station.user} on {station.path} shows {station.marks()}, the API lists {office.open_cases()}"
        )


@contextmanager
def outage(office: Office, stations: list[Station]) -> Iterator[None]:
    """Kill the server; start it again at the block's end and wait until every page is back by itself."""
    for station in stations:
        assert station.hush() == []
    office.console.kill()
    yield
    office.console.start()
    office.waits_for_roads()
    for station in stations:
        station.page.wait_for_selector(".standing.is-live")
        said = station.hush()
        assert [line for line in said if not DEAD_SERVER.search(line)] == []
        assert said, "the page did not notice that its server was gone"
