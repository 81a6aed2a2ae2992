"""The real console as a child process that can be killed and started again on the same home and port."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests import sample_county

REPOSITORY = Path(__file__).resolve().parents[1]
READY_WITHIN_S = 150


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ConsoleProcess:
    """`python app.py` on a folder of its own."""

    def __init__(
        self,
        home: Path,
        *,
        entry: Sequence[str] = ("app.py",),
        environment: dict[str, str] | None = None,
        county: bool = True,
    ) -> None:
        """Take the folder; with `county` the small sample county is put there, else the console makes its own."""
        if county:
            sample_county.put_into(home)
        self.home, self.port, self.entry = home, free_port(), tuple(entry)
        # Ten seconds of a core and 270 MB for each home: whoever tests the prediction asks for it.
        quiet = {"ONENET_COVERAGE": "false"}
        self.environment = {**os.environ, **quiet, **(environment or {}), "ONENET_HOME": str(home)}
        self.log = home.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, ready: bool = True) -> "ConsoleProcess":
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.entry, "--port", str(self.port)],
                cwd=REPOSITORY,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        if ready:
            self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        until = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < until:
            try:
                if self.get("/readyz")[0] == 200:
                    return
            except (OSError, HTTPException):
                pass
            if self.process is not None and self.process.poll() is not None:
                raise AssertionError(f"the console ended:\n{self.log.read_text('utf-8')[-3000:]}")
            time.sleep(0.05)
        raise AssertionError(f"the console is not ready:\n{self.log.read_text('utf-8')[-3000:]}")

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    def command(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "app.py", *arguments],
            cwd=REPOSITORY,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def key(self, *roles: str, department: str = "") -> str:
        given = [word for role in roles for word in ("--role", role)]
        given += ["--department", department] if department else []
        return self.command("key", "add", "--name", "test", *given).splitlines()[-1]

    def get(self, path: str, key: str = "") -> tuple[int, Any]:
        return self.call("GET", path, key=key)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str = "",
        once: str = "",
        timeout_s: float = 5,
    ) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        headers = {"Accept-Language": "en", "Content-Type": "application/json"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        if once:
            headers["Idempotency-Key"] = once
        try:
            payload = None if body is None else json.dumps(body)
            connection.request(method, path, payload, headers)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        finally:
            connection.close()
