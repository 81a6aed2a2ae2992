"""The lobby: what somebody sees whose roles open none of the pages, such as the three administrators."""

from html import escape

from views.port import CountyFacts, Viewer
from views.shell import Setting, head, opening
from views.signin import STYLES
from views.words import words


def render(county: CountyFacts, viewer: Viewer, language: str, theme: str = "dark") -> str:
    """Return the whole page, with a way out."""
    say = words(language)
    setting = Setting(page="lobby", language=language, theme=theme, viewer=viewer, county=county)
    name = county.name_en if language == "en" else county.name_zh
    return (
        f"{opening(setting)}<head>{head(setting, STYLES)}</head><body>"
        f'<main class="signin"><header><img src="/assets/favicon.svg" alt="" width="44" height="44">'
        f"<h1>{escape(name)}</h1><p>{escape(viewer.name)}</p></header>"
        f'<form method="post" action="/signout"><h2>{escape(say("lobby.heading"))}</h2>'
        f"<p>{escape(say('lobby.text'))}</p>"
        f'<button type="submit">{escape(say("lobby.sign_out"))}</button></form></main></body></html>'
    )
