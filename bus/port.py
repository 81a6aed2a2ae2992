"""The bus as the rooms see it: pub/sub that wakes, streams that are read in groups. Both adapters keep these words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class Item:
    """One event to be told: its number, its bytes, and the channel on which it is announced."""

    seq: int
    payload: bytes
    channel: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One event given to a member of a group; `deliveries` counts how often it was given, this time included."""

    seq: int
    payload: bytes
    deliveries: int


@dataclass(frozen=True, slots=True)
class GroupState:
    """How far a group is: it was given everything up to `given_seq`, and answered for everything up to `acked_seq`."""

    name: str
    given_seq: int
    acked_seq: int


class Subscription(Protocol):
    """Messages as they come, as (channel, payload); it connects again by itself and never raises because of the server.

    What was said while it was not connected is not repeated: pub/sub wakes, the journal tells.
    """

    def __aiter__(self) -> Self:
        """Iterate over the messages."""
        ...

    async def __anext__(self) -> tuple[str, bytes]:
        """Wait for the next message."""
        ...

    async def ready(self) -> None:
        """Wait until the server knows of it."""
        ...

    async def aclose(self) -> None:
        """Stop listening."""
        ...


class Bus(Protocol):
    """Pub/sub and one kind of stream, whose entries carry the journal's own numbers and rise strictly.

    Every method raises `Unavailable` when the server does not answer, at the latest after one second (`read_group`:
    after `block_ms` and one second).
    """

    @property
    def up(self) -> bool:
        """Say whether the last thing asked of the server was answered."""
        ...

    async def publish(self, channel: str, payload: bytes) -> None:
        """Tell who listens now; nobody else."""
        ...

    def subscribe(self, *patterns: str) -> Subscription:
        """Listen to channels; `*` and `?` stand for any text and any letter."""
        ...

    async def add(self, stream: str, seq: int, payload: bytes) -> bool:
        """Add one entry; False when the stream already is at `seq` or beyond."""
        ...

    async def extend(self, stream: str, after: int, items: Sequence[Item]) -> bool:
        """Add `items` (rising) and announce each, all or none, if the last entry is `after` (0: no entry); else False."""
        ...

    async def last_seq(self, stream: str) -> int:
        """Return the number of the last entry, 0 when there is none."""
        ...

    async def trim(self, stream: str, below_seq: int) -> int:
        """Forget the entries below `below_seq`; return how many."""
        ...

    async def drop(self, stream: str) -> None:
        """Forget the stream with its groups, as if it had never been."""
        ...

    async def ensure_group(self, stream: str, group: str) -> None:
        """Make the group, which begins with the oldest entry, unless it is there."""
        ...

    async def read_group(
        self, stream: str, group: str, consumer: str, count: int, block_ms: int
    ) -> list[Entry]:
        """Give `consumer` the next entries nobody in the group was given; wait up to `block_ms` (0: do not wait) for one.

        A group that is gone (the server lost its data) is made again and begins with the oldest entry.
        """
        ...

    async def ack(self, stream: str, group: str, seqs: Sequence[int]) -> None:
        """Say that the group is done with these entries."""
        ...

    async def claim_stale(
        self,
        stream: str,
        group: str,
        consumer: str,
        *,
        idle_ms: int,
        count: int,
        owner: str | None = None,
        skip: Collection[int] = (),
    ) -> list[Entry]:
        """Give `consumer` entries that were given `idle_ms` ago or longer and never acknowledged, oldest first.

        `owner` asks only for those that were given to this member; `skip` leaves entries where they are. Entries that
        were trimmed away meanwhile leave the group without a word: the reconciler finds their events in the journal.
        """
        ...

    async def groups(self, stream: str) -> list[GroupState]:
        """Return how far each group of the stream is."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...
