"""What a county does in eight hours, in less time: reports, commands on cases, now and then a P0; as many stay open."""

import random
import threading
import time
from contextlib import suppress
from typing import Any, Final

from bench.live_target import FAULTS, Door

OPEN: Final = 120
EVENTS_A_MINUTE: Final = 5.0
P0_EVERY: Final = 40
TRIES: Final = 10
TEXT: Final = "路面塌陷,车辆绕行"
Json = dict[str, Any]


class Load:
    """Does something `rate` times a second until told to stop; what a dead server did not answer is tried again."""

    def __init__(self, port: int, key: str, faster: float) -> None:
        self.deeds = 0
        self.seq = 0
        self._rate = EVENTS_A_MINUTE / 60 * faster
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._door = Door(port, headers)
        self._cases: list[Json] = []
        self._over = threading.Event()
        self._bbox: list[float] = self._door.ask("GET", "/api/v1/county")["bbox"]
        self._thread = threading.Thread(target=self._run, daemon=True)

    def fill(self) -> None:
        """Open as many cases as there are to be."""
        while len(self._cases) < OPEN:
            with suppress(*FAULTS):  # asked again, as a caller would
                self._report()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """Stop after the deed under way."""
        self._over.set()
        self._thread.join(60)

    def open_cases(self) -> set[str]:
        """Return the ids of the open cases as the API lists them."""
        listed = self._door.ask("GET", "/api/v1/cases?open=true&limit=500")["items"]
        return {case["id"] for case in listed}

    def happen(self) -> int:
        """Make one event happen now, however long the console takes, and return its number."""
        for _ in range(TRIES):
            with suppress(*FAULTS):
                self._report()
                return self.seq
        raise RuntimeError("the console takes no report")

    def _run(self) -> None:
        due = time.monotonic()
        while not self._over.is_set():
            with suppress(*FAULTS):
                self._act()
                self.deeds += 1
            due = max(due + 1 / self._rate, time.monotonic() - 2)
            self._over.wait(max(0.0, due - time.monotonic()))

    def _act(self) -> None:
        if len(self._cases) > OPEN:
            self._command(self._cases.pop(0), "void", reason="压缩运行")
        elif random.random() < 0.3:  # noqa: S311
            self._report()
        else:
            at = random.randrange(len(self._cases))  # noqa: S311
            case = self._cases[at]
            category = "B0301" if case["category"].endswith("B0408") else "B0408"
            self._cases[at] = self._command(
                case, "correct_category", category=category, reason="压缩运行"
            )

    def _report(self) -> None:
        west, south, east, north = self._bbox
        urgent = self.deeds % P0_EVERY == P0_EVERY - 1
        body = {
            "text": TEXT,
            "category": "B0408",
            "lon": west + (east - west) * (0.3 + 0.4 * random.random()),  # noqa: S311
            "lat": south + (north - south) * (0.3 + 0.4 * random.random()),  # noqa: S311
            **({"priority": "P0", "lane": "emergency"} if urgent else {}),
        }
        told = self._door.ask("POST", "/api/v1/reports", body)
        self.seq = max(self.seq, int(told["seq"]))
        case = told["case"]
        self._cases.append(self._command(case, "acknowledge") if urgent else case)

    def _command(self, case: Json, name: str, **arguments: str) -> Json:
        body = {"name": name, "version": case["version"], "arguments": arguments}
        try:
            told = self._door.ask("POST", f"/api/v1/cases/{case['id']}/commands", body)
        except RuntimeError:  # somebody else was faster, such as a clock: what it is now is asked
            return self._now(case["id"])
        self.seq = max(self.seq, int(told["seq"]))
        done: Json = told["case"]
        return done

    def _now(self, case_id: str) -> Json:
        case: Json = self._door.ask("GET", f"/api/v1/cases/{case_id}")["case"]
        return case
