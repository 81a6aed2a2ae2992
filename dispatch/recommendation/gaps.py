"""Why a need is not met: every unit that could do it and is not offered has one code. Pure."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

import numpy as np

from dispatch.model import UnitStatus
from dispatch.recommendation.field import Field, Flags
from dispatch.recommendation.model import Absent, Candidate, Gap, Shortfall, Way

NEAREST: Final = 2
_BY_STATUS: Final = {
    UnitStatus.BREAK: Gap.RESTING,
    UnitStatus.OFF_DUTY: Gap.OFF_DUTY,
}
_ORDER: Final = tuple(Gap)


def shortfalls(field: Field, fits: Flags, taken: AbstractSet[int]) -> tuple[Shortfall, ...]:
    """Return the codes of one need that is not met, with how many units each concerns; never none."""
    able = np.flatnonzero(fits & ~field.on_case)
    if not fits.any():
        return (Shortfall(code=Gap.NO_CANDIDATE, n=0),)
    found: dict[Gap, list[Candidate]] = {}
    for index in map(int, able):
        code = _why_not(field, index, taken)
        found.setdefault(code, []).append(field.candidates[index])
    told = [_told(code, found[code]) for code in _ORDER if code in found]
    return tuple(told) or (Shortfall(code=Gap.SHORT, n=0),)


def _why_not(field: Field, index: int, taken: AbstractSet[int]) -> Gap:
    candidate = field.candidates[index]
    by_status = _BY_STATUS.get(candidate.status)
    if by_status is not None:
        return by_status
    if candidate.status is not UnitStatus.AVAILABLE or index in taken:
        return Gap.SHORT  # busy elsewhere, out of service, or given to another need
    if candidate.way is Way.NO_POSITION:
        return Gap.POSITION_STALE
    return Gap.OUT_OF_RANGE


def _told(code: Gap, those: Sequence[Candidate]) -> Shortfall:
    ranked = sorted(those, key=lambda one: (one.seconds is None, one.seconds or 0.0, one.unit.id))
    nearest = [
        Absent(unit_id=one.unit.id, seconds=one.seconds, back_at=one.back_at)
        for one in ranked[:NEAREST]
    ]
    return Shortfall(code=code, n=len(those), nearest=tuple(nearest))
