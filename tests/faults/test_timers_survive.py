"""What is due while nobody runs goes off after the restart, each once: the clocks stand in the store, not in the process."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.console_process import ConsoleProcess

pytestmark = [pytest.mark.server, pytest.mark.slow]

URGENT = {"text": "居民楼起火", "category": "Y0201", "lon": 120.0, "lat": 30.5}
WITHIN_S = 20


@pytest.fixture
def console(tmp_path: Path) -> Iterator[ConsoleProcess]:
    process = ConsoleProcess(tmp_path / "home").start()
    yield process
    process.stop()


def told(console: ConsoleProcess, key: str) -> Counter[str]:
    events = console.get("/api/v1/events?limit=1000", key)[1]["items"]
    return Counter(event["type"] for event in events)


def wait_for(console: ConsoleProcess, key: str, kind: str) -> Counter[str]:
    until = time.monotonic() + WITHIN_S
    while (found := told(console, key))[kind] == 0:
        assert time.monotonic() < until, f"{kind} never came: {found}"
        time.sleep(0.2)
    return found


def test_an_alert_that_fell_due_while_the_console_was_killed_goes_on_after_it_started_again(
    console: ConsoleProcess,
) -> None:
    key = console.key("integrator")
    county = console.get("/api/v1/county", key)[1]
    place = dict(zip(("lon", "lat"), county["center"], strict=True))
    status, answer = console.call(
        "POST", "/api/v1/reports", {**URGENT, **place}, key=key, once="fire-1"
    )
    assert (status, answer["case"]["alert"]["step"]) == (201, 0)
    console.kill()
    time.sleep(31)  # 15 s to acknowledge, 30 s to the supervisor: both pass while nobody runs
    console.start()
    found = wait_for(console, key, "incidents.alert_escalated.v1")
    assert found["incidents.acknowledgement_missed.v1"] == 1
    console.kill()
    console.start()
    again = wait_for(console, key, "incidents.alert_escalated.v1")
    assert again["incidents.acknowledgement_missed.v1"] == 1
    case = console.get(f"/api/v1/cases/{answer['case']['id']}", key)[1]["case"]
    assert "supervisor" in case["alert"]["roles"]
    steps = [event for event in _events(console, key) if event["type"].endswith("escalated.v1")]
    assert len({event["data"]["step"] for event in steps}) == len(steps)


def _events(console: ConsoleProcess, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = console.get("/api/v1/events?limit=1000", key)[1]["items"]
    return found
