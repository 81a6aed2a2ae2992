"""What is sent beside what was proposed: accepted as it was, or overridden with a reason. Pure."""

from collections.abc import Collection, Sequence
from typing import Final

from dispatch.plans.messages import RecommendationSent
from dispatch.recommendation.model import Recommendation
from incidents.model import Case
from vocabulary.errors import Refused
from vocabulary.ids import UnitId

NOTE_LONGEST: Final = 200


def settle(
    case: Case,
    proposal_id: str,
    basis: str,
    told: Recommendation,
    units: Sequence[UnitId],
    reason: str,
    note: str,
    *,
    known_reasons: Collection[str],
) -> RecommendationSent:
    """Return the record of a sending; refused without anybody, and without a coded reason where it is not as proposed."""
    sent = tuple(dict.fromkeys(units))
    if not sent:
        raise Refused("dispatch.nobody_chosen", number=case.number)
    proposed = told.proposed
    struck = tuple(unit for unit in proposed if unit not in sent)
    added = tuple(unit for unit in sent if unit not in proposed)
    if (struck or added or reason) and reason not in known_reasons:
        known = ", ".join(known_reasons)
        raise Refused("dispatch.override_reason", value=repr(reason), known=known)
    if len(note) > NOTE_LONGEST:
        raise Refused("dispatch.text_long", n=len(note), longest=NOTE_LONGEST)
    return RecommendationSent(
        case_id=case.id,
        proposal_id=proposal_id,
        basis=basis,
        answers=told.answers,
        proposed=proposed,
        sent=sent,
        struck=struck,
        added=added,
        reason=reason,
        note=note,
        exercise=case.exercise,
    )
