"""What warnings need kept; `storage.warnings` keeps it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

from incidents.warnings.model import HazardWarning, WarningMessage
from vocabulary.message import Actor, Event, Recorded

WARNING_STREAM: Final = "warning:"


class Warnings(Protocol):
    """Warnings inside one transaction."""

    def load(self, identifier: str) -> HazardWarning | None:
        """Return one message that was kept, None where it is not known."""
        ...

    def around(self, message: WarningMessage) -> list[HazardWarning]:
        """Return the kept messages that hang together with one by references, over any number of steps; itself too."""
        ...

    def due(self, at: datetime) -> list[HazardWarning]:
        """Return the warnings that nothing has ended and whose time is up."""
        ...

    def append(
        self, identifier: str, version: int, events: Sequence[Event], actor: Actor
    ) -> list[Recorded[Event]]:
        """Keep events of one warning."""
        ...
