"""A store in memory for the console of these tests: cases, journal, personal data and numbers in dictionaries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from incidents.model import Case
from incidents.rules import apply
from tests.clocks import ManualClock
from vocabulary.ids import CaseId, ReportId, new_id
from vocabulary.message import Actor, Event, Recorded


@dataclass
class Memory:
    """`incidents.store.CaseStore` in dictionaries."""

    clock: ManualClock
    cases: dict[str, Case] = field(default_factory=dict)
    journal: list[Recorded[Event]] = field(default_factory=list)
    personal: dict[str, dict[str, str]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def load(self, case_id: CaseId) -> Case | None:
        return self.cases.get(case_id)

    def append(
        self,
        stream: str,
        expected_version: int,
        events: Sequence[Event],
        /,
        *,
        actor: Actor,
        source_at: datetime | None = None,
        cause_id: str | None = None,
    ) -> list[Recorded[Event]]:
        kept = [
            Recorded(
                seq=len(self.journal) + number,
                event_id=new_id(),
                stream=stream,
                version=expected_version + number,
                event=event,
                recorded_at=self.clock.now(),
                source_at=source_at,
                actor=actor,
                cause_id=cause_id,
                chain="",
            )
            for number, event in enumerate(events, 1)
        ]
        self.journal += kept
        case_id = stream.removeprefix("case:")
        for one in kept:
            case = apply(
                self.cases.get(case_id),
                one.event,
                version=one.version,
                at=one.recorded_at,
                by=actor.name,
            )
            if case is not None:
                self.cases[case_id] = case
        return kept

    def next_number(self, prefix: str) -> int:
        self.numbers[prefix] = self.numbers.get(prefix, 0) + 1
        return self.numbers[prefix]

    def keep_personal(self, report_id: ReportId, personal: dict[str, str]) -> None:
        self.personal[report_id] = personal
