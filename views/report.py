"""The citizens' page (随手拍): a form for the phone and the page that tells where a report stands; whole without any script."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from views.port import CountyFacts
from views.shell import Setting, data_block, head, opening
from views.words import LANGUAGES, catalogue, words

STYLES: Final = ("tokens.css", "report.css")
SCRIPTS: Final = ("report.mjs", "report_map.mjs")
# What people see most; everything else is found from their words, or by the officer.
CHOICES: Final = (
    "B0123", "B0137", "E0506", "E0113", "E0110", "E0407", "E0406", "E0509", "E0501", "E0301",
    "Y0207", "E0508",
)  # fmt: skip
STEPS: Final = ("received", "verifying", "filed", "handling", "checking", "closed")
TILES: Final = "/report/tiles/{z}/{x}/{y}"
Told = tuple[str, datetime, datetime]


def _document(county: CountyFacts, language: str, body: str, data: str = "") -> str:
    setting = Setting(page="citizen", language=language, theme="light", viewer=None, county=county)
    say = words(language)
    name = county.name_en if language == "en" else county.name_zh
    script = f'{data}<script type="module" src="/assets/{SCRIPTS[0]}"></script>' if data else ""
    return (
        f"{opening(setting)}<head>{head(setting, STYLES)}</head><body>"
        f'<header class="top"><h1>{escape(say("citizen.title"))}</h1><p>{escape(name)}</p></header>'
        f"<main>{body}</main><footer>{_languages(language)}<p>{escape(say('citizen.foot'))}</p></footer>"
        f"{script}</body></html>"
    )


def _languages(language: str) -> str:
    links = []
    for code in LANGUAGES:
        here = ' aria-current="true"' if code == language else ""
        name = escape(catalogue(code)["signin.language"])
        links.append(f'<a href="?lang={code}" lang="{code}"{here}>{name}</a>')
    return f'<nav class="languages">{"".join(links)}</nav>'


def form(
    county: CountyFacts,
    language: str,
    token: str,
    *,
    filled: Mapping[str, str] | None = None,
    alert: str = "",
) -> str:
    """Return the form, as it was filled where it comes back."""
    say, had = words(language), filled or {}
    told = f'<p class="alert" role="alert">{escape(alert)}</p>' if alert else ""
    value = {name: escape(had.get(name, "")) for name in ("text", "address", "lon", "lat", "phone")}
    fields = (
        f'<p class="urgent">{escape(say("citizen.urgent"))}</p>{told}'
        f'<form method="post" action="/report?lang={language}" enctype="multipart/form-data" id="report">'
        f'<input type="hidden" name="token" value="{escape(token)}">'
        f'<label for="text">{escape(say("citizen.text"))}</label>'
        f'<textarea id="text" name="text" rows="4" maxlength="2000" required '
        f'placeholder="{escape(say("citizen.text_hint"))}">{value["text"]}</textarea>'
        f"{_photo(language)}{_where(language, value)}"
        f'<label for="category">{escape(say("citizen.category"))}</label>'
        f'<select id="category" name="category">{_choices(language, had.get("category", ""))}</select>'
        f'<label for="phone">{escape(say("citizen.phone"))}</label>'
        f'<input id="phone" name="phone" type="tel" autocomplete="tel" maxlength="20" value="{value["phone"]}" '
        f'aria-describedby="phone-hint"><p class="hint" id="phone-hint">{escape(say("citizen.phone_hint"))}</p>'
        f'<button type="submit" class="send">{escape(say("citizen.send"))}</button></form>'
        f'<p class="follow"><a href="/report/status?lang={language}">{escape(say("citizen.follow"))}</a></p>'
    )
    return _document(county, language, fields, data_block("boot", _boot(county, language)))


def _photo(language: str) -> str:
    say = words(language)
    return (
        f'<label for="photo">{escape(say("citizen.photo"))}</label>'
        '<input id="photo" name="photo" type="file" accept="image/jpeg,image/png,image/webp" multiple '
        f'aria-describedby="photo-hint"><p class="hint" id="photo-hint">{escape(say("citizen.photo_hint"))}</p>'
        '<div id="pictures" class="pictures"></div>'
    )


def _where(language: str, value: Mapping[str, str]) -> str:
    say = words(language)
    return (
        f"<fieldset><legend>{escape(say('citizen.place'))}</legend>"
        f'<button type="button" id="gps" class="plain" hidden>{escape(say("citizen.gps"))}</button>'
        f'<label for="address">{escape(say("citizen.address"))}</label>'
        f'<input id="address" name="address" maxlength="200" autocomplete="off" value="{value["address"]}" '
        f'placeholder="{escape(say("citizen.address_hint"))}" role="combobox" aria-expanded="false" aria-controls="places">'
        '<ul id="places" role="listbox" hidden></ul>'
        f'<div id="map" hidden role="application" tabindex="0" aria-label="{escape(say("citizen.map"))}"></div>'
        f'<input type="hidden" id="lon" name="lon" value="{value["lon"]}">'
        f'<input type="hidden" id="lat" name="lat" value="{value["lat"]}">'
        '<p id="chosen" class="hint" role="status"></p></fieldset>'
    )


def _choices(language: str, chosen: str) -> str:
    say = words(language)
    rows = [f'<option value="">{escape(say("citizen.category_any"))}</option>']
    for code in CHOICES:
        mark = " selected" if code == chosen else ""
        rows.append(
            f'<option value="{code}"{mark}>{escape(say(f"citizen.choice.{code}"))}</option>'
        )
    return "".join(rows)


def _boot(county: CountyFacts, language: str) -> dict[str, object]:
    said = {
        key.removeprefix("citizen."): value
        for key, value in catalogue(language).items()
        if key.startswith("citizen.") and not key.startswith("citizen.choice.")
    }
    return {
        "center": [county.lon, county.lat],
        "zoom": county.zoom,
        "bbox": county.bbox,
        "tiles": TILES,
        "attribution": county.attribution,
        "words": said,
    }


def status(
    county: CountyFacts, language: str, told: Told | None, code: str, *, new: bool = False
) -> str:
    """Return the page of a code: the public stage and two times; without one, where to type it."""
    say = words(language)
    parts = []
    if new:
        parts.append(f'<p class="done" role="status">{escape(say("citizen.thanks"))}</p>')
    if told is not None:
        parts.append(_told(county, language, told, code))
    elif code:
        text = escape(say("citizen.no_such_code", code=code))
        parts.append(f'<p class="alert" role="alert">{text}</p>')
    parts.append(
        '<form method="get" action="/report/status" class="ask">'
        f'<label for="code">{escape(say("citizen.code"))}</label>'
        '<input id="code" name="code" maxlength="20" autocomplete="off" autocapitalize="characters" required>'
        f'<button type="submit">{escape(say("citizen.look"))}</button></form>'
        f'<p class="follow"><a href="/report?lang={language}">{escape(say("citizen.another"))}</a></p>'
    )
    return _document(county, language, "".join(parts))


def _told(county: CountyFacts, language: str, told: Told, code: str) -> str:
    say, (stage, received_at, changed_at) = words(language), told
    zone = ZoneInfo(county.time_zone)
    received, changed = (
        f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (received_at, changed_at)
    )
    return (
        f'<section class="status"><p class="code">{escape(say("citizen.code"))} <strong>{escape(code)}</strong></p>'
        f"{_steps(language, stage)}"
        f'<p class="stage">{escape(say(f"citizen.stage.{stage}"))}</p><dl>'
        f"<dt>{escape(say('citizen.received_at'))}</dt><dd>{received}</dd>"
        f"<dt>{escape(say('citizen.changed_at'))}</dt><dd>{changed}</dd></dl>"
        f'<p class="hint">{escape(say("citizen.keep_code"))}</p></section>'
    )


def _steps(language: str, stage: str) -> str:
    if stage not in STEPS:
        return ""
    say, at = words(language), STEPS.index(stage)
    rows = []
    for number, name in enumerate(STEPS):
        mark = "past" if number < at else "now" if number == at else "next"
        here = ' aria-current="step"' if number == at else ""
        rows.append(f'<li class="{mark}"{here}>{escape(say(f"citizen.step.{name}"))}</li>')
    return f'<ol class="steps">{"".join(rows)}</ol>'
