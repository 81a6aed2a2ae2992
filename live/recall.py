"""How a hub starts: the open cases as of one instant, and the events just before it told again from their streams."""

from collections.abc import Sequence

import structlog

from incidents.model import Case
from live.deltas import Board, Delta, is_of_case, step
from live.ports import Source
from vocabulary.message import Event, Recorded

log = structlog.get_logger()


async def recall(source: Source, back: int) -> tuple[Board, list[Delta]]:
    """Return the board at the journal's end and the deltas of its last `back` events, gap-free up to it."""
    now = await source.standing()
    seq = now.seq
    floor = max(0, seq - back)
    recent = [event for event in await source.events_after(floor, back) if event.seq <= seq]
    told = await _tell_again(source, recent, floor, seq)
    deltas = [told.get(recorded.seq) or _beside_cases(recorded) for recorded in recent]
    news = [delta.news for delta in deltas if delta.news is not None]
    return Board(seq, now.cases, news, now.closures, now.warnings), deltas


def _beside_cases(recorded: Recorded[Event]) -> Delta:
    return Delta(recorded.seq) if is_of_case(recorded) else step(None, recorded)


async def _tell_again(
    source: Source, recent: Sequence[Recorded[Event]], floor: int, seq: int
) -> dict[int, Delta]:
    told: dict[int, Delta] = {}
    for stream in dict.fromkeys(item.stream for item in recent if is_of_case(item)):
        history = await source.stream(stream)
        deltas = _deltas_of([item for item in history if item.seq <= seq])
        told.update((delta.seq, delta) for delta in deltas if delta.seq > floor)
    return told


def _deltas_of(history: Sequence[Recorded[Event]]) -> list[Delta]:
    case: Case | None = None
    deltas: list[Delta] = []
    for recorded in history:
        try:
            delta = step(case, recorded)
        except Exception:
            # An event that today's rules cannot apply must not keep the feed from starting.
            log.exception("live_event_unheard", seq=recorded.seq)
            return deltas
        case = delta.after
        deltas.append(delta)
    return deltas
