"""Who goes: picks with reasons, sent with the keyboard; a plan worked through; a unit's track."""

from datetime import timedelta
from typing import Any

import pytest

from tests.journeys.office import Json, Office, until
from tests.journeys.station import Station
from vocabulary.clock import SystemClock, to_text

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

GAS_LEAK = "Y0207"
ENGINE = "fire-01"
WHY = "[...document.querySelectorAll('.recommend-unit')].map((unit) => unit.querySelectorAll('.recommend-why span').length)"
CLICK = """(id) => window.onenetMaps[0].eachLayer((layer) => { if (layer.unit?.id === id) layer.fire('click'); })"""


def a_gas_leak(office: Office, desk: Station, *, exercise: bool) -> Json:
    case = office.report(
        "燃气管道泄漏,有人头晕", GAS_LEAK, priority="P1", lane="emergency", exercise=exercise
    )
    desk.waits_for(case, "NEW")
    desk.select(case)
    desk.page.wait_for_selector(".recommend-unit")
    return case


def asked(office: Office, case: Json) -> set[str]:
    items = office.get(f"/assignments?case={case['id']}")["items"]
    return {one["unit_id"] for one in items if one["open"]}


def chosen(desk: Station) -> list[str]:
    picked: list[str] = desk.measured(
        "[...document.querySelectorAll('.recommend-unit input:checked')].map((box) => box.value)"
    )
    return picked


def sends_by_key(desk: Station) -> None:
    desk.page.evaluate("() => document.activeElement.blur()")
    desk.page.keyboard.press("d")
    desk.page.wait_for_selector(".recommend-foot button[type=submit]:focus")
    desk.page.keyboard.press("Enter")


def test_those_recommended_are_sent_with_two_keys_and_every_pick_says_why(
    office: Office, desk: Station
) -> None:
    case = a_gas_leak(office, desk, exercise=False)
    assert min(desk.measured(WHY)) >= 2  # what speaks for each, and what against
    picked = chosen(desk)
    assert len(picked) >= 2
    sends_by_key(desk)
    assert until(lambda: asked(office, case) == set(picked))
    desk.panel_says("DISPATCHED")


def test_a_plan_worked_through_in_an_exercise_asks_for_more_and_a_struck_unit_needs_a_reason(
    office: Office, desk: Station
) -> None:
    case = a_gas_leak(office, desk, exercise=True)
    page = desk.page
    assert page.get_attribute(".case.is-exercise", "data-watermark") == "演练"
    before = len(chosen(desk))
    page.click("[data-step=activate]")
    page.locator(".case-plan form select").nth(1).select_option("I")
    page.click(".case-plan form button[type=submit]")
    page.wait_for_selector(".plan-head .flag.is-exercise")
    page.wait_for_selector("path.plan-area", state="attached")
    page.locator(".plan-tasks input").first.check()
    page.wait_for_selector(".plan-tasks li.is-done")
    page.wait_for_selector(".recommend-basis:has-text('Ⅰ')")
    assert len(chosen(desk)) > before  # needs add up level by level
    picked = chosen(desk)
    struck = picked[0]
    page.click(f".recommend-unit input[value='{struck}']")
    sends_by_key(desk)
    page.wait_for_selector(".recommend-foot .notice:not([hidden])")
    assert asked(office, case) == set()  # not without a reason
    page.select_option(".reason-line select", "held_back")
    sends_by_key(desk)
    assert until(lambda: asked(office, case) == set(picked) - {struck})
    told = office.get(f"/cases/{case['id']}/response")["sent"]
    assert [(one["struck"], one["reason"]) for one in told] == [([struck], "held_back")]


def held(desk: Station) -> str:
    """Return which of the unit card's buttons has the keyboard."""
    act: str = desk.measured("document.activeElement.dataset.act ?? ''")
    return act


def card_of(desk: Station) -> str:
    name: str = desk.measured("document.querySelector('.unit-card').getAttribute('aria-label')")
    return name


