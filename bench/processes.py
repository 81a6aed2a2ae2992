"""Processes a bench starts and ends by their own numbers, and what they cost."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

ROOT: Final = Path(__file__).parent.parent
TICKS: Final = os.sysconf("SC_CLK_TCK")
PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


class Child:
    """A module of this repository run as a process of its own."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        *,
        silent: bool = False,
    ) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL if silent else subprocess.PIPE,
            text=True,
            env={**os.environ, **(environment or {})},
        )

    @property
    def output(self) -> IO[str]:
        """Return what it prints."""
        assert self.process.stdout is not None
        return self.process.stdout

    def line(self) -> str:
        """Return its next line; fail when it has ended."""
        text = self.output.readline()
        if not text:
            raise RuntimeError(f"{self.process.args!r} ended with {self.process.wait()}")
        return text.strip()

    def finish(self) -> str:
        """Close its stdin and return its last line."""
        told, _ = self.process.communicate(timeout=30)
        return str(told).strip().splitlines()[-1]

    def cpu_s(self) -> float:
        """Return the processor seconds it has used until now."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def rss_mb(self) -> float:
        """Return its resident memory in megabytes."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * PAGE_BYTES / 1e6

    def end(self) -> None:
        """End it."""
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=10)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
