"""The responders' page (/field): one column for a thumb in the rain; `assets/field.mjs` fills the places laid out here."""

import json
from html import escape
from typing import Any, Final

from views.port import CountyFacts, Viewer
from views.shell import Setting, boot, data_block, head, opening
from views.words import words

STYLES: Final = ("tokens.css", "field.css")
SCRIPTS: Final = ("field.mjs",)
ICONS: Final = ("field-192.png", "field-512.png")
WORKER: Final = "/field/worker.js"
MANIFEST: Final = "/field/manifest.webmanifest"
_COLOURS: Final = {"dark": "#12181f", "light": "#fbfcfd"}


def render(county: CountyFacts, viewer: Viewer | None, language: str, theme: str) -> str:
    """Return the whole document; without a network the phone shows the copy it kept."""
    setting = Setting(page="field", language=language, theme=theme, viewer=viewer, county=county)
    say = words(language)
    facts = boot(setting) | {"worker": WORKER, "attribution": county.attribution}
    scripts = "".join(f'<script type="module" src="/assets/{name}"></script>' for name in SCRIPTS)
    return (
        f"{opening(setting)}<head>{head(setting, STYLES)}{_installable(theme)}</head><body>"
        f'{data_block("boot", facts)}<header id="top" class="top"></header>'
        f'<div id="notices" class="notices" role="status" aria-live="polite"></div>'
        f'<main id="tasks" aria-label="{escape(say("field.tasks"))}">'
        f'<p class="empty">{escape(say("field.loading"))}</p></main>'
        f'<noscript><p class="empty">{escape(say("field.no_script"))}</p></noscript>'
        f'<footer id="duty" class="duty"></footer>{scripts}</body></html>'
    )


def _installable(theme: str) -> str:
    return (
        f'<link rel="manifest" href="{MANIFEST}">'
        f'<link rel="apple-touch-icon" href="/assets/{ICONS[0]}">'
        f'<meta name="theme-color" content="{_COLOURS[theme]}">'
        '<meta name="mobile-web-app-capable" content="yes">'
        '<meta name="format-detection" content="telephone=no">'
    )


def manifest(county: CountyFacts, language: str) -> str:
    """Return the web application manifest: what a phone shows when the page is put on its home screen."""
    say = words(language)
    name = county.name_en if language == "en" else county.name_zh
    told: dict[str, Any] = {
        "id": "/field",
        "name": f"{name} · {say('field.page_title')}",
        "short_name": say("field.short_name"),
        "description": say("field.description"),
        "lang": "en" if language == "en" else "zh-CN",
        "start_url": "/field",
        "scope": "/field",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": _COLOURS["dark"],
        "theme_color": _COLOURS["dark"],
        "icons": [
            {
                "src": f"/assets/{icon}",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for icon, size in zip(ICONS, (192, 512), strict=True)
        ],
    }
    return json.dumps(told, ensure_ascii=False)
