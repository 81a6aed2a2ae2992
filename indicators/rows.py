"""What the rows of the catalogue share: their words, masks over frames, and short ways to write a row."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from indicators.frame import Frame, Mask, Numbers
from indicators.model import Formula, Indicator, Measure, Sample, Text

TABLES: Final = Path(__file__).parent / "tables"
PATROL: Final = ("patrol",)
PUBLIC: Final = (
    *("phone", "12345", "hotline", "citizen", "app", "web", "public", "open311", "media"),
    *("110", "119", "120", "122", "911"),
)
OWN_EYES: Final = ("patrol", "sensor", "mqtt", "video", "drone", "field")


def share(id: str, count: Formula, **given: Any) -> Indicator:
    """Return a row for a share of what was due."""
    usual = {"unit": "%", "better": "up", "measure": Measure.SHARE, "group": "closure"}
    return _row(id, count, {**usual, **given})


def duration(id: str, count: Formula, **given: Any) -> Indicator:
    """Return a row for a duration in seconds, told by its percentiles."""
    usual = {"unit": "s", "better": "down", "measure": Measure.DURATION, "group": "emergency"}
    return _row(id, count, {**usual, **given})


def _row(id: str, count: Formula, given: dict[str, Any]) -> Indicator:
    said = _words()[id]
    values: dict[str, Any] = {"frame": "cases", **given}
    if "missing_zh" in said:
        values["missing"] = _text(said, "missing")
    return Indicator(
        id=id,
        name=Text(said["zh"], said["en"]),
        formula=_text(said, "formula"),
        excluded=_text(said, "excluded"),
        source=said["source"],
        count=count,
        **values,
    )


def _text(said: dict[str, str], name: str) -> Text:
    return Text(said[f"{name}_zh"], said[f"{name}_en"])


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((TABLES / "words.toml").read_text("utf-8"))


def is_there(values: Numbers) -> Mask:
    """Return where there is a value."""
    return np.isfinite(values)


def everywhere(frame: Frame) -> Mask:
    """Return a mask of all rows."""
    return np.ones(frame.length, np.bool_)


def on_hold(frame: Frame, at: Numbers | float) -> Mask:
    """Return where a case was on hold (挂账) at an instant."""
    held: Mask = (frame["held"] <= at) & ~(frame["resumed"] <= at)
    return held


def nothing(frame: Frame, _at: float) -> Sample:
    """Count nothing: the formula of a row whose frame nobody brings yet."""
    return Sample(at=np.zeros(frame.length), counted=np.zeros(frame.length, np.bool_))
