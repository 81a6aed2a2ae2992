"""A small house to test the room in: a store, a clock that moves, people, and a console behind the gate."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, make_url
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from security.accounts import Account
from security.administration import SYSTEM_PRINCIPAL, Administration
from security.answers import HeaderPolicy
from security.audit import AuditKey
from security.credentials import Credentials
from security.edge import Edge
from security.gate import Gate, current
from security.keys import ApiKey
from security.passwords import Argon2id, Hasher
from security.principal import acting_as
from security.routes import SIGNED_IN, Rule, rule
from security.sessions import COOKIE
from security.signin import Entrance, SignedIn
from security.signin_routes import SIGN_IN_RULES, SignInDesk
from storage.accounts import Accounts, StoredPeople
from storage.engine import Store, open_store
from storage.journal import Journal
from storage.metadata import metadata
from vocabulary.message import Event

START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
PASSWORD = "Ti4nqi-Bucuo!"
AUDIT_KEY = AuditKey(b"k" * 32)
ORIGIN = {"Origin": "http://testserver"}


class MovedClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by

    def ticks(self) -> float:
        return self.at.timestamp()


class CountingScheme(Argon2id):
    """Real argon2id with tiny parameters, which counts the work it does."""

    def __init__(self) -> None:
        super().__init__(memory_kib=8, rounds=1, lanes=1)
        self.verified = 0

    def verify(self, kept: str, password: str) -> bool:
        self.verified += 1
        return super().verify(kept, password)


class NoEvents:
    """The journal's codec where no event is written."""

    def encode(self, event: Event) -> bytes:
        raise NotImplementedError

    def decode(self, payload: bytes) -> Event:
        raise NotImplementedError


def open_empty_store(url: str) -> Store:
    store = open_store(make_url(url))
    metadata.create_all(store.writer)
    return store


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'onenet.db'}"


@dataclass
class House:
    """Everything wired as the console wires it."""

    journal: Journal
    clock: MovedClock
    scheme: CountingScheme = field(default_factory=CountingScheme)

    def __post_init__(self) -> None:
        self.apps: list[Starlette] = []
        self.people = StoredPeople(self.journal, AUDIT_KEY)
        self.hasher = Hasher(now=self.scheme)
        self.credentials = Credentials(self.people, self.clock, self.clock.ticks)
        self.administration = Administration(
            people=self.people,
            hasher=self.hasher,
            clock=self.clock,
            changed=self.credentials.forget,
        )
        self.entrance = Entrance(people=self.people, hasher=self.hasher, clock=self.clock)

    def people_on(self, connection: Connection) -> Accounts:
        return Accounts(connection, AUDIT_KEY)

    async def person(
        self, user_name: str = "wang", role: str = "dispatcher", department: str | None = None
    ) -> Account:
        with acting_as(SYSTEM_PRINCIPAL):
            return await self.administration.create_account(
                user_name, "王强", PASSWORD, roles={role} if role else (), department=department
            )

    async def key(self, *roles: str) -> tuple[str, ApiKey]:
        with acting_as(SYSTEM_PRINCIPAL):
            return await self.administration.issue_key("水务平台", roles)

    async def signs_in(self, user_name: str = "wang", password: str = PASSWORD) -> SignedIn:
        return await self.entrance.sign_in(user_name, password, ip="10.0.0.7")

    def gate(self, edge: Edge | None = None) -> Gate:
        routes = [*SignInDesk(self.entrance, self.credentials).routes(), *ROUTES]
        app = Starlette(routes=routes)
        app.state.on_frame = lambda _number: None
        self.apps.append(app)
        headers = HeaderPolicy(script_hashes=("'sha256-abc='",))
        return Gate(
            app, RULES, self.credentials, edge=edge, headers=headers, ticks=self.clock.ticks
        )

    def browser(self, edge: Edge | None = None) -> TestClient:
        return TestClient(self.gate(edge), follow_redirects=False)


async def _who(request: Request) -> Response:
    who = current()
    return JSONResponse({"id": who.actor.id, "ip": who.ip, "language": who.language})


async def _take(request: Request) -> Response:
    return JSONResponse({"taken": len(await request.body())})


async def _public(request: Request) -> Response:
    return PlainTextResponse("ok", headers={"Server": "secret/1.0", "Cache-Control": "public"})


async def _stream(request: Request) -> Response:
    async def frames() -> AsyncIterator[str]:
        on_frame: Callable[[int], None] = request.app.state.on_frame
        for number in range(3):
            on_frame(number)
            yield f"data: {number}\n\n"

    return StreamingResponse(frames(), media_type="text/event-stream")


async def _echo(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(current().actor.name)
    await socket.close()


ROUTES = [
    Route("/healthz", _public),
    Route("/who", _who, methods=["GET", "POST"]),
    Route("/background", _who),
    Route("/unlisted", _public),
    Route("/dispatch", _take, methods=["POST"]),
    Route("/upload", _take, methods=["POST"]),
    Route("/tile/{z}", _public),
    Route("/live", _stream),
    WebSocketRoute("/socket", _echo),
    WebSocketRoute("/unlisted-socket", _echo),
]
RULES: tuple[Rule, ...] = (
    *SIGN_IN_RULES,
    rule("GET", "/healthz", None),
    rule("GET POST", "/who", SIGNED_IN),
    rule("GET", "/background", SIGNED_IN, background=True),
    rule("POST", "/dispatch", "case.dispatch", body_limit=1000),
    rule("POST", "/upload", SIGNED_IN, body_limit=5000),
    rule("GET", "/tile/{z}", "map.read", cacheable=True),
    rule("GET", "/live", "live.listen", background=True),
    rule("WEBSOCKET", "/socket", "live.listen"),
)


def with_session(house: House, token: str) -> TestClient:
    browser = house.browser()
    browser.cookies.set(COOKIE, token)
    return browser
