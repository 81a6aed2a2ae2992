"""The feed over HTTP: `GET /live` (Server-Sent Events), `GET /live/snapshot`, `POST /live/painted`; plain ASGI, no framework."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import Final

import orjson
import structlog
from starlette.types import Receive, Scope, Send

from live.asking import body_of, cursor_of, header, lanes_of, read_samples
from live.audience import audience_of
from live.frames import OPENING, PARTING
from live.hub import Hub
from live.latency import can_be
from live.listeners import Listener
from live.problems import answer, tell_problem
from live.snapshots import Snapshots
from live.transport import CONNECTION
from security.principal import Principal, current
from vocabulary.errors import Refused, Told, Unavailable

log = structlog.get_logger()
PERMISSION: Final = "live.listen"
SSE_HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
]

Handler = Callable[[Scope, Receive, Send], Awaitable[None]]


class Feed:
    """ASGI application over one hub; `who` says who is asking (the gate has let them in already)."""

    def __init__(self, hub: Hub, who: Callable[[], Principal] = current) -> None:
        self.hub = hub
        self._who = who
        self._snapshots = Snapshots(hub)
        self._joined = 0
        self._routes: dict[str, tuple[str, Handler]] = {
            "/live": ("GET", self._listen),
            "/live/snapshot": ("GET", self._snapshot),
            "/live/painted": ("POST", self._painted),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; failures are told as problem+json."""
        try:
            await self._handler(scope)(scope, receive, send)
        except Told as failure:
            await tell_problem(send, failure, self._language())

    def _handler(self, scope: Scope) -> Handler:
        path, method = scope["path"], scope["method"]
        if path not in self._routes:
            raise Refused("live.no_such_path", path=path)
        allowed, handler = self._routes[path]
        if method != allowed:
            raise Refused("live.method", path=path, method=method, allowed=allowed)
        return handler

    def _language(self) -> str:
        try:
            return self._who().language
        except Refused:
            return "zh"

    def _principal(self) -> Principal:
        principal = self._who()
        principal.need(PERMISSION)
        return principal

    # --- GET /live ---

    async def _listen(self, scope: Scope, receive: Receive, send: Send) -> None:
        principal, hub = self._principal(), self.hub
        cursor, lanes = cursor_of(scope), lanes_of(scope)
        if len(hub.listeners) >= hub.pace.listeners_max:
            raise Unavailable("live.no_room", limit=hub.pace.listeners_max)
        if cursor is not None and cursor > hub.follower.ring.seq:
            await hub.follower.catch_up()  # told by another process's hub, which was ahead of ours
        if not hub.follower.started:
            raise Unavailable("live.starting")
        connection = scope.get("extensions", {}).get(CONNECTION, {})
        listener = Listener(
            audience=audience_of(principal),
            person_id=principal.actor.id,
            lanes=lanes if principal.may("units.read") else lanes - {"u"},
            seq=hub.follower.ring.seq if cursor is None else cursor,
            lifetime_s=self._lifetime_s(),
            abort=connection.get("abort"),
        )
        if connection:
            connection["bound"]()
            connection["at_shutdown"](listener.end)
        await send({"type": "http.response.start", "status": 200, "headers": SSE_HEADERS})
        await self._serve(listener, receive, send)

    def _lifetime_s(self) -> float:
        # Spread over the last tenth, so that pages opened together do not all come back together.
        self._joined += 1
        return self.hub.pace.lifetime_s * (1 - 0.1 * (self._joined % 16) / 16)

    async def _serve(self, listener: Listener, receive: Receive, send: Send) -> None:
        stream = asyncio.current_task()
        if listener.abort is None and stream is not None:
            listener.abort = stream.cancel
        gone = asyncio.create_task(_until_gone(receive, listener))
        self.hub.listeners.join(listener)
        try:
            await _send(listener, send, OPENING)
            while not listener.done:
                listener.ready.clear()
                if chunk := self.hub.take(listener):
                    # `_send` without its coroutine: this is passed for every frame of every screen.
                    listener.sending_since = monotonic()
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                    listener.sending_since = None
                else:
                    await listener.ready.wait()
            if not listener.was_cut:
                await _send(listener, send, PARTING, more=False)
        except asyncio.CancelledError:
            if not listener.was_cut:
                raise
        except Unavailable as problem:
            # The gate could not look whether this listener may still hear: the page comes back and asks anew.
            log.warning("live_stream_ended", person_id=listener.person_id, problem=str(problem))
        finally:
            self.hub.listeners.leave(listener)
            gone.cancel()

    # --- GET /live/snapshot ---

    async def _snapshot(self, scope: Scope, _receive: Receive, send: Send) -> None:
        principal = self._principal()
        if not self.hub.follower.started:
            raise Unavailable("live.starting")
        told = await self._snapshots.take(
            audience_of(principal),
            units=principal.may("units.read"),
            gzip=b"gzip" in header(scope, b"accept-encoding"),
        )
        more = [(b"vary", b"accept-encoding, cookie, authorization")]
        if told.gzipped:
            more.append((b"content-encoding", b"gzip"))
        await answer(send, 200, told.body, more)

    # --- POST /live/painted ---

    async def _painted(self, _scope: Scope, receive: Receive, send: Send) -> None:
        self._principal()
        samples, dispatches = read_samples(await body_of(receive))
        self.hub.painted([sample for sample in dispatches if can_be(sample)])
        kept = sum(self.hub.latency.add(sample) for sample in samples)
        told = {"kept": kept, "refused": len(samples) - kept}
        await answer(send, 202, orjson.dumps(told))


async def _send(listener: Listener, send: Send, body: bytes, *, more: bool = True) -> None:
    listener.sending_since = monotonic()
    await send({"type": "http.response.body", "body": body, "more_body": more})
    listener.sending_since = None


async def _until_gone(receive: Receive, listener: Listener) -> None:
    with suppress(asyncio.CancelledError):
        while (await receive())["type"] != "http.disconnect":
            pass
        listener.was_cut = True  # nobody is there to be told good-bye
        listener.end()
