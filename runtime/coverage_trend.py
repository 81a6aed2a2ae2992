"""The trend: what coverage came to after each change, kept once per content and told per operator and technology."""

from typing import Any, Final

import orjson
from sqlalchemy import Connection

from layers.coverage.atlas import Atlas
from layers.coverage.model import Technology, Which
from runtime.coverage_sheets import said
from storage.coverage_figures import all_figures, keep_figures
from storage.transaction import Transaction
from vocabulary.clock import to_text

TECHNOLOGIES: Final = (None, Technology.LTE, Technology.NR)
Json = dict[str, Any]


def measured(atlas: Atlas) -> dict[str, Json]:
    """Return the county's figures for all, each operator, each technology, and each of both."""
    found: dict[str, Json] = {}
    for operator in (None, *atlas.operators):
        for technology in TECHNOLOGIES:
            which = Which(operator=operator, technology=technology)
            if not atlas.map.carriers(which):
                continue
            county = atlas.figures(which)[0]
            found[said(which)] = {
                "people": county.share(county.people_of),
                "area": county.share(county.area_of),
                "road": county.share(county.road_of),
                "weak_people": round(county.weak(county.people_of)),
            }
    return found


def keep_trend(transaction: Transaction, content: str, reason: str, told: dict[str, Json]) -> bool:
    """Keep what was measured of a content; the newest one again is not kept twice."""
    document = orjson.dumps(told).decode()
    at = transaction.clock.now()
    return keep_figures(transaction.connection, at, content, reason, document)


def trend_of(connection: Connection, which: Which) -> list[Json]:
    """Return the figures of the carriers meant after each change, oldest first."""
    rows = []
    for row in all_figures(connection):
        told = orjson.loads(row.document).get(said(which))
        if told is not None:
            rows.append({"at": to_text(row.at), "reason": row.reason, **told})
    return rows
