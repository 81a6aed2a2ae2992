"""Those who listen now: a listener is a few cursors and never a queue, so nobody's slowness costs anybody memory."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

import structlog

from live.audience import Audience

log = structlog.get_logger()
NEVER: Final = -1


@dataclass(slots=True, eq=False)
class Listener:
    """One open stream: who hears it, which lanes, how far it is, and since when its newest chunk waits to be taken.

    `latest` is how far it is in the lanes of latest values, `due` names those whose turn it is; events are always due.
    """

    audience: Audience
    person_id: str
    lanes: frozenset[str]
    seq: int
    lifetime_s: float
    beat: int = NEVER
    turn: int = 0
    latest: dict[str, int] = field(default_factory=lambda: {"u": NEVER, "s": NEVER})
    due: set[str] = field(default_factory=lambda: {"u", "s"})
    done: bool = False
    was_cut: bool = False
    sending_since: float | None = None
    abort: Callable[[], object] | None = None
    joined: float = field(default_factory=monotonic)
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def end(self) -> None:
        """Let the stream come to its end in good order."""
        self.done = True
        self.ready.set()

    def cut(self) -> None:
        """Break the connection now; what it did not take is thrown away."""
        self.was_cut = True
        self.end()
        if self.abort is not None:
            self.abort()


class Listeners:
    """The register of open streams."""

    def __init__(self) -> None:
        self._open: set[Listener] = set()
        self._joined = 0
        self.cut_n = 0

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Listener]:
        return iter(tuple(self._open))

    def join(self, listener: Listener) -> None:
        """Enter a listener and give it its turn."""
        self._joined += 1
        listener.turn = self._joined
        self._open.add(listener)

    def leave(self, listener: Listener) -> None:
        """Strike a listener off."""
        self._open.discard(listener)

    def pulse(self) -> None:
        """Tell everyone that there is something to take."""
        for listener in self._open:
            listener.ready.set()

    def give_turns(self, lane: str, tick: int, beat: int, beats: int) -> None:
        """Let every `beats`-th listener take a lane of latest values, which is at `tick`.

        Were all let at once, an event that comes in between would wait until a hundred large frames are written.
        """
        for listener in self._open:
            if (listener.turn + beat) % beats or lane not in listener.lanes:
                continue
            if listener.latest[lane] != tick:
                listener.due.add(lane)
                listener.ready.set()

    def sweep(self, patience_s: float) -> None:
        """Cut those who do not take their frames; let those end who have listened for their lifetime."""
        now = monotonic()
        for listener in self:
            waiting = listener.sending_since
            if waiting is not None and now - waiting > patience_s:
                self.cut_n += 1
                log.warning("live_listener_cut", person_id=listener.person_id, seq=listener.seq)
                listener.cut()
            elif now - listener.joined > listener.lifetime_s:
                listener.end()

    def part(self, person_id: str) -> int:
        """End every stream of one person (signed out, disabled, other duties); return how many."""
        parted = [listener for listener in self if listener.person_id == person_id]
        for listener in parted:
            listener.end()
        return len(parted)

    def end_all(self) -> None:
        """End every stream."""
        for listener in self:
            listener.end()
