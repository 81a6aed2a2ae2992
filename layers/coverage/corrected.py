"""The corrections an office has taken from its measurements, kept in its home beside the predictions."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from layers.coverage.tables import rows
from vocabulary.errors import Unavailable

FILE: Final = "corrections.json"
USUAL_SIGMA_DB: Final = 8.0  # shadow fading of RMa NLOS, TR 38.901 table 7.4.1-1


@dataclass(frozen=True, slots=True)
class Correction:
    """By band, decibels of loss to add per class of land; and how far predictions err with them."""

    by_band: dict[str, tuple[float, ...]]
    sigma_db: float = USUAL_SIGMA_DB


def keep(home: Path, correction: Correction) -> None:
    """Keep corrections; the next prediction is made with them."""
    file = home / "coverage" / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    told = {
        "classes": [row["class"] for row in rows("clutter")],
        "by_band": {band: list(of) for band, of in correction.by_band.items()},
        "sigma_db": correction.sigma_db,
    }
    new = file.with_suffix(".new")
    new.write_text(json.dumps(told, indent=1), "utf-8")
    new.replace(file)


def kept(home: Path) -> Correction:
    """Return the corrections in use: none where none were taken, or where the classes of land are others by now."""
    try:
        told = json.loads((home / "coverage" / FILE).read_text("utf-8"))
        if told["classes"] != [row["class"] for row in rows("clutter")]:
            return Correction({})
        by_band = {band: tuple(map(float, of)) for band, of in told["by_band"].items()}
        return Correction(by_band, float(told["sigma_db"]))
    except FileNotFoundError:
        return Correction({})
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise Unavailable(
            "coverage.corrections_unreadable", file=FILE, problem=problem
        ) from problem