def opened_by_key(office: Office, desk: Station) -> dict[str, str]:
    """Put two engines near a case, the first one nearer, and open the card with `g`; return their names."""
    lon, lat = office.place()
    names = {}
    for n, unit in enumerate(("fire-02", "fire-03")):
        office.post(f"/units/{unit}/position", {"lon": lon + n * 0.0004, "lat": lat})
        desk.waits_for_unit(unit, lon + n * 0.0004, lat)
        names[unit] = office.get(f"/units/{unit}")["name"]
    case = office.report("无鼠标看力量", lon=lon, lat=lat)
    desk.waits_for(case, "NEW")
    desk.select(case)
    desk.page.focus("#queue .rows")
    desk.page.keyboard.press("g")
    desk.page.wait_for_selector(".unit-card:focus")
    assert card_of(desk) == names["fire-02"]  # the nearest to the case
    return names


def left(desk: Station) -> None:
    desk.page.keyboard.press("Escape")
    desk.page.wait_for_selector(".unit-card", state="hidden")


def test_units_are_gone_through_without_a_mouse_and_the_keyboard_goes_back_to_the_queue(
    office: Office, desk: Station
) -> None:
    names, keyboard = opened_by_key(office, desk), desk.page.keyboard
    keyboard.press("ArrowRight")
    assert until(lambda: card_of(desk) == names["fire-03"])
    keyboard.press("ArrowLeft")
    assert until(lambda: card_of(desk) == names["fire-02"])
    left(desk)
    assert desk.measured("document.activeElement.matches('#queue .rows')")
    keyboard.press("/")
    keyboard.type(names["fire-03"])
    keyboard.press("Enter")
    desk.page.wait_for_selector(".unit-card:focus")
    assert card_of(desk) == names["fire-03"]  # by its name from the command bar
    left(desk)


def test_what_a_crew_says_by_radio_is_taken_down_by_keys_while_its_unit_moves_on(
    office: Office, desk: Station
) -> None:
    opened_by_key(office, desk)
    keyboard, acts = desk.page.keyboard, []
    for _ in range(8):
        keyboard.press("Tab")
        acts.append(held(desk))
    assert acts[:3] == ["previous", "next", "close"]
    assert acts[3:] == ["span-1", "span-4", "span-12", "say-available", "say-break"]
    keyboard.press("Enter")
    assert until(lambda: office.get("/units/fire-02")["status"] == "break")
    desk.page.wait_for_selector(".unit-heard")
    seen = office.get("/units/fire-02")["position"]
    on = {"lon": seen["lon"] + 0.0002, "lat": seen["lat"]}
    office.post("/units/fire-02/position", on)
    desk.waits_for_unit("fire-02", on["lon"], on["lat"])
    assert held(desk) == "say-break"  # the card is drawn anew, the keyboard stays
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    assert until(lambda: office.get("/units/fire-02")["status"] == "available")
    left(desk)


def test_a_units_track_shows_its_gap_and_what_came_late(office: Office, desk: Station) -> None:
    now, (lon, lat) = SystemClock().now(), office.center
    minutes_ago = [50, 49, 48, 1, 0]
    items: list[dict[str, Any]] = [
        {
            "unit_id": ENGINE,
            "lon": round(lon + n * 0.001, 5),
            "lat": lat,
            "observed_at": to_text(now - timedelta(minutes=ago)),
        }
        for n, ago in enumerate(minutes_ago)
    ]
    office.post("/positions", {"items": items})
    desk.waits_for_unit(ENGINE, items[-1]["lon"], lat)
    desk.page.evaluate(CLICK, ENGINE)
    desk.page.wait_for_selector(".unit-card:not([hidden])")
    desk.page.click(".unit-card [data-hours='1']")
    desk.page.wait_for_selector(".unit-card [role=status]:has-text('1 处中断')")
    told = desk.page.inner_text(".unit-card [role=status]")
    assert "3 个迟到" in told or "4 个迟到" in told, told  # a slow minute makes the fourth late
    assert desk.page.locator("path.track.is-gap").count() == 1
    desk.page.evaluate("() => document.activeElement.blur()")
    desk.page.keyboard.press("Escape")
    desk.page.wait_for_selector(".unit-card", state="hidden")
    assert desk.page.locator("path.track").count() == 0
