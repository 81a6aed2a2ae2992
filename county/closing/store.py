"""What the closing of roads needs kept; `storage.closures` keeps it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

from county.closing.model import RoadClosure
from vocabulary.message import Actor, Event, Recorded

CLOSURE_STREAM: Final = "closure:"


class RoadClosures(Protocol):
    """Closures inside one transaction."""

    def load(self, closure_id: str) -> RoadClosure | None:
        """Return one closure, None where it is not known."""
        ...

    def due(self, at: datetime) -> list[RoadClosure]:
        """Return the closures nobody has ended whose time is up."""
        ...

    def append(
        self, closure_id: str, version: int, events: Sequence[Event], actor: Actor
    ) -> list[Recorded[Event]]:
        """Keep events of one closure."""
        ...
