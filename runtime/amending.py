"""Late readings and alarms: what was decided stays, and is noted once where a late reading says otherwise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from runtime.alarm_keeping import alarm_id
from sensors.alarm import Alarm
from sensors.arrivals import MEASURED_BYTES
from sensors.batch import Batch, from_us, to_us
from sensors.decision import Decision
from sensors.engine import AlarmEngine
from sensors.machine import Cleared, Raised, Verdict
from sensors.messages import AlarmAmended
from storage.alarms import AlarmsInTransaction
from storage.journal import Journal
from storage.transaction import Transaction
from vocabulary.message import SYSTEM

KEPT: Final = 10_000  # the newest alarms that a late reading may still concern
AFTER_US: Final = 600_000_000  # so long after it was cleared it was not quite over, if it was bad
LATE_AT_ONCE: Final = 2_000


@dataclass(slots=True)
class Span:
    """From when to when an alarm stood (None: still), and what was noted already."""

    alarm_id: str
    rule_id: str
    onset_us: int
    cleared_us: int | None = None
    noted: frozenset[str] = frozenset()


class Amending:
    """Knows the newest alarms' spans by channel."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._spans: dict[int, list[Span]] = {}
        self._count = 0

    def know(self, alarms: Iterable[Alarm]) -> None:
        """Take alarms that stand."""
        for one in alarms:
            said = one.raised
            self._add(said.channel, Span(one.id, said.rule_id, to_us(said.onset_at)))

    def learn(self, decisions: Sequence[Decision]) -> None:
        """Take what was decided and kept."""
        for one in decisions:
            name = alarm_id(one.rule.id, one.channel, one.change.onset_us)
            if isinstance(one.change, Raised):
                self._add(one.channel, Span(name, one.rule.id, one.change.onset_us))
            elif isinstance(one.change, Cleared):
                for span in self._spans.get(one.channel, ()):
                    if span.alarm_id == name:
                        span.cleared_us = one.change.at_us

    def _add(self, channel: int, span: Span) -> None:
        spans = self._spans.setdefault(channel, [])
        if all(span.alarm_id != one.alarm_id for one in spans):
            spans.append(span)
            self._count += 1
        if self._count > KEPT:
            oldest = next(iter(self._spans))
            self._count -= len(self._spans.pop(oldest))

    async def hear(self, late: Batch, engine: AlarmEngine) -> None:
        """Note what late readings say of alarms of their time."""
        notes = list(self._notes(late, engine)) if self._spans and len(late) else []
        if notes:
            await self._journal.write(lambda transaction: _keep(transaction, notes))

    def _notes(self, late: Batch, engine: AlarmEngine) -> Iterable[AlarmAmended]:
        measured = late.where(MEASURED_BYTES[late.quality])
        columns = (
            measured.channel.tolist(),
            measured.observed_us.tolist(),
            measured.value.tolist(),
        )
        for channel, at_us, value in list(zip(*columns, strict=True))[:LATE_AT_ONCE]:
            for span in self._spans.get(channel, ()):
                watch = next(
                    (one for one in engine.judges(channel) if one.rule.id == span.rule_id), None
                )
                if watch is None or watch.judge is None:
                    continue
                said = _said(span, at_us, watch.judge(at_us, value))
                if said is not None and said not in span.noted:
                    span.noted |= {said}
                    yield AlarmAmended(
                        alarm_id=span.alarm_id, observed_at=from_us(at_us), value=value, said=said
                    )


def _said(span: Span, at_us: int, verdict: Verdict) -> Literal["normal", "worse"] | None:
    if at_us < span.onset_us:
        return None
    if span.cleared_us is None or at_us < span.cleared_us:
        return "normal" if verdict is Verdict.CLEAR else None
    within = at_us - span.cleared_us <= AFTER_US
    return "worse" if within and verdict is Verdict.RAISE else None


def _keep(transaction: Transaction, notes: Sequence[AlarmAmended]) -> None:
    store = AlarmsInTransaction(transaction)
    for note in notes:
        alarm = store.load(note.alarm_id)
        if alarm is not None:
            store.append(alarm.id, alarm.version, [note], SYSTEM, "sensors")
