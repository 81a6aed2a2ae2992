"""A crew's phone at 390 × 844: offline in the rain everything is kept and sent once, a refusal is shown, nothing is left."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.office import Json, Office, until
from tests.journeys.station import DEAD_SERVER, NO_NETWORK, Station, outage
from tests.runtime.citizens import a_photo

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0 Mobile Safari/537.36"
)
UNIT = "fire-01"
REFUSED = re.compile(r"the server responded with a status of 409")  # what the crew is told, too
WITHIN_MS = 40_000


class Phone:
    """A phone in the hand of the fire department's officer."""

    def __init__(self, browser: Browser, office: Office, width: int = 390) -> None:
        self.office, self.said = office, list[str]()
        lon, lat = office.center
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 844},
            is_mobile=True,
            has_touch=True,
            locale="zh-CN",
            user_agent=PHONE,
            permissions=["geolocation"],
            geolocation={"longitude": lon, "latitude": lat, "accuracy": 8},
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(WITHIN_MS)
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))

    def sign_in(self) -> None:
        self.page.goto(f"http://127.0.0.1:{self.office.console.port}/")
        self.page.fill("#username", "fire")
        self.page.fill("#password", self.office.passwords["fire"])
        self.page.tap("button[type=submit]")
        self.page.wait_for_url("**/field")
        self.page.tap(f"[data-choose={UNIT}]")

    def press(self, step: str) -> None:
        self.page.tap(f".task.is-open [data-step={step}]")

    def note(self, text: str) -> None:
        self.page.tap(".task.is-open [data-note]")
        self.page.fill(".ask textarea", text)
        self.page.tap(".ask button[type=submit]")

    def waits(self, n: int) -> None:
        expect(self.page.locator(f"[data-waiting='{n}']")).to_be_attached(timeout=WITHIN_MS)

    def faults(self) -> list[str]:
        """Return what the console said but for what a browser says of a dead server and a missing network."""
        harmless = (DEAD_SERVER, NO_NETWORK, REFUSED)
        return [line for line in self.said if not any(one.search(line) for one in harmless)]


def asked(office: Office, text: str) -> Json:
    case = office.report(text, lane="emergency")
    return office.command(case, "dispatch", lead="fire", units=[UNIT])


def events(office: Office, kind: str, **members: Any) -> list[Json]:
    found: list[Json] = []
    after = 0
    while True:
        told = office.get(f"/events?after={after}&limit=1000")
        found += [one for one in told["items"] if one["type"] == kind]
        if told["next"] == after:
            break
        after = told["next"]
    return [one for one in found if members.items() <= one["data"].items()]


def test_a_crew_works_on_without_a_network_and_everything_is_there_once(
    browser: Browser, office: Office, stations: list[Station], tmp_path: Path
) -> None:
    phone = Phone(browser, office)
    phone.sign_in()
    on_duty(phone)
    # It comes by itself, and is answered with a network.
    case = asked(office, "厂房冒黑烟")
    (held,) = office.get(f"/assignments?unit={UNIT}&open=true")["items"]
    phone.press("ack")
    expect(phone.page.locator(".task.is-open .steps .now")).to_contain_text("接受")
    phone.waits(0)
    works_offline(phone, tmp_path)

    with outage(office, stations):  # back on the network, but the centre restarts
        phone.context.set_offline(False)
        phone.waits(3)
    phone.waits(0)
    everything_is_there_once(office, case, held)
    is_refused_what_came_too_late(phone, held)
    leaves_nothing(phone)
    assert phone.faults() == []
    phone.context.close()


def on_duty(phone: Phone) -> None:
    """Share the position, and wait until the phone has kept the page's shell."""
    page = phone.page
    expect(page.locator("[data-link=live]")).to_be_attached(timeout=WITHIN_MS)
    page.tap("[data-sharing]")
    expect(page.locator("[data-sharing=on]")).to_be_attached()
    assert until(lambda: _position(phone.office) is not None)
    page.wait_for_function("() => navigator.serviceWorker.controller")
    page.wait_for_function(
        "async () => (await caches.match('/assets/field.mjs')) && (await caches.match('/field'))"
    )


