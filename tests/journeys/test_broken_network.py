"""The network fails while a report is being sent: it is kept, shown as waiting, and taken once."""

import pytest
from playwright.sync_api import Route

from tests.browsing import OUTBOX
from tests.journeys.office import Office, until
from tests.journeys.station import NO_NETWORK, Station
from views.words import catalogue

pytestmark = [pytest.mark.server, pytest.mark.browser, pytest.mark.slow]


def test_a_report_whose_answer_was_lost_is_kept_shown_as_waiting_and_taken_once(
    office: Office, desk: Station
) -> None:
    text = "网络中断时的报警"
    keys: list[str | None] = []

    def cut(route: Route) -> None:
        """Let the report arrive, then cut the network before its answer."""
        keys.append(route.request.header_value("idempotency-key"))
        if len(keys) == 1:
            route.fetch()
            desk.context.set_offline(True)
            route.abort("internetdisconnected")
        else:
            route.continue_()

    desk.page.route("**/api/v1/reports", cut)
    desk.takes(text, "不明井盖", office.place())
    waiting = desk.page.locator(OUTBOX + ":not([hidden])")
    waiting.wait_for()
    assert waiting.inner_text() == catalogue("zh")["outbox.waiting"].format(n=1)
    desk.page.wait_for_selector(f".toast:has-text('{catalogue('zh')['report.kept']}')")
    assert len(office.found(text)) == 1

    desk.context.set_offline(False)
    desk.page.wait_for_selector(OUTBOX, state="hidden")
    desk.page.wait_for_selector(".standing.is-live")
    assert len(keys) >= 2
    assert len(set(keys)) == 1
    assert len(office.found(text)) == 1
    desk.waits_for(office.the(text), "NEW")
    desk.page.unroute("**/api/v1/reports")
    assert [line for line in desk.hush() if not NO_NETWORK.search(line)] == []


def test_what_waits_to_be_sent_outlives_the_page(office: Office, second: Station) -> None:
    text = "关了页面也要送到"
    second.context.set_offline(True)
    second.takes(text, "不明井盖", office.place())
    second.page.wait_for_selector(OUTBOX + ":not([hidden])")
    kept = second.page.evaluate("JSON.parse(localStorage.getItem('onenet.outbox'))")
    assert [post["body"]["text"] for post in kept] == [text]
    assert office.found(text) == []
    second.context.set_offline(False)
    assert until(lambda: len(office.found(text)) == 1)
    second.page.wait_for_selector(OUTBOX, state="hidden")
    assert len(office.found(text)) == 1
    assert [line for line in second.hush() if not NO_NETWORK.search(line)] == []
