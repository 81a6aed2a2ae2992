"""The gate's own answers: problem+json in the reader's language, the way to the sign-in page, and the headers of every answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, unquote, urlsplit

import orjson
from starlette.types import Send

from security.edge import Visit
from vocabulary.errors import Told, Unavailable, sentence

Headers = list[tuple[bytes, bytes]]
RETRY_AFTER_S: Final = b"2"
_FEATURES: Final = "accelerometer gyroscope magnetometer microphone payment usb display-capture"
_ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    # Not no-referrer: that would make browsers send `Origin: null` with our own forms.
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (
        b"permissions-policy",
        ", ".join(
            ["geolocation=(self)", "camera=(self)", *(f"{each}=()" for each in _FEATURES.split())]
        ).encode(),
    ),
)


@dataclass(frozen=True, slots=True)
class HeaderPolicy:
    """What browsers are told. `script_hashes` come from `dash_app.csp_hashes()`, asked after every callback is registered.

    `image_sources` are other origins that pictures may come from, such as a county's own tile server.
    """

    script_hashes: tuple[str, ...] = ()
    image_sources: tuple[str, ...] = ()

    def content_policy(self) -> str:
        """Return the Content-Security-Policy: no inline script but the hashed ones, no eval, no frame."""
        hashes = " ".join(f"'{each.strip(chr(39))}'" for each in self.script_hashes)
        images = " ".join(("'self' data: blob:", *self.image_sources))
        return "; ".join(
            (
                "default-src 'self'",
                f"script-src 'self' {hashes}".strip(),
                "style-src 'self' 'unsafe-inline'",
                f"img-src {images}",
                "font-src 'self' data:",
                "connect-src 'self'",
                "worker-src 'self' blob:",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            )
        )

    def headers(self, *, secure: bool) -> Headers:
        """Return the headers of every answer."""
        policy = (b"content-security-policy", self.content_policy().encode())
        https = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
        return [*_ALWAYS, policy, *([https] if secure else [])]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Headers
    body: bytes = b""

    async def send(self, send: Send, more: Iterable[tuple[bytes, bytes]] = ()) -> None:
        """Send it with `more` headers."""
        length = (b"content-length", str(len(self.body)).encode())
        headers = [*self.headers, length, (b"cache-control", b"no-store"), *more]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def refusal(visit: Visit, failure: Told) -> Answer:
    """Return what a refused request gets: a problem, but whoever asks for a page is led to signing in or told on a page."""
    if failure.status == HTTPStatus.UNAUTHORIZED and visit.wants_page:
        return Answer(HTTPStatus.SEE_OTHER, [(b"location", sign_in_path(visit).encode())])
    kind = b"text/html; charset=utf-8" if visit.wants_page else b"application/problem+json"
    headers = [(b"content-type", kind)]
    if failure.status == HTTPStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", b'Bearer realm="one-network"'))
    if isinstance(failure, Unavailable):
        headers.append((b"retry-after", RETRY_AFTER_S))
    if "allowed" in failure.values:
        headers.append((b"allow", str(failure.values["allowed"]).encode()))
    body = _page(failure, visit) if visit.wants_page else _problem(failure, visit.language)
    return Answer(failure.status, headers, body)


def sign_in_path(visit: Visit) -> str:
    """Return the sign-in page with the way back."""
    back = visit.path + (f"?{visit.query}" if visit.query else "")
    return "/signin" if back == "/" else f"/signin?next={quote(back, safe='/')}"


def own_path(path: str) -> str:
    """Return `path` where it leads into this console, else the start: a sign-in must never send people elsewhere."""
    plain = unquote(path)
    odd = "\\" in plain or not plain.isprintable() or plain.startswith("//")
    if odd or not path.startswith("/") or urlsplit(path).netloc:
        return "/"
    return quote(path, safe="/?&=%+,:;@!*'()~#-._")


def _page(failure: Told, visit: Visit) -> bytes:
    """Return the sentence as a page, with the way back to one's own: people see no JSON."""
    language = visit.language
    heading = escape(sentence("security.page_refused", language))
    lines = (
        f'<!doctype html><html lang="{language}" data-theme="{visit.theme}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{failure.status} · One-Network</title>",
        '<link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">',
        *(f'<link rel="stylesheet" href="/assets/{name}.css">' for name in ("tokens", "signin")),
        '</head><body><main class="signin refused"><header><img src="/assets/favicon.svg" alt="" width="44" height="44">',
        f"<h1>{heading}</h1><p>{failure.status}</p></header>",
        f'<p class="alert" role="alert">{escape(failure.text(language))}</p>',
        f'<a href="/">{escape(sentence("security.own_pages", language))}</a></main></body></html>',
    )
    return "".join(lines).encode()


def _problem(failure: Told, language: str) -> bytes:
    told = {name: _plain(value) for name, value in failure.values.items()}
    told |= {
        "type": f"/problems/{failure.code}",
        "title": HTTPStatus(failure.status).phrase,
        "status": failure.status,
        "detail": failure.text(language),
        "code": failure.code,
    }
    return orjson.dumps(told)


def _plain(value: object) -> object:
    if isinstance(value, bool | int | float | None):
        return value
    return str(value).encode("utf-8", "replace").decode()[:200]
