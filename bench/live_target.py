"""The console under measurement: the whole one as `python app.py` starts it, or journal, bus and feed alone."""

import http.client
import random
import threading
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Protocol

import orjson
from playwright.sync_api import BrowserContext, Page

from bench.processes import Child
from runtime.embedded import EmbeddedValkey
from vocabulary.ids import new_id

TEXT: Final = "地下室有煤气味,二楼老人行动不便,请速派人。"
CASES: Final = 200  # open to begin with; the map draws up to a thousand as marks of their own
TRIES: Final = 5
FAULTS: Final = (http.client.HTTPException, OSError)


class Target(Protocol):
    """A console that can be made to do something."""

    url: str
    redis_url: str
    headers: list[str]
    child: Child

    def start(self) -> None:
        """Start it and return when it answers."""
        ...

    def open_page(self, context: BrowserContext) -> Page:
        """Open the page that listens."""
        ...

    def happen(self) -> int:
        """Make something happen to a case and return its newest seq."""
        ...

    def happen_once(self) -> int:
        """Make exactly one event happen and return its seq."""
        ...

    def keep_busy(self, stop: threading.Event) -> None:
        """Render pages for others until told to stop."""
        ...

    def end(self) -> None:
        """End it."""
        ...


def wait_until(page: Page, expression: str, seconds: float = 60) -> None:
    """Wait until an expression holds; `wait_for_function` is what our content security policy forbids."""
    for _ in range(int(seconds * 10)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise RuntimeError(f"{page.url}: {expression} does not come true")


class Door:
    """One kept HTTP connection, opened anew where the server has closed it meanwhile."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._headers = headers

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask, and ask again where the connection or the store gives way; the same key makes it happen once."""
        content = None if body is None else orjson.dumps(body)
        headers = {**self._headers, "Idempotency-Key": new_id()}
        for _ in range(TRIES):
            try:
                return self._once(method, path, content, headers)
            except FAULTS:
                self._link.close()
        return self._once(method, path, content, headers)

    def _once(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> Any:
        self._link.request(method, path, content, headers)
        answer = self._link.getresponse()
        told = answer.read()
        if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
            time.sleep(0.2)
            raise http.client.HTTPException(told[:300].decode())
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise RuntimeError(f"{method} {path}: {answer.status} {told[:300].decode()}")
        return orjson.loads(told) if told.startswith(b"{") else told


class BareConsole:
    """`bench.live_console`."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.url, self.redis_url = f"http://127.0.0.1:{port}", ""
        self.headers: list[str] = []

    def start(self) -> None:
        """Start it and return when it answers."""
        self.child = Child(
            ["-m", "bench.live_console", "--home", str(self.home), "--port", str(self.port)]
        )
        line = self.child.line()
        while not line.startswith("{"):
            line = self.child.line()
        self.redis_url = orjson.loads(line)["redis"]
        self._door = Door(self.port, {})

    def open_page(self, context: BrowserContext) -> Page:
        """Open the bench's own page."""
        page = context.new_page()
        page.goto(self.url + "/")
        wait_until(page, "document.querySelectorAll('#marks i').length > 0")
        return page

    def happen(self) -> int:
        """Make one event happen to a case and return its seq."""
        return int(self._door.ask("GET", "/bench/happen")["seq"])

    happen_once = happen

    def keep_busy(self, stop: threading.Event) -> None:
        """Do nothing: there are no other pages."""

    def end(self) -> None:
        """End it."""
        self.child.end()


class Console:
    """`python app.py` with its sample county, asked with a dispatcher's key."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.url, self.redis_url = f"http://127.0.0.1:{port}", ""
        self._valkey = EmbeddedValkey(home)
        self._cases: list[dict[str, Any]] = []
        self._turn = 0

    def start(self) -> None:
        """Start it and return when it answers."""
        at_home = ["--home", str(self.home)]
        adding = Child(
            ["app.py", "key", "add", *at_home, "--name", "bench", "--role", "dispatcher"]
        )
        key = adding.finish()
        self.headers = [f"Authorization: Bearer {key}"]
        self.child = Child(
            ["app.py", *at_home, "--port", str(self.port)],
            {"ONENET_LOG_LEVEL": "error"},
            silent=True,
        )
        self._asking = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._door = Door(self.port, self._asking)
        self._wait()
        self._valkey.start()
        self.redis_url = self._valkey.url
        county = self._door.ask("GET", "/api/v1/county")
        self._bbox: list[float] = county["bbox"]
        for _ in range(CASES):
            self.happen()
        self._wait_for_coverage()

    def _wait(self) -> None:
        for _ in range(600):
            try:
                self._door.ask("GET", "/readyz")
            except (*FAULTS, RuntimeError):
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the console does not answer")

    def _wait_for_coverage(self) -> None:
        # Once in a console's life it works out a minute's worth of coverage: that is a start, and measured is what comes after.
        for _ in range(1200):
            if self._door.ask("GET", "/api/v1/coverage")["state"] in ("ready", "no_sites"):
                return
            time.sleep(0.1)
        raise RuntimeError("the coverage is not predicted")

    def open_page(self, context: BrowserContext) -> Page:
        """Open the wall."""
        context.set_extra_http_headers({"Authorization": self._asking["Authorization"]})
        page = context.new_page()
        page.goto(self.url + "/wall")
        wait_until(page, "window.onenetStreams > 0")
        return page

    def happen(self) -> int:
        """Take a report, or four times out of five set the category of a case right; return the newest seq."""
        self._turn += 1
        if self._turn % 5 == 0 or len(self._cases) < CASES:
            told = self._report()
            self._cases.append(told["case"])
        else:
            told = self._correct_category()
        return int(told["seq"])

    def _correct_category(self) -> Any:
        index = random.randrange(len(self._cases))  # noqa: S311
        case = self._cases[index]
        wanted = "B0301" if case["category"].endswith("B0408") else "B0408"
        told = self._command(case, "correct_category", category=wanted, reason="演练")
        self._cases[index] = told["case"]
        return told

    def happen_once(self) -> int:
        """Write a note into a case's timeline."""
        told = self._command(self._cases[0], "add_note", text="已联系燃气公司")
        self._cases[0] = told["case"]
        return int(told["seq"])

    def _command(self, case: dict[str, Any], name: str, **arguments: str) -> Any:
        body = {"name": name, "version": case["version"], "arguments": arguments}
        return self._door.ask("POST", f"/api/v1/cases/{case['id']}/commands", body)

    def _report(self) -> Any:
        west, south, east, north = self._bbox
        where = {
            "lon": west + (east - west) * (0.3 + 0.4 * random.random()),  # noqa: S311
            "lat": south + (north - south) * (0.3 + 0.4 * random.random()),  # noqa: S311
        }
        body = {"text": TEXT, "category": "B0408", "exercise": True, **where}
        return self._door.ask("POST", "/api/v1/reports", body)

    def keep_busy(self, stop: threading.Event) -> None:
        """Open the desk over and over, as officers do at a change of shift: page, layout, a list."""
        door = Door(self.port, self._asking)
        while not stop.wait(0.5):
            for path in ("/desk", "/desk/_dash-layout", "/api/v1/cases?limit=100"):
                door.ask("GET", path)

    def end(self) -> None:
        """End it."""
        self.child.end()
        self._valkey.stop()
