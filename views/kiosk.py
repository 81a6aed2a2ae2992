"""The page a wall's browser starts with: it hands in the token behind # and becomes the wall; `assets/kiosk.mjs` does it."""

from html import escape
from typing import Final

from views.port import CountyFacts
from views.shell import Setting, data_block, head, opening
from views.signin import STYLES
from views.words import words

SCRIPTS: Final = ("kiosk.mjs",)
SAID: Final = ("opening", "waiting", "refused", "incomplete")


def render(county: CountyFacts, language: str) -> str:
    """Return the whole page."""
    setting = Setting(page="kiosk", language=language, theme="dark", viewer=None, county=county)
    say = words(language)
    name = county.name_en if language == "en" else county.name_zh
    said = data_block("said", {key: say(f"kiosk.{key}") for key in SAID})
    return (
        f"{opening(setting)}<head>{head(setting, STYLES)}</head><body>"
        f'<main class="signin"><header><img src="/assets/favicon.svg" alt="" width="44" height="44">'
        f"<h1>{escape(name)}</h1><p>{escape(say('kiosk.page_title'))}</p></header>"
        f'<p id="kiosk-state" class="kiosk-state" role="status">{escape(say("kiosk.opening"))}</p></main>{said}'
        f'<script type="module" src="/assets/{SCRIPTS[0]}"></script></body></html>'
    )