def works_offline(phone: Phone, folder: Path) -> None:
    """Roll, note and photograph without a network, and open the page anew: three deeds wait."""
    page = phone.page
    phone.context.set_offline(True)
    phone.press("enroute")
    phone.waits(1)
    phone.note("东门进不去,走西门")
    photo = folder / "现场.jpg"
    photo.write_bytes(a_photo())
    page.set_input_files("[data-photo]", photo)
    phone.waits(3)
    assert "3" in page.inner_text(".notice")
    page.reload()  # by the worker, with what the phone kept
    phone.waits(3)
    expect(page.locator(".task.is-open .steps .now")).to_contain_text("出动")
    (held,) = phone.office.get(f"/assignments?unit={UNIT}&open=true")["items"]
    assert held["state"] == "ACKED"


def everything_is_there_once(office: Office, case: Json, held: Json) -> None:
    (now,) = office.get(f"/assignments?unit={UNIT}&open=true")["items"]
    assert (now["id"], now["state"]) == (held["id"], "ENROUTE")
    for step in ("acked", "enroute"):
        kind = f"dispatch.assignment_{step}.v1"
        assert len(events(office, kind, assignment_id=held["id"])) == 1
    detail = office.get(f"/cases/{case['id']}")
    notes = [one for one in detail["timeline"] if one["kind"] == "incidents.note_added.v1"]
    assert [one["data"]["text"] for one in notes] == ["东门进不去,走西门", "[现场照片]"]
    assert all(one["source_at"] < one["at"] for one in notes)  # the crew's own clock beside ours
    assert [each["width"] for report in detail["reports"] for each in report["photos"]] == [300]


def is_refused_what_came_too_late(phone: Phone, held: Json) -> None:
    """The centre calls the unit off while the phone is away: what it then does is refused, and stays until it is read."""
    page = phone.page
    phone.context.set_offline(True)
    phone.office.post(f"/assignments/{held['id']}/cancel", {"reason": "误报"})
    phone.press("on_scene")
    phone.waits(1)
    phone.context.set_offline(False)
    expect(page.locator("[data-refused]")).to_contain_text("到场", timeout=WITHIN_MS)
    phone.waits(0)
    page.tap("[data-refused] button")
    expect(page.locator("[data-refused]")).to_have_count(0)


def leaves_nothing(phone: Phone) -> None:
    page = phone.page
    page.tap(".menu")
    page.tap("[data-menu=sign_out]")
    page.wait_for_url(
        "**/signin*"
    )  # with or without where to go next: an answer under way may come first
    assert page.evaluate("async () => (await caches.keys()).length") == 0
    assert page.evaluate(KEPT) == 0


KEPT = """() => new Promise((resolve) => { const asked = indexedDB.open('onenet-field');
    asked.onsuccess = () => { asked.result.transaction('kept').objectStore('kept').count().onsuccess =
        (event) => resolve(event.target.result); }; })"""


def _position(office: Office) -> Json | None:
    units = office.get("/units")["items"]
    found: Json | None = next(one for one in units if one["id"] == UNIT)["position"]
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_at_360_px_nothing_is_cut_and_everything_can_be_touched(
    browser: Browser, office: Office, language: str
) -> None:
    asked(office, "仓库起火")
    phone = Phone(browser, office, 360)
    address = f"http://127.0.0.1:{office.console.port}"
    phone.context.add_cookies([{"name": "onenet_language", "value": language, "url": address}])
    phone.sign_in()
    page = phone.page
    page.tap(".task.is-open [data-map]")
    page.wait_for_selector(".task-map img")
    page.tap(".task.is-open [data-step=decline]")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    small = page.evaluate(
        "[...document.querySelectorAll('button, .button')].filter((e) => e.offsetParent)"
        ".map((e) => [e.textContent, e.getBoundingClientRect().height])"
        ".filter(([, height]) => height < 44)"
    )
    assert small == []
    assert not re.search(r"\bfield\.", page.inner_text("body"))
    page.tap(".picks button")
    page.tap(".ask button[type=submit]")
    expect(page.locator(".task.is-open")).to_have_count(0, timeout=WITHIN_MS)
    assert until(lambda: not office.get(f"/assignments?unit={UNIT}&open=true")["items"])
    assert phone.faults() == []
    phone.context.close()
