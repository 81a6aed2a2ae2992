"""The administrators' page: a tab for each power somebody holds; `assets/admin.mjs` fills it."""

from typing import Any

from dash import html

from dispatch.kinds import kinds, skills
from views.port import CountyFacts
from views.region import region
from views.words import Words

SCRIPTS = ("admin.mjs",)
STYLES = ("tokens.css", "console.css", "intake.css", "admin.css", "plan_editor.css", "sensors.css")


def facts(language: str) -> dict[str, Any]:
    """Return what the plans' editor offers: kinds of unit and skills by name."""
    english = language == "en"
    return {
        "kinds": [
            {"value": row.kind.value, "label": row.en if english else row.zh}
            for row in kinds().values()
        ],
        "skills": [
            {"value": row.id, "label": row.en if english else row.zh} for row in skills().values()
        ],
    }


def layout(say: Words, county: CountyFacts, theme: str) -> Any:
    """Return the page's places."""
    return html.Div(
        className="admin",
        children=[
            html.Header(id="admin-top", className="top"),
            html.Nav(html.Div(id="admin-tabs", className="admin-tabs")),
            region(html.Main, "admin-page", say("admin.page_title")),
        ],
    )
