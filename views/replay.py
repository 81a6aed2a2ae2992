"""The time machine: a past day's queue, map and events over a bar of time; `assets/replay.mjs` fills it."""

from typing import Any

from dash import html

from views import map as map_view
from views.port import CountyFacts
from views.region import region
from views.words import Words

SCRIPTS = ("replay.mjs",)
STYLES = (
    "tokens.css",
    "console.css",
    "map.css",
    "desk.css",
    "intake.css",
    "replay.css",
    "warnings.css",
)


def layout(say: Words, county: CountyFacts, theme: str) -> Any:
    """Return the page's places."""
    return html.Div(
        className="replay",
        children=[
            html.Header(id="top", className="top"),
            region(html.Section, "queue", say("queue.title"), role="region"),
            region(
                html.Main,
                "middle",
                say("map.title"),
                map_view.layout(county, theme),
                html.Div(id="map-over", className="map-over"),
            ),
            region(html.Aside, "events", say("replay.events")),
            html.Footer(id="replay-bar", className="replay-bar"),
        ],
    )
