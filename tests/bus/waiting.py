"""Waiting for what will be so."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic


async def until(true: Callable[[], bool | Awaitable[bool]], within_s: float = 5.0) -> None:
    """Wait until something is so."""
    end = monotonic() + within_s
    while True:
        answer = true()
        if answer if isinstance(answer, bool) else await answer:
            return
        assert monotonic() < end, f"not so within {within_s} s"
        await asyncio.sleep(0.01)
