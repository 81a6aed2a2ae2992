"""The sign-in page: plain HTML and a form, no script, so that it works where nothing else does."""

from html import escape
from urllib.parse import quote

from security.answers import own_path
from views.port import CountyFacts
from views.shell import Setting, head, opening
from views.words import LANGUAGES, catalogue, words

STYLES = ("tokens.css", "signin.css")


def _alert(code: str | None, minutes: str | None, language: str) -> str:
    if not code:
        return ""
    entries = catalogue(language)
    text = entries.get(f"signin.error.{code}", entries["signin.error.refused"])
    # Whoever made the address may have written anything into it: only a plain number is repeated.
    wait = minutes if minutes and minutes.isascii() and minutes.isdigit() else "?"
    return f'<p class="alert" role="alert">{escape(text.format(minutes=wait[:4]))}</p>'


def _field(name: str, label: str, kind: str, complete: str) -> str:
    focus = " autofocus" if name == "username" else ""
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{complete}" required '
        f'maxlength="256" autocapitalize="none" spellcheck="false"{focus}>'
    )


def _switch(language: str, next_path: str) -> str:
    links = []
    for code in LANGUAGES:
        name = catalogue(code)["signin.language"]
        here = ' aria-current="true"' if code == language else ""
        target = f"/signin?lang={code}&amp;next={quote(next_path, safe='')}"
        links.append(f'<a href="{target}" lang="{code}"{here}>{name}</a>')
    return f'<nav class="languages">{"".join(links)}</nav>'


def _form(language: str, next_path: str, alert: str) -> str:
    say = words(language)
    return (
        '<form method="post" action="/signin">'
        f"<h2>{escape(say('signin.heading'))}</h2>{alert}"
        f"{_field('username', say('signin.username'), 'text', 'username')}"
        f"{_field('password', say('signin.password'), 'password', 'current-password')}"
        f'<input type="hidden" name="next" value="{escape(next_path)}">'
        f'<button type="submit">{escape(say("signin.submit"))}</button>'
        f'<p class="hint">{escape(say("signin.hint"))}</p></form>'
    )


def render(
    county: CountyFacts,
    language: str,
    *,
    theme: str = "dark",
    next_path: str | None = None,
    error: str | None = None,
    minutes: str | None = None,
) -> str:
    """Return the whole page; `error` is a code of `signin.error.*`, an unknown one is told as refused."""
    setting = Setting(page="signin", language=language, theme=theme, viewer=None, county=county)
    say, target = words(language), own_path(next_path or "/")
    name = county.name_en if language == "en" else county.name_zh
    return (
        f"{opening(setting)}<head>{head(setting, STYLES)}</head><body>"
        f'<main class="signin"><header><img src="/assets/favicon.svg" alt="" width="44" height="44">'
        f"<h1>{escape(name)}</h1><p>{escape(say('signin.product'))}</p></header>"
        f"{_form(language, target, _alert(error, minutes, language))}{_switch(language, target)}</main>"
        f'<footer class="foot">{escape(say("signin.foot"))}</footer></body></html>'
    )
