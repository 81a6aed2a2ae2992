"""The engineer's screen: a device found, seen closely and silenced; an alarm answered; a rule tried before it goes live."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload

from tests.journeys.office import Office, until
from tests.journeys.station import Station
from views.words import catalogue
from vocabulary.clock import SystemClock, to_text

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

WORDS = catalogue("zh")
HOURS = 3
PAINTED = """() => {
    const canvas = document.querySelector('.sensor-chart');
    const copy = document.createElement('canvas');
    Object.assign(copy, { width: canvas.width, height: canvas.height });
    const pen = copy.getContext('2d', { willReadFrequently: true });
    pen.drawImage(canvas, 0, 0);
    const pixels = pen.getImageData(0, 0, copy.width, copy.height).data;
    return new Set(new Uint32Array(pixels.buffer)).size;
}"""


class Gauges:
    """The county's devices as an engineer's key drives them."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.key = office.console.key("engineer")
        self.rows = self.ask("GET", "/sensors")["rows"]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        call = self.office.console.call
        status, told = call(method, f"/api/v1{path}", body, key=self.key, timeout_s=30)
        assert status in (200, 201), (path, status, told)
        return told

    def first(self, kind: str) -> tuple[str, str]:
        """Return the id and the name of a device of a kind."""
        return next((row[0], row[1]) for row in self.rows if row[2] == kind)

    def say(self, device: str, channel: str, *values: float) -> None:
        """Say values a minute apart, the last one now."""
        now = SystemClock().now()
        ages = range(len(values) - 1, -1, -1)
        readings = [
            {"device": device, "channel": channel, "at": to_text(now - timedelta(minutes=age)), "value": value}
            for age, value in zip(ages, values, strict=True)
        ]  # fmt: skip
        assert self.ask("POST", "/readings", {"readings": readings})["refused"] == []

    def standing(self, device: str) -> list[dict[str, Any]]:
        alarms: list[dict[str, Any]] = self.ask("GET", "/alarms?standing=true&limit=300")["items"]
        return [alarm for alarm in alarms if alarm["device"] == device]


@pytest.fixture(scope="module")
def gauges(office: Office) -> Gauges:
    return Gauges(office)


@pytest.fixture(scope="module")
def screen(browser: Browser, office: Office) -> Iterator[Station]:
    station = Station(browser, office, "engineer", "/sensors")
    yield station
    station.context.close()


def find(screen: Station, text: str) -> None:
    """Open the one device that the search leaves."""
    page = screen.page
    page.keyboard.press("Escape")
    page.fill("#devices input[type=search]", text)
    page.click(f"#devices .sensor-row:not([hidden]) :text-is('{text}')")
    page.wait_for_selector(f".drawer-head :text-is('{text}')")


def test_a_device_is_found_by_its_name_and_shows_its_history(
    gauges: Gauges, screen: Station
) -> None:
    id, name = gauges.first("road_water")
    gauges.say(id, "depth", *(1.0 + minute % 7 for minute in range(60 * HOURS)))
    find(screen, name)
    page = screen.page
    assert page.locator("#devices .sensor-row:not([hidden])").count() == 1
    assert until(lambda: page.evaluate(PAINTED) > 3), "the chart stays empty"
    assert until(lambda: str(60 * HOURS) in page.inner_text(".sensor-chart + p"))
    parts = page.locator(".drawer-part h3").all_inner_texts()
    for part in ("alarms", "suppression", "health", "neighbours"):
        assert WORDS[f"sensors.{part}"] in parts
    assert page.locator(".drawer-part .link").count() > 0, "it has no neighbours"
    assert screen.hush() == []


def test_an_alarm_is_told_acknowledged_and_cleared_with_a_reason(
    gauges: Gauges, screen: Station
) -> None:
    id, name = gauges.first("gas")
    gauges.say(id, "methane_lel", 3.0, 60.0)
    assert until(lambda: bool(gauges.standing(id))), "no alarm"
    page = screen.page
    page.keyboard.press("Escape")
    page.fill("#devices input[type=search]", "")
    card = page.locator(".alarm-card", has_text=name)
    card.wait_for()
    card.get_by_text(WORDS["alarm.acknowledge"], exact=True).click()
    assert until(lambda: gauges.standing(id)[0]["acknowledged_at"] is not None)
    card.get_by_text(f"{WORDS['alarm.clear']}…").click()
    card.locator("form.reason input").fill("现场复核,探头受潮")
    card.locator("form.reason button").click()
    assert until(lambda: not gauges.standing(id))
    assert until(lambda: card.count() == 0), "a cleared alarm stays among those that stand"
    assert screen.hush() == []


