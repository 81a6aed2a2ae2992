"""Readings over HTTP, and what the wires have to tell: the API's service over the door."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from exchange.ports import Json
from exchange.wires.digits import instant_ms
from exchange.wires.model import WireReading
from exchange.wires.unreadable import Unreadable
from exchange.wires.webhook import WIRE as WEBHOOK
from exchange.wires.webhook import read_message
from runtime.wires import Wires
from security.principal import Principal
from vocabulary.clock import Clock, to_text

HTTP = "http"


class WireWork:
    """`exchange.api_readings.ReadingService`."""

    def open_wires(self, clock: Clock, wires: Wires) -> None:
        """Be given the wires, once the room that they end in is open."""
        self._wire_clock, self._wires = clock, wires

    async def take_readings(self, principal: Principal, readings: list[WireReading]) -> Json:
        """Take a batch; name each reading that was not kept."""
        principal.need("readings.send")
        return await self._taken(principal, HTTP, readings)

    async def take_webhook(self, principal: Principal, hook: str, told: Any) -> Json:
        """Take another platform's message by the shape of that name."""
        principal.need("readings.send")
        shape = self._wires.hook(hook)
        book = self._wires.book
        try:
            readings, wrong = read_message(shape, told, instant_ms(self._wire_clock.now()))
        except Unreadable as reason:
            book.refuse(WEBHOOK, hook, reason, _written(told))
            raise
        for _, part, why in wrong:
            book.refuse(WEBHOOK, hook, why, _written(part))
        done = await self._taken(principal, WEBHOOK, readings)
        return done | {"refused": done["refused"] + refused_rows(wrong, principal.language)}

    async def _taken(self, principal: Principal, wire: str, readings: list[WireReading]) -> Json:
        source = principal.actor.name
        taken, refused = await self._wires.door.take_apart(wire, source, readings)
        return {
            "accepted": taken.accepted,
            "late": taken.late,
            "duplicate": taken.duplicate,
            "refused": refused_rows(refused, principal.language),
        }

    async def refused_frames(
        self,
        principal: Principal,
        wire: str | None,
        source: str | None,
        since: datetime | None,
        limit: int,
    ) -> list[Json]:
        """Return refused frames, the newest first."""
        principal.need("wires.read")
        wires = (wire,) if wire else ()
        return await self._wires.refused.newest(wires, source, since, limit, principal.language)

    async def wires(self, principal: Principal) -> Json:
        """Return what came in by every wire, and what waits."""
        principal.need("wires.read")
        wires, link = self._wires, self._wires.link
        rows = []
        for wire, tally in sorted(wires.book.wires().items()):
            newest = None if tally.newest_at is None else to_text(tally.newest_at)
            counts = asdict(tally) | {"newest_at": newest}
            rows.append({"wire": wire, **counts, "sources": len(wires.book.sources(wire))})
        return {
            "items": rows,
            "waiting": wires.door.waiting,
            "broker_connected": None if link is None else link.state.connected,
            "broker_dropped": 0 if link is None else link.state.broker_dropped,
            "offline_devices": len(wires.mqtt.offline),
            "ports": [
                {
                    "wire": one.wire,
                    "port": one.port,
                    "open": one.is_open,
                    "callers": one.connections,
                }
                for one in wires.listeners
            ],
            "problems": [
                {"wire": wire, "problem": problem} for wire, problem in wires.problems.items()
            ]
            + [
                {"wire": "mqtt", "problem": not_heard.text(principal.language)}
                for not_heard in (() if link is None else link.not_heard())
            ],
        }


def _written(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")[:4096]


def refused_rows(refused: Sequence[tuple[Any, ...]], language: str) -> list[Json]:
    """Return refusals, each with its place in front and its reason behind, as the answer tells them."""
    return [
        {"index": place, "code": reason.code, "detail": reason.text(language)}
        for place, *_, reason in refused
    ]
