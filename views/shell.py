"""The document around a page: language, theme, styles, the page's facts as JSON, then Dash, then our modules."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Any

from dispatch.kinds import kinds
from incidents.rulebook import Tables
from incidents.warnings.hazards import hazards
from views import admin, case
from views.port import CountyFacts, Viewer
from views.words import HTML_LANGUAGE, catalogue, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """In which language and theme a page is drawn, and for whom."""

    page: str
    language: str
    theme: str
    viewer: Viewer | None
    county: CountyFacts
    tables: Tables | None = None


def data_block(identifier: str, value: object) -> str:
    """Return `value` as a JSON data block; it is never run, and cannot end its own element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'<script type="application/json" id="{identifier}">{safe}</script>'


def boot(setting: Setting) -> dict[str, Any]:
    """Return what the browser half knows from the start."""
    entries = dict(catalogue(setting.language))
    facts: dict[str, Any] = {}
    if setting.page == "desk":
        entries |= hazard_words(setting.language)
    if setting.tables is not None:
        entries |= case.code_words(setting.tables, setting.language)
        facts = case.facts(setting.tables, setting.language, setting.viewer)
    return {
        "page": setting.page,
        "language": setting.language,
        "theme": setting.theme,
        "words": entries,
        "cases": facts,
        "plans": admin.facts(setting.language) if setting.page == "admin" else {},
        "units": {"stale_ms": _stale_ms()},
        "hazards": list(hazards()) if setting.page == "desk" else [],
        "county": _county(setting),
        "viewer": _viewer(setting.viewer),
    }


def hazard_words(language: str) -> dict[str, str]:
    """Return what warnings warn of, as words of the catalogue: `hazard.rainstorm`."""
    return {f"hazard.{id}": one.en if language == "en" else one.zh for id, one in hazards().items()}


def _stale_ms() -> dict[str, int]:
    return {
        kind.value: row.stale_after // timedelta(milliseconds=1) for kind, row in kinds().items()
    }


def _county(setting: Setting) -> dict[str, Any]:
    county = setting.county
    return {
        "name": county.name_en if setting.language == "en" else county.name_zh,
        "center": [county.lon, county.lat],
        "zoom": county.zoom,
        "bbox": county.bbox,
        "tiles": county.tile_url,
        "version": county.version,
        "zone": county.time_zone,
        "outline": county.outline,
    }


def _viewer(viewer: Viewer | None) -> dict[str, Any]:
    return {
        "name": viewer.name if viewer else "",
        "roles": sorted(viewer.roles) if viewer else [],
        "permissions": sorted(viewer.permissions) if viewer else [],
        "department": viewer.department if viewer else None,
    }


def head(setting: Setting, styles: Sequence[str]) -> str:
    """Return the document's head."""
    title = words(setting.language)(f"{setting.page}.page_title")
    county = _county(setting)["name"]
    links = "".join(f'<link rel="stylesheet" href="/assets/{name}">' for name in styles)
    return (
        f'<meta charset="utf-8"><title>{escape(title)} · {escape(county)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="dark light">'
        f'<link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">{links}'
    )


def opening(setting: Setting) -> str:
    """Return the document's first tags."""
    language = HTML_LANGUAGE[setting.language]
    return (
        f'<!DOCTYPE html><html lang="{language}" data-theme="{setting.theme}" '
        f'data-page="{setting.page}">'
    )


def document(
    setting: Setting, parts: Mapping[str, str], styles: Sequence[str], scripts: Sequence[str]
) -> str:
    """Return a Dash page's whole document.

    `maphook.js` stands between Dash's scripts and its start, so that no map is made before it listens.
    """
    modules = "".join(f'<script type="module" src="/assets/{name}"></script>' for name in scripts)
    return (
        f"{opening(setting)}<head>{head(setting, styles)}{parts['css']}</head>"
        f"<body>{data_block('boot', boot(setting))}{parts['app_entry']}"
        f"<footer>{parts['config']}{parts['scripts']}"
        f'<script src="/assets/maphook.js"></script>{parts["renderer"]}</footer>{modules}</body></html>'
    )
