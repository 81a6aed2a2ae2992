"""Logs: one JSON line per event on standard error, readable columns where a person looks on."""

import logging
import sys
from typing import Final, TextIO, cast

import structlog

QUIET = (
    "uvicorn.access",
    "uvicorn.error",
    "alembic",
    "httpx",
    "httpx2",
    "httpcore",
    "PIL",
    "pyogrio",
    "rasterio",
    "fiona",
)


class StandardError:
    """Standard error as it is when something is written to it, not as it was when logging began."""

    def write(self, text: str) -> int:
        """Write text."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """Write out what is held back."""
        sys.stderr.flush()


STANDARD_ERROR: Final = cast("TextIO", StandardError())


def prepare_logs(level: str) -> None:
    """Send every log event through structlog at `level` (debug, info, warning, error); libraries tell from warning up."""
    person = sys.stderr.isatty()
    renderer: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer() if person else structlog.processors.JSONRenderer()
    )
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(STANDARD_ERROR),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(STANDARD_ERROR)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
