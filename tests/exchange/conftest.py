"""The API over a console in memory, asked by whom a test names (an officer, until it says otherwise)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from exchange import api
from security.policy import permissions_of
from security.principal import Principal, acting_as
from tests.exchange.console import MemoryConsole
from vocabulary.message import Actor

OFFICER = ("supervisor", "integrator")
REPORT = {
    "text": "解放路井盖缺失",
    "category": "Y0205",
    "lon": 119.5,
    "lat": 30.5,
    "source": "phone",
}


def principal(*roles: str, language: Any = "zh") -> Principal:
    held = frozenset(roles)
    actor = Actor(id="key-1", name="120 中心", kind="key", roles=held)
    return Principal(actor=actor, permissions=permissions_of(held), language=language)


@dataclass
class Door:
    """Stands where the gate stands: lets everybody in as `who`, or as nobody."""

    app: FastAPI
    who: Principal | None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        with acting_as(self.who):
            await self.app(scope, receive, send)


class InTurn:
    """Stands before one console after another: making all routes takes longer than a test."""

    console: MemoryConsole

    def __getattr__(self, name: str) -> Any:
        return getattr(self.console, name)


@pytest.fixture
def console() -> MemoryConsole:
    return MemoryConsole()


@pytest.fixture(scope="session")
def mounted() -> tuple[FastAPI, InTurn]:
    app, service = FastAPI(openapi_url=None, docs_url=None, redoc_url=None), InTurn()
    api.mount(app, service)
    return app, service


@pytest.fixture
def door(console: MemoryConsole, mounted: tuple[FastAPI, InTurn]) -> Door:
    app, service = mounted
    service.console = console
    return Door(app, principal(*OFFICER))


@pytest.fixture
async def client(door: Door) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=door)
    async with httpx2.AsyncClient(transport=transport, base_url="http://console") as client:
        yield client


async def reported(
    client: httpx2.AsyncClient, key: str = "report-1", **changes: Any
) -> httpx2.Response:
    body = {**REPORT, **changes}
    return await client.post("/api/v1/reports", json=body, headers={"Idempotency-Key": key})


async def commanded(
    client: httpx2.AsyncClient, case: dict[str, Any], name: str, key: str, **arguments: Any
) -> httpx2.Response:
    body = {"name": name, "version": case["version"], "arguments": arguments}
    path = f"/api/v1/cases/{case['id']}/commands"
    return await client.post(path, json=body, headers={"Idempotency-Key": key})
