"""The baseline: the page a Dash tutorial teaches, a `dcc.Interval` that fetches the whole GeoJSON once a second."""

import argparse
import logging
import threading
from typing import Any

import dash_leaflet as dl
import orjson
from dash import Dash, Input, Output, dcc, html
from redis import Redis

from vocabulary.clock import SystemClock

CENTRE = (30.66, 104.06)
SPAN_DEG = 0.5


def feature(number: int, lon: float, lat: float, at_ms: int, seq: int) -> dict[str, Any]:
    """Return one incident as GeoJSON, with what its mark needs."""
    return {
        "type": "Feature",
        "id": number,
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {
            "number": f"20261122-{number:05d}",
            "category": "07-03",
            "state": "NEW",
            "priority": "P2",
            "at": at_ms,
            "seq": seq,
        },
    }


class Incidents:
    """All incidents in memory; every message on the bus moves the state of one."""

    def __init__(self, count: int) -> None:
        side = int(count**0.5) + 1
        self._features = [
            feature(
                number,
                CENTRE[1] + SPAN_DEG * (number % side) / side,
                CENTRE[0] + SPAN_DEG * (number // side) / side,
                0,
                0,
            )
            for number in range(count)
        ]

    def collection(self) -> dict[str, Any]:
        """Return everything, as such a page does on every tick."""
        return {
            "type": "FeatureCollection",
            "features": [{**one, "properties": dict(one["properties"])} for one in self._features],
        }

    def hear_forever(self, redis_url: str) -> None:
        """Take incidents in from the bus."""
        listening = Redis.from_url(redis_url).pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        listening.subscribe("onenet.bench")
        for message in listening.listen():
            told = orjson.loads(message["data"])
            properties = self._features[told["seq"] % len(self._features)]["properties"]
            properties.update(at=told["at"], seq=told["seq"])


def page(incidents: Incidents) -> Dash:
    """Return the page."""
    app = Dash(__name__, serve_locally=True)
    app.layout = html.Div(
        [
            dl.Map(
                dl.GeoJSON(id="incidents"),
                center=[CENTRE[0] + SPAN_DEG / 2, CENTRE[1] + SPAN_DEG / 2],
                zoom=10,
                preferCanvas=True,
                style={"height": "95vh"},
            ),
            dcc.Interval(id="tick", interval=1000),
        ]
    )

    @app.callback(Output("incidents", "data"), Input("tick", "n_intervals"))
    def _refresh(_n: int | None) -> dict[str, Any]:
        return incidents.collection()

    return app


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--redis", required=True)
    parser.add_argument("--points", type=int, default=1000)
    asked = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    incidents = Incidents(asked.points)
    threading.Thread(target=incidents.hear_forever, args=(asked.redis,), daemon=True).start()
    print(f"{SystemClock().now():%H:%M:%S} baseline page with {asked.points} points", flush=True)
    page(incidents).run(port=asked.port, debug=False)


if __name__ == "__main__":
    main()
