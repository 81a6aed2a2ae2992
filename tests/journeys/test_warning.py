"""A warning comes in as CAP: it is on the wall and on the desk without anybody loading a page, until it is called off."""

import re
from datetime import timedelta
from http.client import HTTPConnection

import pytest

from tests.journeys.office import Office, until
from tests.journeys.station import Station
from vocabulary.clock import SystemClock

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]

STRIP = ".warning-strip"
BADGE = ".warning-badge"


def text_of(station: Station, place: str) -> str:
    return str(station.page.locator(place).inner_text())


def shown(station: Station, place: str) -> str:
    return station.page.locator(place).get_attribute("data-warnings") or ""


def at(minutes: float) -> str:
    return (SystemClock().now() + timedelta(minutes=minutes)).isoformat(timespec="seconds")


def cap(number: int, colour: str, act: str = "Alert", refers: int = 0) -> str:
    unit = "99010141600000_20261127180000_"
    info = f"""<info><language>zh-CN</language><event>暴雨</event><eventType>11B03</eventType>
        <severity>{colour}</severity><expires>{at(200)}</expires><headline>暴雨预警信号</headline>
        <description>未来 6 小时降雨量将达 50 毫米以上。</description><instruction>防范山洪。</instruction>
        <area><areaDesc>桥头镇</areaDesc><geocode><valueName>code</valueName>
        <value>990101100000</value></geocode></area></info>"""
    references = f"<references>气象台,{unit}{refers},{at(-10)}</references>" if refers else ""
    return f"""<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
        <identifier>{unit}{number}</identifier><sender>气象台</sender><sent>{at(number / 60 - 1)}</sent>
        <status>Actual</status><msgType>{act}</msgType><scope>Public</scope>{references}
        {"" if act == "Cancel" else info}</alert>"""


def send(office: Office, body: str) -> int:
    connection = HTTPConnection("127.0.0.1", office.console.port, timeout=30)
    headers = {"Authorization": f"Bearer {office.key}", "Content-Type": "application/cap+xml"}
    connection.request("POST", "/api/v1/warnings", body.encode(), headers)
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_warning_is_on_every_screen_until_it_is_called_off(
    office: Office, desk: Station, wall: Station
) -> None:
    places = ((wall, STRIP), (desk, BADGE))
    before = [shown(station, place) for station, place in places]
    assert before == ["0", "0"]
    assert send(office, cap(1, "Yellow")) == 201
    for station, place in places:
        assert until(lambda s=station, p=place: shown(s, p) == "1"), station.user  # type: ignore[misc]
        assert re.search(r"黄\s*暴雨黄色预警", text_of(station, place))
        station.page.wait_for_selector(".warning-area.is-yellow", state="attached")
    assert "桥头镇" in text_of(wall, STRIP)

    assert send(office, cap(2, "Orange", "Update", refers=1)) == 201
    for station, place in places:
        assert until(lambda s=station, p=place: "橙色" in text_of(s, p)), station.user  # type: ignore[misc]
        assert shown(station, place) == "1"
        assert station.page.locator(".warning-area.is-yellow").count() == 0

    assert send(office, cap(3, "-", "Cancel", refers=2)) == 201
    for station, place in places:
        assert until(lambda s=station, p=place: text_of(s, p) == "无预警"), station.user  # type: ignore[misc]
        station.page.wait_for_selector(".warning-area", state="detached")
        assert station.never_reloaded


def test_an_officer_enters_a_warning_with_the_keyboard_and_calls_it_off_with_a_reason(
    office: Office, desk: Station, wall: Station
) -> None:
    page = desk.page
    page.keyboard.press("y")
    page.click("[data-act=enter]")
    page.wait_for_selector(".warning-towns input")
    page.select_option("[data-field=hazard] select", "gale")
    page.select_option("[data-field=colour] select", "blue")
    page.click("[data-act=issue]")
    assert "大风蓝色预警" in text_of(desk, "[data-act=issue]")
    assert office.get("/warnings")["items"] == []
    page.click("[data-act=issue]")
    assert until(lambda: "大风蓝色预警" in text_of(wall, STRIP))
    [row] = office.get("/warnings")["items"]
    assert (row["kept_by"], row["whole"], row["status"]) == (
        office.names["dispatcher"],
        True,
        "actual",
    )
    page.click(f"[data-warning='{row['id']}'] [data-act=cancel]")
    page.fill(".warning-cancel input", "大风减弱")
    page.keyboard.press("Enter")
    assert until(lambda: text_of(wall, STRIP) == "无预警")
    page.keyboard.press("Escape")
    [over] = office.get("/warnings?past=true&limit=1")["items"]
    assert (over["id"], over["ended_how"]) == (row["id"], "cancelled")
