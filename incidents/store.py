"""What the incidents' handlers need of a store: load, append with compare-and-set, numbers, personal data kept apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from incidents.model import Case
from vocabulary.ids import CaseId, ReportId
from vocabulary.message import Actor, Event, Recorded
from vocabulary.place import Place

CASE_STREAM: Final = "case:"


def case_stream(case_id: str) -> str:
    """Return the journal stream of a case."""
    return CASE_STREAM + case_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Where a place lies: division (GB/T 2260), town, grid cell, address; and whether it is by a vulnerable site."""

    division: str
    town: str = ""
    cell: str = ""
    address: str = ""
    by_vulnerable_site: bool = False


Locate = Callable[[Place], Located]  # Refused where the place is outside the county


class CaseStore(Protocol):
    """Cases inside one transaction: what is appended is kept together or not at all."""

    def load(self, case_id: CaseId, /) -> Case | None:
        """Return a case as it stands, None where there is none."""
        ...

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
        """Keep events at the end of a stream that is at `expected_version`; refused with 409 where it is not."""
        ...

    def next_number(self, prefix: str, /) -> int:
        """Return 1, 2, 3 … for `prefix`, each once."""
        ...

    def keep_personal(self, report_id: ReportId, personal: dict[str, str], /) -> None:
        """Keep who called (`phone`, `name`), apart from the events."""
        ...
