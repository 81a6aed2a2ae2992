"""What the store remembers for consumers: which effects happened, and which messages were given up."""

from typing import Literal, Protocol

from vocabulary.message import Event, Recorded

Outcome = Literal["done", "dead"]


class Effects(Protocol):
    """Which consumer is done with which event. A consumer's floor is the `seq` up to which it is done with everything."""

    async def begin(self, consumer: str, *, from_now: bool) -> int:
        """Return the consumer's floor. The first time it is made: 0, or the newest `seq` when `from_now`."""
        ...

    async def seen(self, seq: int, consumer: str) -> bool:
        """Say whether the consumer is done with this event: recorded, or not above its floor."""
        ...

    async def record(self, seq: int, consumer: str, outcome: Outcome) -> None:
        """Remember that the consumer is done with this event; a second time changes nothing."""
        ...

    async def missing(
        self, consumer: str, below_seq: int, limit: int, kinds: frozenset[str] = frozenset()
    ) -> list[Recorded[Event]]:
        """Return the oldest events above the floor and below `below_seq` that the consumer is not done with.

        `kinds` are those it cares for; none named: all.
        """
        ...

    async def settle(self, consumer: str, floor: int) -> None:
        """Raise the floor to `floor` (never lower it) and forget the records below: none there is missing."""
        ...


class DeadLetters(Protocol):
    """Messages that a consumer could not handle, kept for a person to look at."""

    async def keep(self, seq: int, consumer: str, problem: str, tries: int) -> None:
        """Keep the message with the reason; a second time replaces the first."""
        ...
