"""Many ids in lots: how many values one statement may name is bounded."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def lots(some: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield things in their order, at most `size` at a time."""
    for start in range(0, len(some), size):
        yield some[start : start + size]
