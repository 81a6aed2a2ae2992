"""The time machine in memory."""

from datetime import datetime
from typing import Any

from live.audience import audience_of
from live.clip import clip_of
from live.deltas import Board
from live.reel import Reel, wind
from security.principal import Principal
from tests.exchange.memory import Memory
from vocabulary.clock import to_text

Json = dict[str, Any]


class MemoryPast:
    """`exchange.past_ports.PastService` over a journal in memory; it looks back to its beginning."""

    memory: Memory

    async def past_days(self, _principal: Principal) -> Json:
        return {"items": [], "zone": "Asia/Shanghai"}

    async def reel(self, principal: Principal, since: datetime, until: datetime) -> Json:
        reel = self._reel(principal)
        told = {"since": to_text(since), "until": to_text(until), "whole": True}
        rest: Json = {"units": [], "tracks": {}}
        return {**told, "start": reel.start, "deltas": reel.deltas, **rest}

    async def clip(self, principal: Principal, since: datetime, until: datetime) -> Json:
        return clip_of(self._reel(principal), {"since": to_text(since), "until": to_text(until)})

    def _reel(self, principal: Principal) -> Reel:
        return wind(Board(), self.memory.journal, lambda _recorded: None, audience_of(principal))
