"""A mosquitto of our own: the shipped configuration, started and kept up beside the console, and ended with it."""

import asyncio
import ctypes
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import structlog

from exchange.wires.mqtt_link import Broker
from vocabulary.errors import Refused

log = structlog.get_logger()

TUNED: Final = Path(__file__).resolve().parents[1] / "docs" / "operate" / "mosquitto.conf"
PASSWORDS: Final = "mosquitto.passwd"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG
_PLACES: Final = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
_SHORT_LIFE_S: Final = 2.0
_LONGEST_WAIT_S: Final = 30.0


def find_mosquitto() -> str:
    """Return the broker's program; Refused where none is installed."""
    found = shutil.which("mosquitto") or next(
        (f"{place}/mosquitto" for place in _PLACES if Path(f"{place}/mosquitto").is_file()), ""
    )
    if not found:
        raise Refused("wires.no_mosquitto")
    return found


class OwnBroker:
    """Keeps one broker up. Beyond this machine it listens only where its people have passwords (HOME/wires/mosquitto.passwd)."""

    def __init__(self, home: Path, host: str, port: int) -> None:
        self.program = find_mosquitto()
        self.host, self.port = host, port
        self._folder = home / "wires"
        self._data = home / "mosquitto"
        self._passwords = self._folder / PASSWORDS
        if host not in LOOPBACK and not self._passwords.is_file():
            raise Refused("wires.open_broker", host=host, file=f"wires/{PASSWORDS}")
        self._process: asyncio.subprocess.Process | None = None

    def ours(self) -> Broker:
        """Return the broker as we reach it ourselves; with passwords, HOME/wires/mosquitto.us holds ours as `user:password`."""
        host = self.host if self.host in LOOPBACK else "127.0.0.1"
        if not self._passwords.is_file():
            return Broker(host, self.port)
        ours = self._folder / "mosquitto.us"
        if not ours.is_file():
            raise Refused("wires.no_own_password", file="wires/mosquitto.us")
        user, _, password = ours.read_text("utf-8").strip().partition(":")
        return Broker(host, self.port, user, password)

    def configuration(self) -> str:
        """Return the shipped lines with what is ours: where it listens, where it keeps, who may come in."""
        own = [f"listener {self.port} {self.host}", f"persistence_location {self._data}/"]
        if os.geteuid() == 0:  # it would become somebody who may not read or write our folder
            own.append("user root")
        if self._passwords.is_file():
            own += ["allow_anonymous false", f"password_file {self._passwords}"]
        else:
            own.append("allow_anonymous true")
        return TUNED.read_text("utf-8") + "\n" + "\n".join(own) + "\n"

    async def run(self) -> None:
        """Start it, and again whenever it dies, until cancelled."""
        self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._data / "mosquitto.conf"
        file.write_text(self.configuration(), "utf-8")
        loop, wait_s = asyncio.get_running_loop(), 0.2
        try:
            while True:
                began_s = loop.time()
                self._process = await asyncio.create_subprocess_exec(
                    self.program, "-c", str(file),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=asyncio.subprocess.PIPE,
                    preexec_fn=_die_with_us(),
                )  # fmt: skip
                said = (await self._process.communicate())[1]
                log.error("mosquitto_ended", status=self._process.returncode, said=_last(said))
                lived = loop.time() - began_s > _SHORT_LIFE_S
                wait_s = 0.2 if lived else min(wait_s * 2, _LONGEST_WAIT_S)
                await asyncio.sleep(wait_s)
        finally:
            await self._end()

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 3)
        except TimeoutError:
            process.kill()
            await process.wait()


def _last(said: bytes) -> str:
    lines = re.sub(rb"[^\x20-\x7e\n]", b"?", said).decode().strip().splitlines()
    return lines[-1][:200] if lines else ""


def _die_with_us() -> Callable[[], Any] | None:
    """Return what the broker does before it begins: ask the kernel to be ended when the console is, however that ends."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_DIE_WITH_PARENT, signal.SIGTERM)
