"""What breaks while the wall runs, and is mended without anybody touching the wall: a silent network, a killed server."""

import os
import selectors
import signal
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

CHUNK: Final = 65_536


class Network:
    """A wire between browser and console that can be cut: what is on it then is swallowed, as when a switch dies."""

    def __init__(self, to_port: int) -> None:
        self._to = ("127.0.0.1", to_port)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        self._whole = threading.Event()
        self._whole.set()
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        self._whole.wait()
        try:
            far = socket.create_connection(self._to, timeout=5)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        pair = {near: far, far: near}
        self._open |= set(pair)
        with suppress(OSError), selectors.DefaultSelector() as ready:
            for end in pair:
                ready.register(end, selectors.EVENT_READ)
            while self._pass_on(ready, pair):
                pass
        for end in pair:
            self._open.discard(end)
            end.close()

    def _pass_on(
        self, ready: selectors.DefaultSelector, pair: dict[socket.socket, socket.socket]
    ) -> bool:
        for key, _ in ready.select():
            end = key.fileobj
            assert isinstance(end, socket.socket)
            data = end.recv(CHUNK)
            if not data:
                return False
            if self._whole.is_set():
                pair[end].sendall(data)
        return True

    def cut(self) -> None:
        """Let nothing through from now on, and tell nobody."""
        self._whole.clear()

    def mend(self) -> None:
        """Let new connections through; those of before have lost what was on them, and are dead."""
        for end in list(self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._whole.set()

    def close(self) -> None:
        """Take the wire away."""
        self._listener.close()


def valkey_of(home: Path) -> int:
    """Return the process of this home's embedded Redis."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):
            line = (entry / "cmdline").read_bytes().split(b"\0")
            where = str((entry / "cwd").readlink())
            inside = where.startswith(str(home)) or str(home).encode() in b" ".join(line)
            if inside and b"valkey-server" in line[0]:
                return int(entry.name)
    raise RuntimeError(f"no Redis runs for {home}")


def kill(pid: int) -> None:
    """End a process as a power cut does."""
    os.kill(pid, signal.SIGKILL)
