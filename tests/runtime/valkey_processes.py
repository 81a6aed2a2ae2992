"""Processes that use an embedded Valkey, to be looked at and killed."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from redis import Redis

from runtime.embedded import EmbeddedValkey

ROOT = Path(__file__).resolve().parents[2]
PARENT = """
import sys, time
from pathlib import Path
from runtime.embedded import EmbeddedValkey
valkey = EmbeddedValkey(Path(sys.argv[1]))
valkey.start()
print("ready", flush=True)
time.sleep(600)
"""


def client(valkey: EmbeddedValkey) -> "Redis":
    return Redis(
        unix_socket_path=str(valkey.socket_path), username="onenet", password=valkey.password
    )


def server_pid(valkey: EmbeddedValkey) -> int:
    with client(valkey) as link:
        return int(link.info("server")["process_id"])


def lives(pid: int) -> bool:
    """Say whether a process lives; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def keeper_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def wait_until_gone(pid: int, within_s: float = 5.0) -> None:
    end = monotonic() + within_s
    while lives(pid):
        assert monotonic() < end, f"process {pid} still lives after {within_s} s"
        sleep(0.02)


def wait_until_alive(valkey: EmbeddedValkey, within_s: float = 5.0) -> float:
    began = monotonic()
    while not valkey.alive():
        assert monotonic() - began < within_s
        sleep(0.005)
    return monotonic() - began


def a_parent(home: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    while process.stdout.readline().strip() != "ready":
        assert process.poll() is None
    return process


def kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def every_process() -> list[int]:
    return [int(one.name) for one in Path("/proc").glob("[0-9]*") if lives(int(one.name))]


def processes_naming(word: str) -> list[tuple[int, str]]:
    found = []
    for pid in every_process():
        with suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
            if word in words:
                found.append((pid, words))
    return found
