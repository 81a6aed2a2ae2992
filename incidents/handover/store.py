"""What handing over needs kept; `storage.handovers` keeps it."""

from collections.abc import Sequence
from typing import Final, Protocol

from incidents.handover.model import Handover
from vocabulary.message import Actor, Event, Recorded

HANDOVER_STREAM: Final = "handover:"


class Handovers(Protocol):
    """Handovers inside one transaction."""

    def load(self, handover_id: str) -> Handover | None:
        """Return one, None where it is not known."""
        ...

    def standing(self) -> Sequence[Handover]:
        """Return those that wait for the second signature."""
        ...

    def append(
        self, handover_id: str, version: int, events: Sequence[Event], actor: Actor
    ) -> list[Recorded[Event]]:
        """Keep events of one handover."""
        ...
