"""`python app.py replay` against the real console: reports on a file, plays it, survives kills, says what became of each call."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runtime.command_line import main
from tests.console_process import REPOSITORY, ConsoleProcess
from tests.exchange import logs

FORM = "%m/%d/%Y %I:%M:%S %p"


def row(number: int, apart: timedelta) -> dict[str, str]:
    """Return a call of its own, `number` times `apart` later than the first, somewhere in the city."""
    moved = {
        name: (datetime.strptime(value, FORM).replace(tzinfo=UTC) + number * apart).strftime(FORM)
        for name, value in logs.SF.items()
        if name.endswith("DtTm") and value
    }
    place = f"({37.72 + number % 9 / 100}, {-122.49 + number % 11 / 100})"
    own = {"Call Number": str(number + 1), "Unit ID": f"E{number % 7}", "Location": place}
    return {**logs.SF, **moved, **own}


def log_of(folder: Path, calls: int, apart: timedelta = timedelta(minutes=1)) -> Path:
    return logs.written(folder, [row(number, apart) for number in range(calls)])


def replay(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "app.py", "replay", "--log", "sf", *arguments]
    return subprocess.Popen(
        command, cwd=REPOSITORY, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def finished(process: "subprocess.Popen[str]", within_s: float = 240) -> tuple[int, str]:
    told, _ = process.communicate(timeout=within_s)
    return process.returncode, told


def test_a_dry_run_tells_what_the_file_comes_to_and_asks_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [logs.sf(), logs.sf(Call_Number="2", Location="(0.0, 0.0)")]
    file = logs.written(tmp_path, rows)
    assert main(["replay", "--log", "sf", "--file", str(file), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "rows=2 accepted=1 refused=1 calls=1" in told
    assert "refused 1: place_far_outside" in told
    assert "line 3: place_far_outside Location='0.0,0.0'" in told


def test_the_wrong_file_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = logs.written(tmp_path, [logs.montgomery()])
    assert main(["replay", "--log", "sf", "--file", str(file), "--dry-run"]) == 2
    assert "Call Number" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ["--speed", "-1"],
        ["--speed", "nan"],
        ["--limit", "0"],
        ["--seed", "-1"],
        ["--start-at", "2026-11-22T08:00:00"],
        ["--log", "paris"],
    ],
)
def test_a_wrong_argument_is_refused(wrong: list[str], tmp_path: Path) -> None:
    file = str(log_of(tmp_path, 1))
    with pytest.raises(SystemExit) as ended:
        main(["replay", "--log", "sf", "--file", file, "--dry-run", *wrong])
    assert ended.value.code == 2


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleProcess]:
    running = ConsoleProcess(tmp_path_factory.mktemp("console") / "home")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def access(console: ConsoleProcess, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    key = tmp_path_factory.mktemp("key") / "key"
    key.write_text(console.key("supervisor", "integrator"))
    return ["--url", console.url, "--key", f"@{key}", "--home", str(key.parent)]


@pytest.mark.server
def test_a_log_is_played_twice_and_every_call_is_there_once(
    access: list[str], tmp_path: Path
) -> None:
    played = ["--file", str(log_of(tmp_path, 12)), "--speed", "0", *access]
    status, told = finished(replay(*played))
    assert status == 0, told
    assert "taken=12 found=12 lost=0 doubled=0 unfinished=0 (CLOSED: 12)" in told
    assert "refused=0" in told
    status, told = finished(replay(*played))
    assert status == 0, told
    assert "accepted=0" in told
    assert "taken=12 found=12 lost=0 doubled=0" in told


@pytest.mark.server
@pytest.mark.slow
def test_a_console_that_is_killed_in_the_middle_loses_and_doubles_nothing(
    console: ConsoleProcess, access: list[str], tmp_path: Path
) -> None:
    file = str(log_of(tmp_path, 60, apart=timedelta(seconds=30)))
    process = replay("--file", file, "--speed", "360", "--seed", "2", *access)
    for _ in range(2):
        time.sleep(4)
        console.kill()
        console.start()
    status, told = finished(process)
    assert status == 0, told
    assert "taken=60 found=60 lost=0 doubled=0 unfinished=0" in told
    assert "retried=0" not in told


@pytest.mark.server
def test_a_key_that_opens_nothing_is_told_so(console: ConsoleProcess, tmp_path: Path) -> None:
    file = str(log_of(tmp_path, 1))
    status, told = finished(replay("--file", file, "--url", console.url, "--key", "none"))
    assert status == 2
    assert "supervisor,integrator" in told
