"""An outage as lists and the map show it: JSON-ready."""

from typing import Any

from layers.coverage.outages.model import SiteOutage
from vocabulary.clock import to_text


def outage_row(outage: SiteOutage) -> dict[str, Any]:
    """Return an outage as one row."""
    return {
        "site_id": outage.site_id,
        "name": outage.name,
        "operator": outage.operator,
        "lon": outage.place.lon_deg,
        "lat": outage.place.lat_deg,
        "cells": list(outage.cells),
        "cause": outage.cause,
        "since_at": to_text(outage.since_at),
        "people": outage.people,
        "area_km2": outage.area_km2,
        "without_any": outage.without_any,
        "cut_off": list(outage.cut_off),
        "note": outage.note,
        "exercise": outage.exercise,
        "told_by": outage.told_by,
        "ended_at": None if outage.ended_at is None else to_text(outage.ended_at),
        "ended_by": outage.ended_by,
    }
