"""The engineers' page of 4G/5G coverage: layers, weak areas, key places, sites to try; `assets/coverage.mjs` fills it."""

from typing import Any

from dash import html

from views import map as map_view
from views.port import CountyFacts
from views.region import region
from views.words import Words

SCRIPTS = ("coverage.mjs",)
STYLES = ("tokens.css", "console.css", "map.css", "intake.css", "coverage.css")


def layout(say: Words, county: CountyFacts, theme: str) -> Any:
    """Return the page's places; what is in them is patched in place by the browser half."""
    return html.Div(
        className="coverage",
        children=[
            html.Header(id="coverage-top", className="top"),
            region(html.Aside, "coverage-layers", say("coverage.layers")),
            region(
                html.Main,
                "middle",
                say("map.title"),
                map_view.layout(county, theme),
                html.Div(id="map-over", className="map-over"),
                html.Div(id="coverage-said", className="coverage-said", role="status", hidden=True),
            ),
            region(html.Aside, "coverage-side", say("coverage.side")),
        ],
    )