def test_a_device_is_silenced_with_a_reason_until_somebody_ends_it(
    gauges: Gauges, screen: Station
) -> None:
    id, name = [row for row in gauges.rows if row[2] == "gas"][1][:2]
    find(screen, name)
    page = screen.page
    page.fill("form.suppress input", "更换探头")
    page.select_option("form.suppress select", "4")
    page.click("form.suppress button")
    held = page.locator(".drawer-part li", has_text="更换探头")
    held.wait_for()
    gauges.say(id, "methane_lel", 3.0, 60.0)
    told = gauges.ask("GET", f"/sensors/{id}")
    assert until(lambda: gauges.ask("GET", f"/sensors/{id}")["channels"][0]["value"] == 60.0)
    assert [one["reason"] for one in told["suppressions"]] == ["更换探头"]
    assert not [case for case in gauges.office.open_cases().values() if name in case["text"]]
    held.get_by_text(WORDS["sensors.suppression_end"]).click()
    assert until(lambda: held.count() == 0)
    assert gauges.ask("GET", f"/sensors/{id}")["suppressions"] == []
    gauges.say(id, "methane_lel", 3.0)
    assert screen.hush() == []


def test_a_rule_is_tried_on_the_past_before_it_goes_live(gauges: Gauges, screen: Station) -> None:
    page = screen.page
    page.keyboard.press("Escape")
    page.click("[data-tab=rules]")
    before = rule(gauges)
    page.click(f".rule-line :text-is('{before['rule']['name_zh']}')")
    form = page.locator(".rule-form")
    raise_at = form.locator("label", has_text=WORDS["rule.field.raise_at"]).locator("input")
    raise_at.fill("hoch")
    page.click(".rule-buttons .action:not(.main)")
    assert "hoch" in page.inner_text(".rule-note.is-late")
    raise_at.fill("6.5")
    form.locator("label", has_text=WORDS["rule.on_delay"]).locator("input").fill("0")
    page.click(".rule-buttons .action:not(.main)")
    page.wait_for_selector(".tried li")
    assert rule(gauges) == before, "a dry run went live"
    page.click(".rule-buttons .main")
    assert until(lambda: rule(gauges)["version"] == before["version"] + 1)
    assert rule(gauges)["rule"]["condition"]["raise_at"] == 6.5
    gauges.ask("POST", "/alarm-rules", {"rule": before["rule"], "version": before["version"] + 1, "note": ""})  # fmt: skip
    assert screen.hush() == []


def rule(gauges: Gauges) -> dict[str, Any]:
    rows: list[dict[str, Any]] = gauges.ask("GET", "/alarm-rules")["items"]
    return next(row for row in rows if row["rule"]["id"] == "road-water-high")


def test_a_table_of_devices_is_looked_through_brought_in_and_stands_on_the_page(
    gauges: Gauges, screen: Station
) -> None:
    name, (lon, lat) = "新桥水位计", gauges.rows[0][3:5]
    rows = [
        "设备编号,设备名称,设备类型,测点,经度,纬度",
        f"new-1,{name},river_level,level,{lon},{lat}",
        f"new-2,写反,river_level,level,{lat},{lon}",
    ]
    content = "\n".join(rows).encode("gb18030")
    file = FilePayload(name="设备.csv", mimeType="text/csv", buffer=content)
    page = screen.page
    page.keyboard.press("Escape")
    page.get_by_role("button", name=WORDS["sensors.import"]).press("Enter")
    page.set_input_files("dialog.import input[type=file]", files=file)
    page.locator(".import-rows .is-refused", has_text="new-2").wait_for()
    assert page.locator(".import-rows .is-added", has_text="new-1").count() == 1
    assert "new-1" not in [row[0] for row in gauges.ask("GET", "/sensors")["rows"]]
    page.keyboard.press("Enter")  # the button to bring it in has the focus
    page.locator(".import-said", has_text=WORDS["import.done"]).wait_for()
    page.keyboard.press("Escape")
    find(screen, name)
    gauges.say("new-1", "level", 1.25)
    assert until(lambda: "1.25" in page.inner_text("#devices .sensor-row:not([hidden])"))
    assert screen.hush() == []
