"""Asks the public API, and asks again while it does not answer: the same key each time, so that a deed is done once."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from exchange.replay.tally import Tally

_COME_AGAIN: Final = frozenset({429, 502, 503, 504})
_FIRST_WAIT_S: Final = 0.2
_LONGEST_WAIT_S: Final = 5.0
_ASK_TIMEOUT_S: Final = 20.0
_AT_ONCE: Final = 16


class GaveUp(Exception):
    """The console did not answer for as long as we were told to be patient."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered."""

    status: int
    body: dict[str, Any]
    replayed: bool

    @property
    def code(self) -> str:
        """Return the problem's code; what is no problem of ours is told by its status."""
        return str(self.body.get("code") or f"http {self.status}")

    @property
    def well(self) -> bool:
        """Say whether it was done."""
        return self.status < 300


class Api:
    """The public API as one key sees it."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        patience_s: float,
        tally: Tally,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
        self._client = httpx2.AsyncClient(
            base_url=url.rstrip("/") + "/api/v1/",
            headers=headers,
            timeout=_ASK_TIMEOUT_S,
            limits=httpx2.Limits(max_connections=_AT_ONCE, max_keepalive_connections=_AT_ONCE),
            trust_env=False,
            transport=transport,
        )
        self._patience_s = patience_s
        self._tally = tally
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def __aenter__(self) -> "Api":
        """Open."""
        return self

    async def __aexit__(self, *_failure: object) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def get(self, path: str, query: Mapping[str, Any] | None = None) -> Reply:
        """Read."""
        return await self._ask("GET", path, query=query)

    async def post(self, path: str, body: Mapping[str, Any], key: str | None = None) -> Reply:
        """Write; with a key, once."""
        return await self._ask("POST", path, body=body, key=key)

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Reply:
        headers = {"Idempotency-Key": key} if key else None
        loop = asyncio.get_running_loop()
        ends, wait_s = loop.time() + self._patience_s, _FIRST_WAIT_S
        while True:
            again_after_s = wait_s
            try:
                async with self._places:
                    response = await self._client.request(
                        method, path, params=query, json=body, headers=headers
                    )
                if response.status_code not in _COME_AGAIN:
                    return _reply(response)
                again_after_s = max(wait_s, _told_to_wait(response))
            except httpx2.TransportError:
                pass  # refused, cut or silent: perhaps it is being restarted
            if loop.time() + again_after_s > ends:
                self._tally.gave_up += 1
                raise GaveUp(f"{method} {path}")
            self._tally.retried += 1
            await asyncio.sleep(again_after_s)
            wait_s = min(_LONGEST_WAIT_S, wait_s * 2)


def _reply(response: httpx2.Response) -> Reply:
    try:
        body = response.json()
    except ValueError:
        body = {}
    replayed = response.headers.get("idempotent-replay") == "true"
    return Reply(response.status_code, body if isinstance(body, dict) else {}, replayed)


def _told_to_wait(response: httpx2.Response) -> float:
    said = response.headers.get("retry-after", "")
    return float(said) if said.isdecimal() else 0.0
