"""A journal, effects and dead letters in memory, and events to fill them with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bus.cloudevents import CloudEventWriter
from bus.codec import Codec
from bus.effects import Outcome
from incidents.messages import CaseRejected, NoteAdded
from vocabulary.ids import CaseId, new_id
from vocabulary.message import SYSTEM, Event, Recorded

CODEC = Codec([NoteAdded, CaseRejected])
AT = datetime(2026, 11, 22, 6, 0, 0, 123000, tzinfo=UTC)


def a_note(text: str = "到场") -> NoteAdded:
    return NoteAdded(case_id=CaseId("01K0000000000000000000CASE"), text=text)


def a_rejection(note: str = "重复") -> CaseRejected:
    case_id = CaseId("01K0000000000000000000CASE")
    return CaseRejected(case_id=case_id, reason="duplicate", note=note)


def a_recorded(seq: int, event: Event | None = None) -> Recorded[Event]:
    return Recorded(
        seq=seq,
        event_id=new_id(),
        stream="01K0000000000000000000CASE",
        version=seq,
        event=event or a_note(f"note {seq}"),
        recorded_at=AT,
        source_at=None,
        actor=SYSTEM,
        cause_id=None,
        chain="00",
    )


def masked(event: Event) -> dict[str, Any]:
    members = CODEC.to_dict(event)
    words = {name: members[name] for name in ("text", "note") if name in members}
    return members | {
        name: said.replace("13812345678", "138****5678") for name, said in words.items()
    }


WRITER = CloudEventWriter("/onenet/330000", masked)


@dataclass
class JournalDouble:
    """The journal with its outbox."""

    kept: list[Recorded[Event]] = field(default_factory=list)
    outbox: set[int] = field(default_factory=set)

    def keep(self, count: int = 1, event: Event | None = None) -> None:
        for _ in range(count):
            seq = len(self.kept) + 1
            self.kept.append(a_recorded(seq, event))
            self.outbox.add(seq)

    async def pending(self, limit: int) -> list[Recorded[Event]]:
        return [self.kept[seq - 1] for seq in sorted(self.outbox)[:limit]]

    async def done(self, seqs: Sequence[int]) -> None:
        self.outbox.difference_update(seqs)

    async def events_after(self, seq: int, limit: int) -> list[Recorded[Event]]:
        return self.kept[seq : seq + limit]

    async def last_seq(self) -> int:
        return len(self.kept)


@dataclass
class EffectsDouble:
    """Effects by (consumer, seq)."""

    journal: JournalDouble
    floors: dict[str, int] = field(default_factory=dict)
    records: dict[tuple[str, int], Outcome] = field(default_factory=dict)
    ever: set[int] = field(default_factory=set)

    async def begin(self, consumer: str, *, from_now: bool) -> int:
        return self.floors.setdefault(consumer, len(self.journal.kept) if from_now else 0)

    async def seen(self, seq: int, consumer: str) -> bool:
        return seq <= self.floors[consumer] or (consumer, seq) in self.records

    async def record(self, seq: int, consumer: str, outcome: Outcome) -> None:
        self.records.setdefault((consumer, seq), outcome)
        self.ever.add(seq)

    async def missing(
        self, consumer: str, below_seq: int, limit: int, kinds: frozenset[str] = frozenset()
    ) -> list[Recorded[Event]]:
        return [
            recorded
            for recorded in self.journal.kept
            if recorded.seq < below_seq and not await self.seen(recorded.seq, consumer)
            if not kinds or recorded.event.kind in kinds
        ][:limit]

    async def settle(self, consumer: str, floor: int) -> None:
        self.floors[consumer] = max(self.floors[consumer], floor)
        for key in [key for key in self.records if key[0] == consumer and key[1] <= floor]:
            del self.records[key]


@dataclass
class DeadLettersDouble:
    """What was given up: (consumer, seq) to (problem, tries)."""

    kept: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)

    async def keep(self, seq: int, consumer: str, problem: str, tries: int) -> None:
        self.kept[consumer, seq] = (problem, tries)
