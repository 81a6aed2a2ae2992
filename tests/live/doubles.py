"""A journal in memory with the promises of the real one, and boards made from histories."""

from collections.abc import Sequence

from live.deltas import Board, Delta, replay
from live.ports import Standing
from tests.live.histories import County
from vocabulary.errors import Unavailable
from vocabulary.message import Event, Recorded


class MemoryJournal:
    """`live.ports.Source` over a county's events."""

    def __init__(self, county: County | None = None) -> None:
        self.county = county or County()
        self.down = False

    async def standing(self) -> Standing:
        """Return the open cases, the closed roads and the warnings as of the newest event."""
        self._need()
        cases = [case for case in self.county.cases.values() if case.open]
        closures = [one for one in self.county.closures.values() if one.open]
        warnings = [one for one in self.county.warnings.values() if one.open]
        return Standing(len(self.county.events), cases, closures, warnings)

    async def events_after(self, seq: int, limit: int) -> Sequence[Recorded[Event]]:
        """Return the events after `seq`."""
        self._need()
        return self.county.events[seq : seq + limit]

    async def stream(self, stream: str) -> Sequence[Recorded[Event]]:
        """Return one stream."""
        self._need()
        return [event for event in self.county.events if event.stream == stream]

    def _need(self) -> None:
        if self.down:
            raise Unavailable("live.starting")


def hear_all(
    board: Board, events: Sequence[Recorded[Event]], history: Sequence[Recorded[Event]]
) -> list[Delta]:
    """Let a board hear `events`; what it lacks is read from `history`."""
    deltas = []
    for recorded in events:
        own = [one for one in history if one.stream == recorded.stream]
        before = replay(own, recorded.version - 1) if board.lacks(recorded) else None
        deltas.append(board.hear(recorded, before))
    return deltas


def board_of(history: Sequence[Recorded[Event]]) -> Board:
    """Return the board that heard a history from its beginning."""
    board = Board()
    hear_all(board, history, history)
    return board
