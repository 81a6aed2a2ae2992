"""Snapshots: one instant of the hub as JSON, built beside the event loop from rows encoded once."""

import asyncio
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

import orjson

from incidents.model import Case
from live.audience import Audience, Words, may_see
from live.hub import Hub
from live.rows import alerts_of, closures_of, row_for, warnings_of

SHARED_S: Final = (
    0.25  # a storm of pages coming back shares one snapshot; the ring tells them the rest
)
GZIP_FROM_BYTES: Final = 32_768
GZIP_LEVEL: Final = 1
GZIP_WINDOW: Final = 31  # zlib's code for a gzip envelope with the largest window


@dataclass(frozen=True, slots=True)
class View:
    """What one snapshot tells, as of one instant."""

    audience: Audience
    seq: int
    now_ms: int
    cases: tuple[Case, ...]
    closures: dict[str, Any]
    warnings: dict[str, Any]
    news: list[dict[str, Any]]
    units: list[list[Any]]
    points: list[list[Any]]


@dataclass(frozen=True, slots=True)
class Told:
    """A snapshot ready to send."""

    body: bytes
    gzipped: bool
    made: float


class Snapshots:
    """Makes snapshots of one hub, one at a time."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._turn = asyncio.Lock()
        self._told: dict[tuple[Audience, bool, bool], Told] = {}
        self._rows: dict[Words, dict[str, tuple[Case, bytes]]] = {}

    async def take(self, audience: Audience, *, units: bool, gzip: bool) -> Told:
        """Return a snapshot at most a quarter of a second old."""
        key = (audience, units, gzip)
        async with self._turn:
            told = self._told.get(key)
            if told is None or monotonic() - told.made > SHARED_S:
                view = self._view(audience, units=units)
                told = await asyncio.to_thread(self._tell, view, gzip=gzip)
                self._told = {**self._fresh(), key: told}
            return told

    def _fresh(self) -> dict[tuple[Audience, bool, bool], Told]:
        since = monotonic() - SHARED_S
        return {key: told for key, told in self._told.items() if told.made > since}

    def _view(self, audience: Audience, *, units: bool) -> View:
        # No await in here: seq, cases, news and positions are of the same instant.
        hub = self._hub
        return View(
            audience=audience,
            seq=hub.follower.board.seq,
            now_ms=hub.now_ms(),
            cases=tuple(hub.follower.board.cases.values()),
            closures=closures_of(hub.follower.board.closures.values(), audience),
            warnings=warnings_of(hub.follower.board.warnings.values(), audience),
            news=hub.follower.board.news_of(audience),
            units=unit_rows(hub) if units else [],
            points=point_rows(hub),
        )

    def _tell(self, view: View, *, gzip: bool) -> Told:
        made = monotonic()
        body = self._encode(view)
        if gzip and len(body) >= GZIP_FROM_BYTES:
            squeeze = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, GZIP_WINDOW)
            return Told(squeeze.compress(body) + squeeze.flush(), gzipped=True, made=made)
        return Told(body, gzipped=False, made=made)

    def _encode(self, view: View) -> bytes:
        seen = [case for case in view.cases if may_see(view.audience, case)]
        rest = {"seq": view.seq, "now": view.now_ms, "audience": view.audience.name}
        rest |= {"closures": view.closures, "alerts": alerts_of(view.cases, view.audience)}
        rest |= {"warnings": view.warnings}
        rest |= {"news": view.news, "units": view.units, "points": view.points}
        rows = b",".join(self._encoded(view.audience, seen, len(view.cases)))
        return orjson.dumps(rest)[:-1] + b',"rows":{' + rows + b"}}"

    def _encoded(self, audience: Audience, cases: Iterable[Case], open_n: int) -> list[bytes]:
        held = self._rows.setdefault(audience.words, {})
        if len(held) > 2 * open_n + 100:  # cases that ended leave their rows behind
            held.clear()
        parts: list[bytes] = []
        for case in cases:
            kept = held.get(case.id)
            if kept is None or kept[0] is not case:
                row = orjson.dumps(row_for(audience, case))
                kept = held[case.id] = (case, orjson.dumps(case.id) + b":" + row)
            parts.append(kept[1])
        return parts


def unit_rows(hub: Hub) -> list[list[Any]]:
    """Return every unit as [id, lon, lat, observed_ms, status, kind, name], where it was heard last."""
    latest = dict(hub.units.latest)
    rows = [[*latest.pop(row[0], row)[:5], *row[5:]] for row in hub.rosters.units]
    return rows + [[*row, "", row[0]] for row in latest.values()]


def point_rows(hub: Hub) -> list[list[Any]]:
    """Return every sensor as [id, lon, lat, kind, name, value, observed_ms]; nulls where none was heard."""
    latest = hub.readings.latest
    silent = [None, None, None]
    return [[*row, *latest.get(row[0], silent)[1:]] for row in hub.rosters.points]
