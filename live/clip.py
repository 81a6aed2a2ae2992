"""A reel as GeoJSON to take away: a point a case with its steps, and the timeline beside the features; pure."""

from typing import Any

from live.reel import Reel

SHOWN = ("number", "category", "priority", "state", "lane", "town", "lead", "level", "exercise")


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
    return {"type": "FeatureCollection", **about, "features": features, "timeline": timeline}


def _step(delta: dict[str, Any], news: dict[str, Any]) -> dict[str, Any]:
    return {"at": delta["at"], "kind": news["kind"], "state": news["state"], "by": news["by"]}


def _feature(row: dict[str, Any], steps: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
        "properties": {**{name: row[name] for name in SHOWN}, "steps": steps},
    }
