"""What is asked of a console on a home of its own."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.console_process import ConsoleProcess
from tests.runtime.valkey_processes import processes_naming

GONE_WITHIN_S = 5.0
Made = Callable[..., ConsoleProcess]
ACCOUNT = re.compile(r"^  (\w+) +(\S{16,})   ", re.MULTILINE)


def passwords_in(told: str) -> dict[str, str]:
    """Return the one-time passwords that a start printed, by account."""
    return dict(ACCOUNT.findall(told))


def everything_kept(home: Path) -> str:
    """Return every byte of every file in a home, as text."""
    files = [file for file in home.rglob("*") if file.is_file()]
    return "".join(file.read_bytes().decode("latin-1") for file in files)


def until(holds: Callable[[], bool], within_s: float = GONE_WITHIN_S) -> float:
    """Return how long it took until something held."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < within_s
        time.sleep(0.05)
    return time.monotonic() - began


def report(console: ConsoleProcess, key: str, once: str) -> dict[str, Any]:
    lon, lat = console.get("/api/v1/county", key)[1]["center"]
    body = {"text": "路灯不亮,电话 13800138000", "category": "E0502", "lon": lon, "lat": lat}
    status, told = console.call("POST", "/api/v1/reports", body, key=key, once=once)
    assert status == 201, told
    case: dict[str, Any] = told["case"]
    return case


def no_valkey(home: Path) -> bool:
    return not [one for one in processes_naming(str(home)) if "valkey" in one[1]]
