"""From when a log is told: remembered from the first run on, so that a second one sends the very same and doubles nothing."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from exchange.calllogs.model import LoggedCall
from vocabulary.clock import Clock, to_text


def start_of(
    memory: Path, calls: Sequence[LoggedCall], wanted: datetime | None, clock: Clock
) -> datetime:
    """Return the instant as which the first call is told; where nobody says it, so that the last thing in the log is now."""
    start_at = wanted or _remembered(memory)
    if start_at is None:
        ends = max(step.at for call in calls for step in call.chain)
        start_at = (clock.now() - (ends - calls[0].received_at)).replace(microsecond=0)
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(json.dumps({"start_at": to_text(start_at)}), "utf-8")
    return start_at


def _remembered(memory: Path) -> datetime | None:
    try:
        return datetime.fromisoformat(json.loads(memory.read_text("utf-8"))["start_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # the first run, or a file somebody spoilt: begin anew
