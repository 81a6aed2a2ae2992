"""Open cases of one category near a place, as the transaction that asks sees them."""

import math

from sqlalchemy import Connection, select

from incidents.model import Case
from storage.cases import read_case
from storage.tables import cases
from vocabulary.place import EARTH_RADIUS_M, Place, distance_m

DEGREE_M = math.radians(1) * EARTH_RADIUS_M


def open_cases_near(
    connection: Connection, category: str, place: Place, within_m: float
) -> list[tuple[float, Case]]:
    """Return (metres, case), the nearest first."""
    north = within_m / DEGREE_M
    east = north / max(math.cos(math.radians(place.lat_deg)), 0.01)
    query = select(cases.c.document).where(
        cases.c.category == category,
        cases.c.open.is_(True),
        cases.c.lon_deg.between(place.lon_deg - east, place.lon_deg + east),
        cases.c.lat_deg.between(place.lat_deg - north, place.lat_deg + north),
    )
    found = [read_case(document) for document in connection.execute(query).scalars()]
    measured = [(distance_m(place, case.place), case) for case in found]
    return sorted((one for one in measured if one[0] <= within_m), key=lambda one: one[0])
