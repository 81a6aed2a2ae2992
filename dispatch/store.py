"""What the room's handlers need kept; `storage.units` keeps it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from dispatch.model import Position, Unit
from vocabulary.ids import CaseId, UnitId
from vocabulary.message import Actor, Event


class Units(Protocol):
    """Units inside one transaction."""

    def load(self, unit_id: UnitId) -> Unit | None:
        """Return one unit, None where it is not known."""
        ...

    def everyone(self) -> list[Unit]:
        """Return every unit."""
        ...

    def seen(self) -> dict[UnitId, Position]:
        """Return where each unit was seen last."""
        ...

    def on_case(self, case_id: CaseId) -> list[Unit]:
        """Return the units assigned to a case."""
        ...

    def asked_for(self, case_id: CaseId) -> set[UnitId]:
        """Return the units that were ever asked to go to a case."""
        ...

    def append(
        self,
        unit_id: UnitId,
        version: int,
        events: Sequence[Event],
        actor: Actor,
        cause_id: str | None,
        source_at: datetime | None = None,
    ) -> None:
        """Keep events of one unit."""
        ...
