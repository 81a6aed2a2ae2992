"""The keeper: a process of its own that holds one Valkey up while anybody of ours lives, and takes it down after the last.

Run by path as `python -I -S embedded_keeper.py CONFIG-JSON`, with nothing but the standard library, so that it starts
in some 30 ms. Every process of ours holds a shared lock on the `users` file; the kernel drops it however that process
ends. The keeper's second thread waits for the exclusive lock on that file, and so wakes the moment the last user is gone.
"""

import ctypes
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Protocol

PR_SET_PDEATHSIG = 1
LOCAL_PEERPID = 2  # macOS
SO_PEERCRED = getattr(socket, "SO_PEERCRED", 17)
SHORT_LIFE_S = 0.5
FIRST_WAIT_S = 0.02
LONGEST_WAIT_S = 2.0
TERM_PATIENCE_S = 2.0
# Others try this lock for an instant to see whether a keeper lives; that must not turn a new keeper away.
LOCK_TRIES, LOCK_WAIT_S = 20, 0.02
DAMAGE = b"Bad file format reading the append only file"


class Server(Protocol):
    """A running server, started here or found running."""

    pid: int

    def wait(self) -> object:
        """Return when it has ended."""
        ...


class Found:
    """A server that a former keeper left behind; it is not our child, so it is watched by its number."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def wait(self) -> None:
        """Return when it has ended."""
        while _lives(self.pid):
            time.sleep(0.1)


class Keeper:
    """Keeps one server up, again and again, until `leave`."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = config
        self.leaving = threading.Event()
        self.server: Server | None = None
        self._log_bytes = 0
        self._turn = threading.Lock()  # between starting a server and deciding to leave

    def watch_users(self, users: int) -> None:
        """Wait until nobody uses the server, then take it down."""
        fcntl.flock(users, fcntl.LOCK_EX)
        with self._turn:
            self.leaving.set()
            server = self.server
        if server is not None:
            _end(server.pid)

    def run(self) -> None:
        """Start the server, and again whenever it dies; longer waits between deaths that follow closely."""
        wait_s = FIRST_WAIT_S
        while not self.leaving.is_set():
            began = time.monotonic()
            with self._turn:
                if self.leaving.is_set():
                    return
                self.server = self._found() or self._start()
            self.server.wait()
            if self.leaving.is_set():
                return
            if time.monotonic() - began < SHORT_LIFE_S:
                self._set_damage_aside()
                wait_s = min(wait_s * 2, LONGEST_WAIT_S)
            else:
                wait_s = FIRST_WAIT_S
            self.leaving.wait(wait_s)

    def _start(self) -> Server:
        Path(self.config["socket"]).unlink(missing_ok=True)
        self._log_bytes = Path(self.config["log"]).stat().st_size
        return subprocess.Popen(  # noqa: S603 - our own binary and our own file
            [self.config["binary"], self.config["server_config"]],
            stdin=subprocess.DEVNULL,
            preexec_fn=_die_with(os.getpid()),
        )

    def _found(self) -> Server | None:
        """Return the server that already has the socket; two on the same files would ruin them."""
        try:
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(0.5)
                link.connect(self.config["socket"])
                return Found(_process_behind(link))
        except OSError:
            return None

    def _set_damage_aside(self) -> None:
        """Put a file the server cannot read out of its way: the journal is the truth and tells what was in it again."""
        data = Path(self.config["data"]) / "appendonlydir"
        text = Path(self.config["log"]).read_bytes()[self._log_bytes :]
        if data.is_dir() and DAMAGE in text:
            data.rename(data.with_name(f"damaged-{os.getpid()}-{time.monotonic_ns()}"))


def _die_with(keeper: int) -> Any:
    """Return what the new server does before it begins: ask the kernel to be killed when the keeper is."""
    if not sys.platform.startswith("linux"):
        return None  # a server left behind there is found again by the next keeper
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != keeper:  # it died between fork and prctl
            os._exit(1)

    return ask


def _end(pid: int) -> None:
    """Ask the server to end, and end it when it does not."""
    try:
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + TERM_PATIENCE_S
        while time.monotonic() < until:
            time.sleep(0.02)
            if not _lives(pid):
                return
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _process_behind(link: socket.socket) -> int:
    """Return the number of the process that listens on the other side; it need not answer, it may be hung."""
    if sys.platform == "darwin":
        return int(struct.unpack("i", link.getsockopt(0, LOCAL_PEERPID, 4))[0])
    return int(struct.unpack("3i", link.getsockopt(socket.SOL_SOCKET, SO_PEERCRED, 12))[0])


def _become_keeper(lock: int) -> bool:
    for _ in range(LOCK_TRIES):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOCK_WAIT_S)
        else:
            return True
    return False


def main() -> None:
    """Leave the process that called, become the keeper if there is none, and keep."""
    config = json.loads(sys.argv[1])
    if os.fork():
        os._exit(0)  # the caller has nothing to wait for, and no zombie stays behind in it
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # The users decide when it is over: a service manager sends these to all of us at once.
        signal.signal(number, lambda *_: None)
    if not _become_keeper(os.open(config["keeper_lock"], os.O_RDWR | os.O_CLOEXEC)):
        return
    keeper = Keeper(config)
    users = os.open(config["users_lock"], os.O_RDWR | os.O_CLOEXEC)
    threading.Thread(target=keeper.watch_users, args=(users,), daemon=True).start()
    keeper.run()


if __name__ == "__main__":
    main()
