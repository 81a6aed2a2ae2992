"""The corrections an office has taken from its measurements, kept in its home beside the predictions, with those before them."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from layers.coverage.tables import rows
from vocabulary.errors import Refused, Unavailable

FILE: Final = "corrections.json"
USUAL_SIGMA_DB: Final = 8.0  # shadow fading of RMa NLOS, TR 38.901 table 7.4.1-1
FORMER_KEPT: Final = 10
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Correction:
    """By band, decibels of loss to add per class of land; and how far predictions err with them."""

    by_band: dict[str, tuple[float, ...]]
    sigma_db: float = USUAL_SIGMA_DB


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Who took corrections when, from which file, and what they were worth by band (`bands`, JSON-ready)."""

    at: str
    by: str
    source: str
    bands: list[Json] = field(default_factory=list)


def keep(home: Path, correction: Correction, taken: Taken | None = None) -> None:
    """Keep corrections; the next prediction is made with them. Those before can be gone back to."""
    file = home / "coverage" / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    former = _document(home)
    chain = [] if former is None else [_alone(former), *former.get("former", [])]
    told = {
        "classes": [row["class"] for row in rows("clutter")],
        "by_band": {band: list(of) for band, of in correction.by_band.items()},
        "sigma_db": correction.sigma_db,
        "taken": None if taken is None else asdict(taken),
        "former": chain[:FORMER_KEPT],
    }
    _write(file, told)


def undo(home: Path, at: str) -> None:
    """Go back to the corrections before those taken at `at`, to none where there were none; Refused where others stand."""
    standing = _document(home)
    if standing is None:
        raise Refused("coverage.no_correction")
    if (standing.get("taken") or {}).get("at", "") != at:
        raise Refused("coverage.other_correction", value=at)
    file = home / "coverage" / FILE
    former = standing.get("former", [])
    if former:
        _write(file, former[0] | {"former": former[1:]})
    else:
        file.unlink()


def taken(home: Path) -> tuple[bool, Taken | None]:
    """Return whether corrections stand, and who took them; they may have been kept before anybody wrote that down."""
    standing = _document(home)
    if standing is None:
        return False, None
    told = standing.get("taken")
    return True, None if told is None else Taken(**told)


def kept(home: Path) -> Correction:
    """Return the corrections in use: none where none were taken, or where the classes of land are others by now."""
    told = _document(home)
    try:
        if told is None or told["classes"] != [row["class"] for row in rows("clutter")]:
            return Correction({})
        by_band = {band: tuple(map(float, of)) for band, of in told["by_band"].items()}
        return Correction(by_band, float(told["sigma_db"]))
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise _unreadable(problem) from problem


def _alone(told: Json) -> Json:
    return {name: value for name, value in told.items() if name != "former"}


def _document(home: Path) -> Json | None:
    try:
        told = json.loads((home / "coverage" / FILE).read_text("utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as problem:
        raise _unreadable(problem) from problem
    if not isinstance(told, dict):
        raise _unreadable(TypeError(type(told).__name__))
    return told


def _unreadable(problem: Exception) -> Unavailable:
    return Unavailable("coverage.corrections_unreadable", file=FILE, problem=problem)


def _write(file: Path, told: Json) -> None:
    new = file.with_suffix(".new")
    new.write_text(json.dumps(told, indent=1, ensure_ascii=False), "utf-8")
    new.replace(file)
