"""The command centre's wall: figures, map and newest events, laid out in container units; `assets/wall.mjs` fills it."""

from typing import Any

from dash import html

from views import map as map_view
from views.port import CountyFacts
from views.region import region
from views.words import Words

SCRIPTS = ("wall.mjs",)
STYLES = ("tokens.css", "console.css", "map.css", "wall.css", "warnings.css")


def layout(say: Words, county: CountyFacts, theme: str) -> Any:
    """Return the wall's places."""
    return html.Div(
        className="wall",
        children=[
            html.Header(id="wall-top", className="wall-top"),
            region(html.Section, "figures", say("wall.figures")),
            region(
                html.Main,
                "middle",
                say("map.title"),
                map_view.layout(county, theme, wall=True),
                html.Div(id="map-over", className="map-over"),
                html.Div(id="takeover", className="takeover", role="alert", hidden=True),
            ),
            region(html.Section, "newest", say("wall.newest")),
            html.Footer(id="wall-foot", className="wall-foot"),
        ],
    )
