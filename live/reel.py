"""A stretch of the past as a reel: the board at its beginning and every delta after it, for one audience; pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from incidents.model import Case
from live.audience import Audience
from live.deltas import Board, delta_for, snapshot
from vocabulary.clock import to_text
from vocabulary.message import Event, Recorded

Before = Callable[[Recorded[Event]], Case | None]


@dataclass(frozen=True, slots=True)
class Reel:
    """What stood at the beginning, and what came after it in order; each delta carries when it was recorded."""

    start: dict[str, Any]
    deltas: list[dict[str, Any]]


def wind(
    board: Board, events: Sequence[Recorded[Event]], before: Before, audience: Audience
) -> Reel:
    """Return the reel of `events` from `board` on; `before` gives a case that had ended before the reel begins.

    The board is left at the reel's end.
    """
    start = snapshot(board, audience)
    deltas = []
    for recorded in events:
        earlier = before(recorded) if board.lacks(recorded) else None
        told = delta_for(board.hear(recorded, earlier), audience)
        deltas.append({"at": to_text(recorded.recorded_at), **told})
    return Reel(start, deltas)
