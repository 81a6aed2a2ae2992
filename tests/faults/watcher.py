"""A listener as a browser is one: a snapshot, then numbered frames; comes back with the last number it has."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any


@dataclass(frozen=True)
class Listing:
    """The open cases and their versions as heard up to `seq`."""

    seq: int = 0
    versions: dict[str, int] = field(default_factory=dict)


class Watcher(threading.Thread):
    """Keeps the list of open cases by listening to /live, through every restart."""

    def __init__(self, port: int, key: str) -> None:
        super().__init__(daemon=True)
        self.port, self.key = port, key
        self.seq = 0
        self.rows: dict[str, dict[str, Any]] = {}
        self.seen: list[int] = []
        self.resets = 0
        self.gaps: list[tuple[int, int]] = []
        self.at_rest = Listing()
        self._hearing = threading.Lock()
        self._over = threading.Event()

    def listing(self) -> Listing:
        """Return what is heard so far, never half a frame."""
        with self._hearing:
            return Listing(self.seq, {case: row["version"] for case, row in self.rows.items()})

    def run(self) -> None:
        known = False
        while not self._over.is_set():
            try:
                if not known:
                    self._take_snapshot()
                    known = True
                known = self._listen()
            except (OSError, HTTPException, ValueError):
                time.sleep(0.1)

    def end(self) -> None:
        self._over.set()
        self.join(10)

    @contextmanager
    def _open(self, path: str) -> Iterator[Any]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=2)) as connection:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.key}"})
            with closing(connection.getresponse()) as answer:
                if answer.status != 200:
                    raise HTTPException(str(answer.status))
                yield answer

    def _take_snapshot(self) -> None:
        with self._open("/live/snapshot") as answer:
            snapshot = json.loads(answer.read())
        with self._hearing:
            self.seq, self.rows = snapshot["seq"], snapshot["rows"]

    def _listen(self) -> bool:
        """Return whether what is known may be built on; False asks for a snapshot."""
        with suppress(TimeoutError), self._open(f"/live?from={self.seq}&lanes=e") as answer:
            for kind, data in frames(answer):
                if self._over.is_set():
                    return True
                if kind == "reset":
                    self.resets += 1
                if kind == "reset" or (kind == "e" and not self._hear(json.loads(data))):
                    return False
        return True

    def _hear(self, frame: dict[str, Any]) -> bool:
        first = frame.get("from", frame["seq"])
        if frame["seq"] <= self.seq:
            return True
        if first > self.seq + 1:
            self.gaps.append((self.seq, first))
            return False
        with self._hearing:
            self.seq = frame["seq"]
            self.seen.append(self.seq)
            for change in frame["changes"]:
                if change["row"] is None:
                    self.rows.pop(change["id"], None)
                else:
                    self.rows[change["id"]] = change["row"]
        return True


def frames(answer: Any) -> Iterator[tuple[str, str]]:
    """Yield (event, data) until the stream ends."""
    fields: dict[str, str] = {}
    while line := answer.readline():
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        else:
            yield fields.get("event", ""), fields.get("data", "")
            fields = {}
