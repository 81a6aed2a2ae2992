"""The golden vectors as our own values."""

import json
import math
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from indicators.columns import Column
from indicators.frame import Frame, Frames, frames_of
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


def rooms_frames_in(told: dict[str, Any]) -> Frames:
    """Return the frames that a file holds as rows of plain values: of other rooms than the cases'."""
    frames = Frames()
    for name, rows in told["frames"].items():
        frame = Frame([Column(column, _kind(column, rows), _reader(column)) for column in rows[0]])
        frame.put("all", rows)
        frames.bring(name, frame)
    return frames


def _kind(column: str, rows: list[dict[str, Any]]) -> str:
    value = next((row[column] for row in rows if row[column] is not None), None)
    if column == "id":
        return "text"
    if isinstance(value, bool):
        return "flag"
    return "word" if isinstance(value, str) and not _is_instant(value) else "number"


def _reader(column: str) -> Callable[[dict[str, Any]], Any]:
    # An end that is not told is not there yet; what never happened is no number.
    absent = math.inf if column == "until" else math.nan

    def read(row: dict[str, Any]) -> Any:
        value = row[column]
        if value is None:
            return absent
        return instant(value).timestamp() if _is_instant(value) else value

    return read


def _is_instant(value: Any) -> bool:
    return isinstance(value, str) and value.endswith("Z") and "T" in value
