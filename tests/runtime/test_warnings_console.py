"""The console with warnings: kept, told as a numbered event, audited, live at once, and there again after a kill."""

from datetime import timedelta
from typing import Any

import pytest

from tests.console_process import ConsoleProcess
from tests.runtime.homes import Made, until
from vocabulary.clock import SystemClock

pytestmark = pytest.mark.server
Json = dict[str, Any]


def in_hours(hours: float) -> str:
    return (SystemClock().now() + timedelta(hours=hours)).isoformat()


def issue(console: ConsoleProcess, key: str, once: str, **told: Any) -> Json:
    body = {"hazard": "gale", "colour": "blue", **told}
    path = "/api/v1/warnings/by-hand"
    status, answer = console.call("POST", path, body, key=key, once=once)
    assert status == 201, answer
    warning: Json = answer["warning"]
    return warning


def shown(console: ConsoleProcess, key: str) -> list[str]:
    return list(console.get("/live/snapshot", key)[1]["warnings"])


def test_a_warning_is_live_told_by_number_and_there_again_after_a_kill(make: Made) -> None:
    console = make().start()
    key = console.key("supervisor", "integrator")
    end = in_hours(1)
    first, again = (issue(console, key, "one", expires_at=end) for _ in range(2))
    other = issue(console, key, "two", expires_at=end)
    assert first["id"] == again["id"] != other["id"]
    until(lambda: set(shown(console, key)) == {first["id"], other["id"]})
    events = console.get("/api/v1/events?after=0&limit=1000", key)[1]["items"]
    told = [one for one in events if one["subject"] == f"warning:{first['id']}"]
    assert [one["type"] for one in told] == ["incidents.warning_received.v1"]

    console.kill()
    console.start()
    assert set(shown(console, key)) == {first["id"], other["id"]}
    path = f"/api/v1/warnings/{first['id']}/cancel"
    status, _ = console.call("POST", path, {"reason": "风力减弱"}, key=key, once="off")
    assert status == 200
    until(lambda: shown(console, key) == [other["id"]])


def test_time_ends_a_warning_though_the_console_was_away(make: Made) -> None:
    console = make().start()
    key = console.key("supervisor", "integrator")
    short = issue(console, key, "short", expires_at=in_hours(6 / 3600))
    console.kill()
    console.start()
    until(lambda: shown(console, key) == [])
    past = console.get("/api/v1/warnings?past=true", key)[1]["items"]
    assert [row["id"] for row in past] == [short["id"]]
