"""How the county is: figures of a span, where it is bad and why; light by default; `assets/summary.mjs` fills it."""

from typing import Any

from dash import html

from views import map as map_view
from views.port import CountyFacts
from views.region import region
from views.words import Words

SCRIPTS = ("summary.mjs",)
STYLES = ("tokens.css", "console.css", "map.css", "intake.css", "summary.css", "warnings.css")


def layout(say: Words, county: CountyFacts, theme: str) -> Any:
    """Return the page's places."""
    return html.Div(
        className="summary",
        children=[
            html.Header(id="summary-top", className="top"),
            region(html.Section, "span", say("summary.span")),
            html.Main(
                id="summary-page",
                className="page",
                children=[
                    region(html.Section, "warned", say("summary.warnings")),
                    region(html.Section, "cards", say("summary.cards")),
                    region(
                        html.Section,
                        "where",
                        say("summary.where"),
                        html.Div(id="where-head", className="section-head"),
                        html.Div(
                            className="where-body",
                            children=[
                                map_view.layout(county, theme),
                                html.Div(id="towns", className="table-place"),
                            ],
                        ),
                    ),
                    region(html.Section, "response", say("summary.response")),
                    region(html.Section, "departments", say("summary.departments")),
                    region(html.Section, "vital", say("summary.vital")),
                    region(html.Section, "all", say("summary.all")),
                    region(html.Section, "evaluation", say("summary.evaluation")),
                    region(html.Section, "briefs", say("summary.briefs")),
                ],
            ),
            region(html.Aside, "drill", say("summary.drill"), hidden=True),
        ],
    )
