"""The edge: from where a request comes, over what, in which language, and whether a browser sent it from our own pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http.cookies import CookieError, SimpleCookie
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.types import Scope

from security.principal import Language
from security.routes import WEBSOCKET
from vocabulary.ids import new_id

LANGUAGE_COOKIE: Final = "onenet_language"
THEME_COOKIE: Final = "onenet_theme"
THEMES: Final = ("dark", "light")
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
UNIX: Final = "unix"  # a proxy that reaches us by a unix socket has no address
VISIT: Final = "onenet.visit"  # where the gate leaves it in the scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request's facts, read once by the gate."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    ip: str
    origin: str
    language: Language
    request_id: str = field(default_factory=new_id)

    @property
    def secure(self) -> bool:
        """Say whether the browser came by https."""
        return self.origin.startswith("https:")

    @property
    def websocket(self) -> bool:
        """Say whether a socket is asked for."""
        return self.method == WEBSOCKET

    @property
    def unsafe(self) -> bool:
        """Say whether the request may change something, or opens a socket, which no preflight protects."""
        return self.method not in SAFE

    @property
    def wants_page(self) -> bool:
        """Say whether a browser asks for a page to show."""
        return self.method == "GET" and "text/html" in self.headers.get("accept", "")

    @property
    def theme(self) -> str:
        """Return the theme that was chosen in this browser, dark where none was."""
        chosen = self.cookies.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else THEMES[0]

    @property
    def foreign(self) -> str:
        """Return which other site sent this, "" where there is no sign of one."""
        site = self.headers.get("sec-fetch-site", "")
        origin = self.headers.get("origin", "")
        if origin and origin != self.origin:
            return origin
        return site if site not in ("", "same-origin") else ""

    @property
    def told_origin(self) -> bool:
        """Say whether the browser told where the request was made; one that can sign in always does."""
        return "origin" in self.headers or "sec-fetch-site" in self.headers


@dataclass(frozen=True, slots=True)
class Edge:
    """How this console is reached. `trusted_proxies` are networks, or `unix`, whose forwarded headers are believed."""

    public_origin: str = ""
    language: Language = "zh"
    trusted_proxies: tuple[str, ...] = ()

    def visit(self, scope: Scope) -> Visit:
        """Return the facts of a request."""
        headers = headers_of(scope)
        peer = scope.get("client")
        forwarded = self._trusts(peer[0] if peer else UNIX)
        cookies = cookies_of(headers.get("cookie", ""))
        return Visit(
            method=WEBSOCKET if scope["type"] == "websocket" else scope["method"],
            path=scope["path"],
            query=scope.get("query_string", b"").decode("latin-1"),
            headers=headers,
            cookies=cookies,
            ip=self._client(peer[0] if peer else UNIX, headers if forwarded else {}),
            origin=self._origin(scope, headers, forwarded=forwarded),
            language=self._language(headers, cookies),
        )

    def _trusts(self, address: str) -> bool:
        if not self.trusted_proxies or address == UNIX:
            return address in self.trusted_proxies
        try:
            seen = ip_address(address)
            return any(seen in _network(each) for each in self.trusted_proxies if each != UNIX)
        except ValueError:
            return False

    def _client(self, peer: str, headers: Mapping[str, str]) -> str:
        # From the right: each proxy adds whom it saw, only what trusted ones added is true.
        hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]
        for hop in reversed(hops):
            peer = hop[:64]
            if not self._trusts(hop):
                break
        return peer

    def _origin(self, scope: Scope, headers: Mapping[str, str], *, forwarded: bool) -> str:
        if self.public_origin:
            return self.public_origin.rstrip("/")
        scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
        if forwarded:
            scheme = headers.get("x-forwarded-proto", scheme)
        return f"{scheme}://{headers.get('host', '')}"

    def _language(self, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Language:
        chosen = cookies.get(LANGUAGE_COOKIE)
        if chosen in ("zh", "en"):
            return "en" if chosen == "en" else "zh"
        for item in headers.get("accept-language", "").lower().split(","):
            if item.strip().startswith(("zh", "en")):
                return "en" if item.strip().startswith("en") else "zh"
        return self.language


@cache
def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text)


def headers_of(scope: Scope) -> dict[str, str]:
    """Return a request's headers by small name; of a repeated one all values, joined as RFC 9110 says."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joint = "; " if name == "cookie" else ", "
        headers[name] = f"{headers[name]}{joint}{value}" if name in headers else value
    return headers


def cookies_of(header: str) -> dict[str, str]:
    """Return the cookies of a Cookie header; a browser may send odd ones of other programs, which are passed over."""
    cookies: dict[str, str] = {}
    for part in header.split(";"):
        try:
            parsed = SimpleCookie(part.strip())
        except CookieError:
            continue
        for name, morsel in parsed.items():
            cookies.setdefault(name, morsel.value)
    return cookies
