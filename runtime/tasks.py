"""Background tasks: each under its own guard, so that one that fails neither ends nor drags the others."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import structlog

from vocabulary.errors import Unavailable

log = structlog.get_logger()


class Tasks:
    """The console's long-running tasks."""

    def __init__(self) -> None:
        self._running: list[asyncio.Task[None]] = []

    def run(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Start a task that runs for ever by itself."""
        self._running.append(asyncio.create_task(work, name=name))

    def every(self, name: str, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
        """Do `work` now and then every so many seconds; a failure is logged and the next turn comes."""
        self.run(name, _repeat(name, seconds, work))

    async def stop(self) -> None:
        """End every task."""
        for task in self._running:
            task.cancel()
        for task in self._running:
            with suppress(asyncio.CancelledError):
                await task
        self._running = []


async def _repeat(name: str, seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            await work()
        except Unavailable as problem:  # outside of us, and asked again at the next turn
            log.warning("task_waits", task=name, code=problem.code)
        except Exception:
            log.exception("task_failed", task=name)
        await asyncio.sleep(seconds)
