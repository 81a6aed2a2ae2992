"""A reel as GeoJSON to take away: a point a case with its steps; the timeline and the warnings beside the features; pure."""

from typing import Any

from live.reel import Reel

SHOWN = ("number", "category", "priority", "state", "lane", "town", "lead", "level", "exercise")
WARNED = ("id", "hazard", "colour", "status", "words", "areas", "effective_at", "expires_at")


def clip_of(reel: Reel, about: dict[str, Any]) -> dict[str, Any]:
    """Return the cases that stood or happened in the reel; each feature tells its last state and its `steps`."""
    newest: dict[str, dict[str, Any]] = dict(reel.start["rows"])
    steps: dict[str, list[dict[str, Any]]] = {case_id: [] for case_id in newest}
    timeline = []
    for delta in reel.deltas:
        for change in delta["changes"]:
            if change["row"] is not None:
                newest[change["id"]] = change["row"]
        if (news := delta["news"]) is not None:
            steps.setdefault(news["id"], []).append(_step(delta, news))
            timeline.append({"seq": delta["seq"], "case": news["number"], **_step(delta, news)})
    features = [_feature(row, steps.get(case_id, [])) for case_id, row in newest.items()]
    features.sort(key=lambda feature: feature["properties"]["number"])
    told = {"features": features, "timeline": timeline, "warnings": _warnings(reel)}
    return {"type": "FeatureCollection", **about, **told}


def _warnings(reel: Reel) -> list[dict[str, Any]]:
    """Return the warnings that stood in the reel, each with its ground, and with when it was over where that is in the reel."""
    found = {id: _warning(row) for id, row in reel.start["warnings"].items()}
    for delta in reel.deltas:
        for change in delta["warnings"]:
            if change["row"] is not None:
                found[change["id"]] = _warning(change["row"])
            elif change["id"] in found:
                found[change["id"]]["over_at"] = delta["at"]
    return list(found.values())


def _warning(row: dict[str, Any]) -> dict[str, Any]:
    return {**{name: row[name] for name in WARNED}, "geometry": row["outline"], "over_at": None}


def _step(delta: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
    return {"at": delta["at"], "kind": news["kind"], "state": news["state"], "by": news["by"]}


def _feature(row: dict[str, Any], steps: list[dict[str, Any]]) -> dict[str, Any]:
    shown = {name: row[name] for name in SHOWN}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
        # A case that ended has no row any more; its last step knows how.
        "properties": {
            **shown,
            "state": steps[-1]["state"] if steps else row["state"],
            "steps": steps,
        },
    }
