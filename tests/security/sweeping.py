"""What there is to ask of the console: every route of the application and every rule of the gate, with a path that fits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import APIRouter
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from live.feed import Feed
from runtime.console import Console
from runtime.doorway import HeadAsGet
from runtime.people import administration
from runtime.web import FeedBefore
from security.administration import SYSTEM_PRINCIPAL
from security.gate import Gate
from security.principal import acting_as
from security.routes import WEBSOCKET
from views.page import PAGE_PERMISSIONS

EVERY_METHOD = frozenset(
    {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"}
)
PARAMETER = re.compile(r"\{(\w+)(?::(\w+))?\}")
SCRIPT = re.compile(r'<script[^>]+src="([^"?]+)')
VALUES = {"int": "1", "path": "dash/dash.js"}


@dataclass(frozen=True, order=True)
class Door:
    """One way in: a method (or WEBSOCKET) at a path that fits the route."""

    method: str
    path: str


def filled(pattern: str) -> str:
    """Return a path that fits a route's or a rule's pattern."""
    return PARAMETER.sub(lambda found: VALUES.get(found[2] or "", "x"), pattern)


def _mounted(mount: Mount) -> Iterator[Door]:
    if isinstance(mount.app, StaticFiles):
        folder = Path(str(mount.app.directory))
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            yield Door("GET", f"{mount.path}/{file.relative_to(folder).as_posix()}")
    elif mount.routes:
        for door in doors_of(mount.routes):
            yield Door(door.method, mount.path + door.path)
    else:
        raise TypeError(f"the sweep cannot look into {mount!r}")


def doors_of(routes: list[BaseRoute], prefix: str = "") -> Iterator[Door]:
    """Yield every way in that these routes make; a kind of route that is not known here stops the sweep."""
    for route in routes:
        if isinstance(route, Mount):
            yield from (Door(door.method, prefix + door.path) for door in _mounted(route))
        elif isinstance(route, WebSocketRoute):
            yield Door(WEBSOCKET, prefix + filled(route.path))
        elif isinstance(route, Route):
            for method in route.methods or EVERY_METHOD:
                yield Door(method, prefix + filled(route.path))
        elif isinstance(router := getattr(route, "original_router", None), APIRouter):
            # FastAPI keeps an included router whole.
            yield from doors_of(router.routes, prefix + route.include_context.prefix)  # type: ignore[attr-defined]
        else:
            raise TypeError(f"the sweep cannot look into {route!r}")


def server_of(gate: Gate) -> FastAPI:
    """Return the application behind the gate."""
    before = gate._app
    assert isinstance(before, FeedBefore), f"the sweep cannot look into {before!r}"
    assert isinstance(before.server, HeadAsGet), f"the sweep cannot look into {before.server!r}"
    assert isinstance(before.server.app, FastAPI), (
        f"the sweep cannot look into {before.server.app!r}"
    )
    return before.server.app


def feed_of(gate: Gate) -> Feed:
    """Return the feed, which stands before the application."""
    before = gate._app
    assert isinstance(before, FeedBefore)
    return before.feed


def every_door(gate: Gate) -> set[Door]:
    """Return every way in that a route makes."""
    heard = {Door(method, path) for path, (method, _) in feed_of(gate)._routes.items()}
    return heard | set(doors_of(server_of(gate).router.routes))


def every_path(gate: Gate) -> list[str]:
    """Return a path for every route and every rule."""
    ruled = {filled(rule.pattern) for rule in gate.table.rules}
    return sorted(ruled | {door.path for door in every_door(gate)})


def without_rule(gate: Gate) -> list[Door]:
    """Return the doors for which the gate's table has no rule."""
    return sorted(
        door for door in every_door(gate) if gate.table.find(door.method, door.path).rule is None
    )


def shut() -> set[str]:
    """Return what Dash offers by itself and this console does not want: no rule, so the gate says that it is not there."""
    offered = ("/", "/_reload-hash", "/_favicon.ico")
    return {f"{page}{path}" for page in PAGE_PERMISSIONS for path in offered}


@dataclass(frozen=True)
class House:
    """The console's one application, asked in this process."""

    gate: Gate
    console: Console
    client: TestClient
    auditor: dict[str, str]
    officer: dict[str, str]

    @property
    def paths(self) -> list[str]:
        """Return every path there is to ask for, with the scripts that the pages name."""
        pages = [self.client.get(page, headers=self.officer).text for page in PAGE_PERMISSIONS]
        scripts = {script for page in pages for script in SCRIPT.findall(page)}
        assert len(scripts) > 10
        return sorted({*every_path(self.gate), *scripts, *shut()})


async def key_of(console: Console, role: str) -> str:
    people = administration(console.journal, console.secrets, console.clock)
    with acting_as(SYSTEM_PRINCIPAL):
        text, _ = await people.issue_key(role, [role])
    return text


async def kiosk_of(console: Console) -> str:
    people = administration(console.journal, console.secrets, console.clock)
    with acting_as(SYSTEM_PRINCIPAL):
        return (await people.issue_kiosk("大厅"))[0]
