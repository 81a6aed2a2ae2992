"""The office of a journey: the real console on a home of its own, its sample people, and what its API says."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from typing import Any

from tests.console_process import ConsoleProcess
from vocabulary.ids import new_id

SETTLED_WITHIN_S = 40
PASSWORD = re.compile(r"^  (\w+) +(\S+)   (.+)$", re.MULTILINE)
WAITING = frozenset({"NEW", "VERIFYING", "FILED"})
CHECKING = frozenset({"RESOLVED", "CHECKING"})
COVER = (
    "B0123"  # a manhole cover of unknown owner: the lead is urban management, which has an account
)

Json = dict[str, Any]


def phase(state: str) -> str:
    if state in WAITING:
        return "waiting"
    return "checking" if state in CHECKING else "going"


def until(held: Callable[[], bool], within_s: float = SETTLED_WITHIN_S) -> bool:
    """Return whether `held` came to hold; the last word is asked once more at the end."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if held():
            return True
        time.sleep(0.1)
    return held()


class Office:
    """The console, and one key with which a test looks at it from the side."""

    def __init__(self, console: ConsoleProcess) -> None:
        self.console = console
        told = PASSWORD.findall(console.log.read_text("utf-8"))
        self.passwords = {user: password for user, password, _ in told}
        self.names = {user: name for user, _, name in told}
        self.key = console.key("supervisor")
        self.center: list[float] = self.get("/county")["center"]
        self._placed = 0

    def get(self, path: str) -> Any:
        status, body = self.console.call("GET", f"/api/v1{path}", key=self.key, timeout_s=30)
        assert status == 200, (path, status, body)
        return body

    def post(self, path: str, body: Json) -> Any:
        status, answer = self.console.call(
            "POST", f"/api/v1{path}", body, key=self.key, once=new_id(), timeout_s=30
        )
        assert status in (200, 201, 202), (path, status, answer)
        return answer

    def place(self) -> tuple[float, float]:
        """Return a place in the county seat where no other report of these journeys is."""
        self._placed += 1
        lon, lat = self.center
        east, north = divmod(self._placed, 6)
        return round(lon + east * 0.002, 5), round(lat + north * 0.002, 5)

    def report(self, text: str, category: str = COVER, **more: Any) -> Json:
        """Take a report over the API and return its case."""
        lon, lat = self.place()
        body = {"text": text, "category": category, "lon": lon, "lat": lat} | more
        case: Json = self.post("/reports", body)["case"]
        return case

    def command(self, case: Json, name: str, **arguments: Any) -> Json:
        wish = {"name": name, "version": case["version"], "arguments": arguments}
        done: Json = self.post(f"/cases/{case['id']}/commands", wish)["case"]
        return done

    def open_cases(self) -> dict[str, Json]:
        return {row["id"]: row for row in self.get("/cases?open=true&limit=500")["items"]}

    def found(self, text: str) -> list[Json]:
        """Return every case, open or not, whose report says so."""
        return [row for row in self.get("/cases?limit=500")["items"] if row["text"] == text]

    def the(self, text: str) -> Json:
        [case] = self.found(text)
        return case

    def clear(self) -> None:
        """Void what a journey left open."""
        for case in self.open_cases().values():
            self.command(case, "void", reason="journey over")

    def waits_for_roads(self) -> None:
        """Wait until a console that started has read its roads: before that it says so with a 503."""
        lon, lat = self.center

        def read() -> bool:
            way = f"/api/v1/travel?lon={lon}&lat={lat}"
            with suppress(OSError, HTTPException):
                return bool(self.console.call("GET", way, key=self.key, timeout_s=30)[0] != 503)
            return False

        assert until(read)

    def answers(self) -> bool:
        with suppress(OSError, HTTPException):
            return bool(self.console.get("/readyz")[0] == 200)
        return False
