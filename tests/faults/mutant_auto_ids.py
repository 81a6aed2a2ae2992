"""The console with a relay that lets the stream number its own entries: a test of the test."""

import asyncio
import sys

from bus import relay as relay_module
from bus.redis import FIELD, RedisBus, _say
from bus.relay import BATCH, Relay
from runtime.command_line import main

# Between telling and striking off, where a kill shall hit: as long as a slow store would take.
GAP_S = 0.3


async def naive_drain(self: Relay) -> int:
    """Tell each event under the stream's own number, then take it out of the outbox."""
    bus = self._bus
    assert isinstance(bus, RedisBus)
    while pending := await self._outbox.pending(BATCH):
        for recorded in pending:
            payload = self._writer.write(recorded)
            await _say(bus._client, "XADD", self._stream, "*", FIELD, payload)
        await asyncio.sleep(GAP_S)
        await self._outbox.done([recorded.seq for recorded in pending])
    return 0


async def nothing(self: Relay) -> int:
    """Neither compare nor trim."""
    return 0


if __name__ == "__main__":
    assert relay_module.Relay is Relay
    Relay.drain = naive_drain  # type: ignore[method-assign]
    Relay.reconcile = nothing  # type: ignore[method-assign]
    Relay.trim = nothing  # type: ignore[method-assign]
    sys.exit(main())
