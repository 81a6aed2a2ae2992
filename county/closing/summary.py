"""A closure as lists, the live feed and the map show it: JSON-ready, its ground as GeoJSON."""

from typing import Any

from county.closing.model import RoadClosure
from county.closures import Ground
from vocabulary.clock import to_text


def closure_row(closure: RoadClosure) -> dict[str, Any]:
    """Return a closure as one row."""
    return {
        "id": closure.id,
        "version": closure.version,
        "ground": geojson(closure.ground),
        "since_at": to_text(closure.since_at),
        "until_at": to_text(closure.until_at),
        "speed_share": closure.speed_share,
        "one_way": closure.one_way,
        "cause": closure.cause.value,
        "road": closure.road,
        "note": closure.note,
        "closed_by": closure.closed_by,
        "closed_at": to_text(closure.closed_at),
        "ended_at": None if closure.ended_at is None else to_text(closure.ended_at),
        "ended_by": closure.ended_by,
        "by_time": closure.by_time,
    }


def geojson(ground: Ground) -> dict[str, Any]:
    """Return the ground as a GeoJSON geometry."""
    points = [list(point) for point in ground.points]
    if ground.kind == "line":
        return {"type": "LineString", "coordinates": points}
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}
