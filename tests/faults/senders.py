"""Clients that report cases and command them, each request sent until it is answered, under one key or a new one each time."""

import threading
import time
from http.client import HTTPException
from typing import Any

from tests.console_process import ConsoleProcess
from vocabulary.ids import new_id

FINAL = range(200, 500)
RETRY_S = 0.05
PATIENCE_S = 5.0
LOST_EVERY = 3  # the first answer to every third request is lost on its way back


class Sender(threading.Thread):
    """Reports one case after another; what is acknowledged is noted."""

    def __init__(
        self, console: ConsoleProcess, key: str, number: int, where: tuple[float, float]
    ) -> None:
        super().__init__(daemon=True)
        self.console, self.key, self.number, self.where = console, key, number, where
        self.keyed = True
        self.acknowledged: dict[str, str] = {}
        self.refused: list[Any] = []
        self.retries = 0
        self.asked = 0
        self._over = threading.Event()

    def run(self) -> None:
        count = 0
        while not self._over.is_set():
            count += 1
            text = f"道路积水 sender {self.number} report {count}"
            body: dict[str, Any] = {"text": text, "category": "E0506", "lane": "emergency"}
            body |= {"lon": self.where[0], "lat": self.where[1]}
            status, answer = self.until_answered("/api/v1/reports", body)
            if status == 201:
                self.acknowledged[text] = answer["case"]["id"]
                self._dispatch(answer["case"])
            elif status:
                self.refused.append((status, answer))

    def end(self) -> None:
        self._over.set()
        self.join(60)

    def _dispatch(self, case: dict[str, Any]) -> None:
        wish = {
            "name": "dispatch",
            "version": case["version"],
            "arguments": {
                "lead": "water"
            },  # many cases at once: one unit could go to one of them alone
        }
        status, answer = self.until_answered(f"/api/v1/cases/{case['id']}/commands", wish)
        if status not in (200, 0):
            self.refused.append((status, answer))

    def until_answered(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        once = new_id()
        self.asked += 1
        lost = self.asked % LOST_EVERY == 0
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                status, answer = self.console.call(
                    "POST", path, body, key=self.key, once=once, timeout_s=PATIENCE_S
                )
                if status in FINAL and not lost:
                    return status, answer
            except (OSError, HTTPException, ValueError):
                pass
            self.retries += 1
            lost = False
            time.sleep(RETRY_S)
            if not self.keyed:
                once = new_id()
        return 0, None
