"""The console on the network: one FastAPI behind the gate, served by uvicorn on a socket that is already ours."""

import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from exchange.api import build_router
from exchange.api_admin import ADMIN_RULES, admin_router
from exchange.api_coverage import COVERAGE_RULES, coverage_router
from exchange.api_coverage_planning import planning_router
from exchange.api_health import health_router
from exchange.http_errors import install
from exchange.routes import ROUTES
from live.feed import Feed
from runtime.console import Console
from runtime.coverage_tiles import COVERAGE_TILE_RULES, coverage_tile_routes
from runtime.desk_port import ConsoleDesk
from runtime.doorway import ConsoleProtocol, HeadAsGet
from runtime.field_routes import FIELD_RULES, FieldDesk
from runtime.files import FILE_RULES, file_routes
from runtime.first_start import prepare_county, prepare_sample
from runtime.public_routes import PUBLIC_RULES, PublicDesk
from runtime.settings import Settings
from security.answers import HeaderPolicy
from security.edge import Edge
from security.gate import Gate
from security.routes import SIGNED_IN, Rule, rule, rules_of
from security.signin_routes import SIGN_IN_RULES, SignInDesk
from views.page import PAGE_PERMISSIONS, SIGN_IN_ASSETS, build
from vocabulary.clock import SystemClock

GRACE_S = 3
# How long a thread that works on the store may keep the screens' thread waiting: an event waits so several times, and
# the interpreter's own 5 ms each made frames late.
SWITCH_S = 0.0005
DASH_PARTS = (("GET", "layout"), ("GET", "dependencies"), ("POST", "update-component"))
PAGE_RULES: tuple[Rule, ...] = (
    rule("GET", "/", SIGNED_IN),
    *(rule("GET", path, permission) for path, permission in PAGE_PERMISSIONS.items()),
    *(
        rule(method, f"{path}/_dash-{part}", permission)
        for path, permission in PAGE_PERMISSIONS.items()
        for method, part in DASH_PARTS
    ),
    *(
        rule("GET", f"{path}/_dash-component-suites/{{file:path}}", permission, cacheable=True)
        for path, permission in PAGE_PERMISSIONS.items()
    ),
    *(rule("GET", f"/assets/{name}", None, cacheable=True) for name in SIGN_IN_ASSETS),
    rule("GET", "/assets/{file:path}", SIGNED_IN, cacheable=True),
)
LIVE_RULES: tuple[Rule, ...] = (
    rule("GET", "/live", "live.listen", background=True),
    rule("GET", "/live/snapshot", "live.listen", background=True),
    rule("POST", "/live/painted", "live.listen", background=True),
)
ALL_RULES: tuple[Rule, ...] = (
    *rules_of(ROUTES),
    *ADMIN_RULES,
    *COVERAGE_RULES,
    *COVERAGE_TILE_RULES,
    *SIGN_IN_RULES,
    *LIVE_RULES,
    *FILE_RULES,
    *PUBLIC_RULES,
    *FIELD_RULES,
    *PAGE_RULES,
)
LIVE_PATHS = frozenset(row.pattern for row in LIVE_RULES)


def build_app(console: Console) -> ASGIApp:
    """Return the whole console as one ASGI application."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await console.start()
        yield
        await console.stop()

    server = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    install(server)
    further = [coverage_router(console.coverage.work), planning_router(console.coverage.planning)]
    server.include_router(build_router(console.service, further=further))
    server.include_router(health_router(console.service))
    server.include_router(admin_router(console.administering))
    desk = SignInDesk(console.entrance, console.credentials)
    server.router.routes.extend(desk.routes())
    server.router.routes.extend(file_routes(console.tiles))
    server.router.routes.extend(coverage_tile_routes(console.coverage.work))
    views_desk = ConsoleDesk(console.ground, console.tables, console.tiles)
    citizens = PublicDesk(console.public, console.service, console.tiles, views_desk)
    server.router.routes.extend(citizens.routes())
    server.router.routes.extend(FieldDesk(views_desk).routes())
    pages = build(server, views_desk)
    settings = console.settings
    return Gate(
        FeedBefore(HeadAsGet(server), console.feed),
        ALL_RULES,
        console.credentials,
        edge=Edge(
            public_origin=settings.public_origin,
            trusted_proxies=tuple(settings.trusted_proxies.split()),
            language="en" if settings.language == "en" else "zh",
        ),
        headers=HeaderPolicy(script_hashes=tuple(pages.csp_hashes())),
    )


class FeedBefore:
    """Hands /live to the feed straight behind the gate: each layer in between costs every frame of every screen."""

    def __init__(self, server: ASGIApp, feed: Feed) -> None:
        self.server, self.feed = server, feed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to the one or the other."""
        live = scope["type"] == "http" and scope["path"] in LIVE_PATHS
        await (self.feed if live else self.server)(scope, receive, send)


def serve(
    settings: Settings, listener: socket.socket, address: str, say: Callable[[str], None]
) -> int:
    """Prepare what is missing, then serve on `listener` until told to stop."""
    sys.setswitchinterval(SWITCH_S)
    clock = SystemClock()
    county = prepare_county(settings, say)
    console = Console(settings, county, clock)
    try:
        prepare_sample(console, say)
        config = uvicorn.Config(
            build_app(console),
            http=ConsoleProtocol,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # the gate reads them, from the proxies that are trusted
            ws="none",
            timeout_graceful_shutdown=GRACE_S,
            timeout_keep_alive=30,
        )
        say(f"One-Network · {county.name_zh} {county.name_en}\n  {address}")
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        console.close()
    return 0
