"""The journal as it was at an earlier number: `live.ports.Source` for a moment that is over."""

from collections.abc import Sequence

from sqlalchemy import Connection

from county.closing import rules as closing
from county.closing.store import CLOSURE_STREAM
from incidents.model import Case
from incidents.store import CASE_STREAM
from incidents.warnings import rules as warning_rules
from incidents.warnings.store import WARNING_STREAM
from live.deltas import replay
from live.ports import Standing
from storage.closures import open_closures
from storage.journal import Journal
from storage.past import changed_since, histories, unchanged_cases
from storage.warnings import open_warnings
from vocabulary.folding import folded
from vocabulary.message import Event, Recorded


class PastSource:
    """What was kept up to `seq`, as if nothing had followed."""

    def __init__(self, journal: Journal, seq: int) -> None:
        self._journal, self.seq = journal, seq

    async def standing(self) -> Standing:
        """Return what stood at `seq`: what went on since is folded again, the rest is as it stands."""
        return await self._journal.read(self.standing_blocking)

    def standing_blocking(self, connection: Connection) -> Standing:
        """Do as `standing` does, on one connection."""
        changed = changed_since(connection, self.seq)
        there_already = [stream for stream, version in changed.items() if version > 1]
        told = histories(
            connection,
            self._journal.codec,
            [
                one
                for one in there_already
                if one.startswith((CASE_STREAM, CLOSURE_STREAM, WARNING_STREAM))
            ],
            self.seq,
        )
        cases = unchanged_cases(connection, changed)
        closures = [
            one for one in open_closures(connection) if CLOSURE_STREAM + one.id not in changed
        ]
        warnings = [
            one for one in open_warnings(connection) if WARNING_STREAM + one.id not in changed
        ]
        for stream, history in told.items():
            if stream.startswith(CASE_STREAM):
                case = replay(history, history[-1].version)
                cases += [case] if case is not None and case.open else []
            elif stream.startswith(WARNING_STREAM):
                warning = folded(warning_rules.apply, history)
                warnings += [warning] if warning is not None and warning.open else []
            elif (closure := folded(closing.apply, history)) is not None and closure.open:
                closures.append(closure)
        return Standing(self.seq, sorted(cases, key=_opened), closures, warnings)

    async def events_after(self, seq: int, limit: int) -> Sequence[Recorded[Event]]:
        """Return at most `limit` events after `seq`, none after the moment."""
        events = await self._journal.events_after(seq, limit)
        return [recorded for recorded in events if recorded.seq <= self.seq]

    async def stream(self, stream: str) -> Sequence[Recorded[Event]]:
        """Return the history of one stream up to the moment."""
        return [one for one in await self._journal.stream(stream) if one.seq <= self.seq]


def _opened(case: Case) -> str:
    return case.id
