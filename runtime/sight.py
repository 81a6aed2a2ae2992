"""Who may see which case through the API: the same rule as the live feed's audiences."""

from collections.abc import Mapping, Sequence
from typing import Any

from dispatch.model import Unit
from incidents.messages import ReportReceived
from incidents.model import Case
from live.audience import audience_of, may_see
from security.principal import Principal
from storage.intake import Photo
from vocabulary.clock import to_text
from vocabulary.errors import Refused


def sees(principal: Principal, case: Case) -> bool:
    """Say whether the principal may see this case at all."""
    return may_see(audience_of(principal), case)


def need_sight(principal: Principal, case: Case | None, case_id: str) -> Case:
    """Return the case, or say that it is not there to who may not see it."""
    if case is None or not sees(principal, case):
        raise Refused("exchange.case_unknown", value=case_id)
    return case


def department_only(principal: Principal) -> str | None:
    """Return the department whose cases are all that the principal may see, None for the whole county."""
    audience = audience_of(principal)
    return audience.department


def need_own(principal: Principal, unit: Unit) -> None:
    """Refuse a department's person who speaks for another department's unit."""
    own = principal.actor.department
    if own and own != unit.department:
        raise Refused("dispatch.other_units", unit=unit.name, department=unit.department, own=own)


def report_view(
    report: ReportReceived, personal: Mapping[str, str], photos: Sequence[Photo] = ()
) -> dict[str, Any]:
    """Return a report as JSON; `personal` is what may be shown of the caller (the API veils it by permission)."""
    return {
        "id": report.report_id,
        "case_id": report.case_id,
        "text": report.text,
        "category": report.category,
        "lon": report.place.lon_deg,
        "lat": report.place.lat_deg,
        "source": report.source,
        "occurred_at": to_text(report.occurred_at),
        "has_caller": report.has_caller,
        "caller_phone": personal.get("caller_phone"),
        "caller_name": personal.get("caller_name"),
        "photos": [
            {
                "id": each.id,
                "url": f"/api/v1/photos/{each.id}",
                "width": each.width,
                "height": each.height,
            }
            for each in photos
        ],
    }
