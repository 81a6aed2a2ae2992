"""What is measured: devices and how they stand, on a table and a map; `assets/sensors.mjs` fills it."""

from typing import Any

from dash import html

from views import map as map_view
from views.port import CountyFacts
from views.region import region
from views.words import Words

SCRIPTS = ("sensors.mjs",)
STYLES = ("tokens.css", "console.css", "map.css", "desk.css", "intake.css", "sensors.css")


def layout(say: Words, county: CountyFacts, theme: str) -> Any:
    """Return the page's places."""
    return html.Div(
        className="sensors",
        children=[
            html.Header(id="top", className="top"),
            region(html.Section, "devices", say("sensors.devices"), role="region"),
            region(
                html.Main,
                "middle",
                say("map.title"),
                map_view.layout(county, theme),
                html.Div(id="map-over", className="map-over"),
            ),
            region(html.Aside, "panel", say("sensors.panel")),
        ],
    )
