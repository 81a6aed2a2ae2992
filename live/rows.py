"""What stands as rows by id, in the words of who hears them; pure."""

from collections.abc import Iterable
from typing import Any

from county.closing.model import RoadClosure
from county.closing.summary import closure_row
from incidents.model import Case
from incidents.summary import case_alert, case_row
from incidents.warnings.model import HazardWarning
from incidents.warnings.summary import warning_row
from live.audience import Audience, hears_alert, redact, redact_closure, redact_warning


def row_for(audience: Audience, case: Case) -> dict[str, Any]:
    """Return a case's complete row as the audience may see it."""
    return redact(audience, case_row(case))


def alerts_of(cases: Iterable[Case], audience: Audience) -> dict[str, Any]:
    """Return the alerts that wait and have reached the audience, by the case they are about."""
    return {case.id: case_alert(case) for case in cases if hears_alert(audience, case)}


def closures_of(closures: Iterable[RoadClosure], audience: Audience) -> dict[str, Any]:
    """Return the closures' rows by id: everybody who hears anything hears of closed roads."""
    return {one.id: redact_closure(audience, closure_row(one)) for one in closures}


def warnings_of(warnings: Iterable[HazardWarning], audience: Audience) -> dict[str, Any]:
    """Return the warnings' rows by id: they are told to everybody."""
    return {one.id: redact_warning(audience, warning_row(one)) for one in warnings}
