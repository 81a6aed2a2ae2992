"""The golden vectors as our own values."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from indicators.frame import Frames, frames_of
from indicators.model import Window
from indicators.record import CaseRecord

FOLDER = Path(__file__).parent.parent / "golden"
_records = TypeAdapter(list[CaseRecord])


def golden(name: str) -> dict[str, Any]:
    """Return one file of golden vectors."""
    told: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return told


def records_in(told: dict[str, Any]) -> list[CaseRecord]:
    """Return the records of a file, each with the file's defaults."""
    return _records.validate_python([{**told["defaults"], **case} for case in told["cases"]])


def frames_in(told: dict[str, Any]) -> Frames:
    """Return the frames of a file's records."""
    return frames_of(records_in(told))


def window_in(told: dict[str, Any]) -> Window:
    """Return a file's window."""
    return Window(since=instant(told["since"]), until=instant(told["until"]))


def instant(text: str) -> datetime:
    """Return an instant."""
    return datetime.fromisoformat(text)
