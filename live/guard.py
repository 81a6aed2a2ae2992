"""The one guard around the feed's background tasks: what fails is logged and tried again at the next tick."""

from collections.abc import Awaitable, Callable

import structlog

from vocabulary.errors import Unavailable

log = structlog.get_logger()


async def guarded(work: Callable[[], Awaitable[None]]) -> None:
    """Run `work`; log what it raises and go on."""
    try:
        await work()
    except Unavailable as problem:
        log.warning("live_unavailable", work=work.__name__, problem=str(problem))
    except Exception:
        # The guard of a background task: it is tried again at the next tick.
        log.exception("live_task_failed", work=work.__name__)
