"""A store in memory for the handlers' tests: compare-and-set, gap-free numbers, personal data apart."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from incidents.fold import apply
from incidents.model import Case
from incidents.store import CASE_STREAM
from tests.incidents.stories import MONDAY_10
from vocabulary.errors import Refused
from vocabulary.ids import CaseId, ReportId, new_id
from vocabulary.message import Actor, Event, Recorded


class MemoryStore:
    """Implements `incidents.store.CaseStore`."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self.log: list[Recorded[Event]] = []
        self.personal: dict[str, dict[str, str]] = {}
        self.now = MONDAY_10
        self._numbers: Counter[str] = Counter()

    def load(self, case_id: CaseId, /) -> Case | None:
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
        version = sum(1 for one in self.log if one.stream == stream)
        if version != expected_version:
            raise Refused("journal.stale", who="-", at="-", expected=expected_version)
        kept = []
        for event in events:
            version += 1
            recorded = Recorded(
                seq=len(self.log) + 1,
                event_id=new_id(),
                stream=stream,
                version=version,
                event=event,
                recorded_at=self.now,
                source_at=source_at,
                actor=actor,
                cause_id=cause_id,
                chain="",
            )
            self.log.append(recorded)
            kept.append(recorded)
            self._project(recorded)
        return kept

    def _project(self, recorded: Recorded[Event]) -> None:
        case_id = recorded.stream.removeprefix(CASE_STREAM)
        case = apply(
            self.cases.get(case_id),
            recorded.event,
            version=recorded.version,
            at=recorded.recorded_at,
            by=recorded.actor.name,
        )
        if case is not None:
            self.cases[case_id] = case

    def next_number(self, prefix: str, /) -> int:
        self._numbers[prefix] += 1
        return self._numbers[prefix]

    def keep_personal(self, report_id: ReportId, personal: dict[str, str], /) -> None:
        self.personal[report_id] = personal
