"""What is told of a sheet that was brought, row by row: added, unchanged, or refused and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from vocabulary.errors import Refused

Json = dict[str, Any]
OUTCOMES: Final = ("added", "unchanged", "refused")


class Keyed(Protocol):
    """A value that takes the place of the one with its key."""

    @property
    def key(self) -> str:
        """Return it."""
        ...


def told_row(
    row: int,
    code: str,
    value: Keyed | None,
    refusal: Refused | None,
    known: Mapping[str, Any],
    language: str,
) -> Json:
    """Return what became of a row, given what was known before."""
    outcome = "refused"
    if value is not None:
        outcome = "unchanged" if known.get(value.key) == value else "added"
    return row_of(row, outcome, code, language, refusal)


def row_of(
    row: int, outcome: str, code: str, language: str, refusal: Refused | None = None
) -> Json:
    """Return one row of a report."""
    return {
        "row": row,
        "outcome": outcome,
        "code": code,
        "reason": refusal.text(language) if refusal else "",
        "problem": refusal.code if refusal else None,
    }


def tally(told: Sequence[Json], outcomes: Sequence[str] = OUTCOMES) -> dict[str, int]:
    """Return how many rows came to each outcome."""
    found = Counter(row["outcome"] for row in told)
    return {name: found[name] for name in outcomes}
