"""What became of readings: counted for the room, and told to each sender for its own rows."""

from dataclasses import dataclass

import numpy as np

from sensors.arrivals import Sorted
from sensors.model import RefusedReading, Taken


@dataclass(slots=True)
class Tally:
    """What came in since the start, by what became of it."""

    accepted: int = 0
    late: int = 0
    duplicate: int = 0
    refused: int = 0
    turned_away: int = 0
    alarms: int = 0


def part_of(sorted_in: Sorted, again: int, start: int, end: int, *, alone: bool) -> Taken:
    """Return what became of one sender's rows of a group; exact where the group is one sender's, else by its refusals."""
    refused = tuple(
        RefusedReading(at=one.at - start, reason=one.reason)
        for one in sorted_in.refused
        if start <= one.at < end
    )
    if alone:
        return Taken(
            accepted=len(sorted_in.kept) - again,
            late=len(sorted_in.late) - again,
            duplicate=sorted_in.duplicate + again,
            refused=refused,
        )
    own = np.count_nonzero((sorted_in.rows >= start) & (sorted_in.rows < end))
    late = np.count_nonzero((sorted_in.late_rows >= start) & (sorted_in.late_rows < end))
    return Taken(
        accepted=int(own),
        late=int(late),
        duplicate=end - start - len(refused) - int(own),
        refused=refused,
    )
