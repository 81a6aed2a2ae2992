"""What a case's handlers need inside one transaction: cases, events, numbers and the personal part of a report."""

from collections.abc import Sequence
from datetime import datetime

from incidents.model import Case
from security.sealing import Keyring
from storage.cases import load_case
from storage.counters import next_number
from storage.personal import keep_personal
from storage.transaction import Transaction
from vocabulary.ids import CaseId, ReportId
from vocabulary.message import Actor, Event, Recorded


class CasesInTransaction:
    """`incidents.store` over one transaction of the journal."""

    def __init__(self, transaction: Transaction, keyring: Keyring) -> None:
        self._transaction = transaction
        self._keyring = keyring

    def load(self, case_id: CaseId) -> Case | None:
        """Return one case as it stands, None where there is none; it is read once until something is appended."""
        memory, name = self._transaction.memory, f"case:{case_id}"
        if name not in memory:
            memory[name] = load_case(self._transaction.connection, case_id)
        case: Case | None = memory[name]
        return case

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
        """Keep events at the end of a stream; refused where it is not at `expected_version`."""
        return self._transaction.append(
            stream,
            expected_version,
            events,
            actor=actor,
            source_at=source_at,
            cause_id=cause_id,
        )

    def next_number(self, prefix: str) -> int:
        """Return the next sequence number under `prefix` (division and day)."""
        return next_number(self._transaction.connection, f"case:{prefix}")

    def keep_personal(self, report_id: ReportId, personal: dict[str, str]) -> None:
        """Seal and keep who called (`phone`, `name`)."""
        fields = {f"caller_{name}": value for name, value in personal.items()}
        keep_personal(self._transaction.connection, report_id, fields, self._keyring)
