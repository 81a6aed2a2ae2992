"""What a thing is after its events, by its room's own rule."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from vocabulary.message import Event, Recorded

T = TypeVar("T")


class Apply(Protocol[T]):
    """A room's rule that says what a thing is after an event; None for an event that is not about it."""

    def __call__(
        self, before: T | None, event: Event, /, *, version: int, at: datetime, by: str
    ) -> T | None:
        """Return what it is now."""
        ...


def applied(apply: Apply[T], before: T | None, recorded: Recorded[Event]) -> T | None:
    """Return what a thing is after an event as the journal keeps it."""
    return apply(
        before,
        recorded.event,
        version=recorded.version,
        at=recorded.recorded_at,
        by=recorded.actor.name,
    )


def folded(apply: Apply[T], history: Iterable[Recorded[Event]]) -> T | None:
    """Return what a thing is after all events of its stream."""
    thing: T | None = None
    for recorded in history:
        thing = applied(apply, thing, recorded)
    return thing
