"""The duty officer's page: queue, map and case panel; `assets/desk.mjs` fills the places laid out here."""

from typing import Any

from dash import html

from views import map as map_view
from views.port import CountyFacts
from views.region import region
from views.words import Words

SCRIPTS = ("desk.mjs",)
STYLES = (
    "tokens.css",
    "console.css",
    "map.css",
    "desk.css",
    "case.css",
    "recommendation.css",
    "intake.css",
    "shift.css",
    "warnings.css",
)


def layout(say: Words, county: CountyFacts, theme: str) -> Any:
    """Return the page's places; what is in them is patched in place by the browser half."""
    return html.Div(
        className="desk",
        children=[
            html.Header(id="top", className="top"),
            region(html.Section, "queue", say("queue.title"), role="region"),
            region(
                html.Main,
                "middle",
                say("map.title"),
                map_view.layout(county, theme),
                html.Div(id="map-over", className="map-over"),
                html.Div(id="alerts", className="alert-banner", role="alert", hidden=True),
            ),
            region(html.Aside, "panel", say("case.panel")),
            html.Footer(id="bar", className="bar"),
        ],
    )
