"""Naming what is wrong with the frame of undeclared positions; nothing is corrected: the caller declares, or refuses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from county.datum import (
    BY_ID,
    CHINA_BOX,
    DATUMS,
    FIRST_WITHOUT_PREFIX,
    ZONES,
    Datum,
    Floats,
    declared,
    to_wgs84,
    zone_of,
)
from county.datum_residuals import Comparison, along, of_outline, of_points
from county.model import County
from county.store import read_layer
from vocabulary.errors import Refused

Verdict = Literal["wgs84", "offset", "swapped", "projected", "outside", "undecided", "empty"]
CODES: Final[dict[str, str]] = {
    "offset": "datum.offset", "swapped": "datum.swapped", "projected": "datum.projected", "outside": "datum.outside",
    "undecided": "datum.undecided", "empty": "datum.empty",
}  # fmt: skip
Rows = NDArray[np.int64]
Bounds = tuple[float, float, float, float]

FAR_DEG: Final = 0.3  # about 30 km beyond the county's box: no datum moves that far
NULL_ISLAND_DEG: Final = 1e-4
MOST: Final = 0.9
SAME_AS_WGS84: Final = frozenset({"wgs84", "cgcs2000"})
REFERENCE_LAYERS: Final = ("pois", "buildings", "roads")
SHARP_M: Final = 130.0  # of at most 150: with a larger mean residual the layers have nothing to do with each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What is known in WGS 84: where rows should be, layers on which they should lie, points an outline should hold."""

    box: Bounds | None = None
    known: tuple[NDArray[np.object_], ...] = ()
    members: Floats = field(default_factory=lambda: np.empty((0, 2)))


NOTHING_KNOWN: Final = Reference()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found. `likely` is the datum to declare, if somebody who knows the data agrees; rows are numbered from 0."""

    verdict: Verdict
    likely: str | None
    confidence: float
    rows: int
    example: tuple[float, float] | None = None
    residuals: Mapping[str, float] = field(default_factory=dict)
    unreadable_rows: Rows = field(default_factory=lambda: np.empty(0, np.int64))
    zero_rows: Rows = field(default_factory=lambda: np.empty(0, np.int64))
    outside_rows: Rows = field(default_factory=lambda: np.empty(0, np.int64))
    swapped_rows: Rows = field(default_factory=lambda: np.empty(0, np.int64))

    def refusal(self, file: str) -> Refused | None:
        """Return why `file` is not taken as it stands, or None where the data themselves say WGS 84."""
        if self.verdict == "wgs84":
            return None
        x, y = self.example or (float("nan"), float("nan"))
        return Refused(
            CODES[self.verdict], file=file, rows=self.rows, x=round(x, 6), y=round(y, 6), likely=self.likely or "–",
            confidence=f"{100 * self.confidence:.1f}", outside=len(self.outside_rows), zero=len(self.zero_rows),
            residuals=", ".join(f"{name} {value:.3g}" for name, value in self.residuals.items()) or "–",
            known=", ".join(row.id for row in DATUMS),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """Positions in WGS 84 with the datum they came in; `doubt` is set where the data speak against what was declared."""

    lons_deg: Floats
    lats_deg: Floats
    datum: Datum
    finding: Finding
    doubt: Finding | None


def reference_of(county: County, layers: Sequence[str] = REFERENCE_LAYERS) -> Reference:
    """Return the county in use as a reference: its box and those of `layers` that it has."""
    frames = [read_layer(county, layer) for layer in layers]
    known = tuple(frame.geometry.to_numpy() for frame in frames if len(frame))
    return Reference(box=county.box.as_tuple(), known=known)


def adopt(
    lons: ArrayLike,
    lats: ArrayLike,
    *,
    datum: str | None,
    file: str,
    reference: Reference = NOTHING_KNOWN,
) -> Adopted:
    """Return positions in WGS 84 by the declared `datum`, or, undeclared, only if they are WGS 84 beyond doubt; else Refused."""
    x, y = np.asarray(lons, dtype=float), np.asarray(lats, dtype=float)
    found = detect(x, y, reference)
    if datum is None:
        refused = found.refusal(file)
        if refused is not None:
            raise refused
        return Adopted(lons_deg=x, lats_deg=y, datum=BY_ID["wgs84"], finding=found, doubt=None)
    row = declared(datum)
    there = to_wgs84(row.id, x, y)
    after = detect(*there, Reference(box=reference.box))
    refused = after.refusal(file)
    if refused is not None and after.verdict != "undecided":
        raise refused
    doubt = found if _contradicts(found, row) else None
    return Adopted(lons_deg=there[0], lats_deg=there[1], datum=row, finding=after, doubt=doubt)


def _contradicts(found: Finding, row: Datum) -> bool:
    said = "wgs84" if row.id in SAME_AS_WGS84 else row.id
    return found.verdict in {"wgs84", "offset"} and found.likely != said and found.confidence < 1.0


def detect(lons: ArrayLike, lats: ArrayLike, reference: Reference = NOTHING_KNOWN) -> Finding:
    """Name what undeclared positions are in; see `Finding`. Nothing is guessed: what cannot be told apart is `undecided`."""
    x, y = np.asarray(lons, dtype=float).ravel(), np.asarray(lats, dtype=float).ravel()
    coarse, keep = _coarse(x, y, reference.box)
    if coarse.verdict != "undecided":
        return coarse
    return _with(coarse, [of_points(x[keep], y[keep], known) for known in reference.known])


def detect_outline(outline: BaseGeometry, reference: Reference) -> Finding:
    """Name what an undeclared outline is in: by the points it should hold, and by the outlines of `reference.known`."""
    ring = shapely.get_coordinates(outline)
    coarse, _ = _coarse(ring[:, 0], ring[:, 1], reference.box)
    if coarse.verdict != "undecided":
        return coarse
    compared = [of_points(*along(outline), shapely.boundary(known)) for known in reference.known]
    if len(reference.members):
        compared.append(of_outline(outline, reference.members))
    return _with(coarse, compared)


def _with(coarse: Finding, compared: Sequence[Comparison]) -> Finding:
    """Return the coarse finding with what the comparisons single out, if they agree."""
    singled = [one for one in compared if one.likely and one.residuals[one.likely] < SHARP_M]
    if len({one.likely for one in singled}) != 1:
        shown = compared[0].residuals if compared else {}
        return _again(coarse, "undecided", None, 0.0, shown)
    best = max(singled, key=lambda one: one.confidence)
    verdict: Verdict = "wgs84" if best.likely == "wgs84" else "offset"
    # An exact test never gives certainty: certain is only what needs no test.
    return _again(coarse, verdict, best.likely, min(best.confidence, 0.9999), best.residuals)


def _again(
    coarse: Finding,
    verdict: Verdict,
    likely: str | None,
    confidence: float,
    residuals: Mapping[str, float],
) -> Finding:
    return Finding(
        verdict=verdict, likely=likely, confidence=confidence, residuals=residuals, rows=coarse.rows, example=coarse.example,
        unreadable_rows=coarse.unreadable_rows, zero_rows=coarse.zero_rows, outside_rows=coarse.outside_rows,
        swapped_rows=coarse.swapped_rows,
    )  # fmt: skip


def _coarse(x: Floats, y: Floats, box: Bounds | None) -> tuple[Finding, NDArray[np.bool_]]:
    """Return what the numbers alone say, and which rows are fit for a comparison."""
    finite = np.isfinite(x) & np.isfinite(y)
    zero = finite & (np.abs(x) < NULL_ISLAND_DEG) & (np.abs(y) < NULL_ISLAND_DEG)
    usable = finite & ~zero
    here = usable & _within(x, y, box)
    turned = usable & ~here & _within(y, x, box)
    verdict, likely = _verdict(x[usable], y[usable], here[usable], turned[usable], box)
    odd = usable & ~here if verdict in {"swapped", "projected", "outside"} else usable
    first = np.flatnonzero(odd)[:1]
    return Finding(
        verdict=verdict, likely=likely, confidence=0.0 if verdict == "undecided" else 1.0, rows=len(x),
        example=(float(x[first[0]]), float(y[first[0]])) if len(first) else None,
        unreadable_rows=np.flatnonzero(~finite), zero_rows=np.flatnonzero(zero), swapped_rows=np.flatnonzero(turned),
        outside_rows=np.flatnonzero(usable & ~here & ~turned),
    ), here  # fmt: skip


def _within(x: Floats, y: Floats, box: Bounds | None) -> NDArray[np.bool_]:
    west, south, east, north = box or (-180.0, -90.0, 180.0, 90.0)
    far = FAR_DEG if box else 0.0
    inside: NDArray[np.bool_] = (
        (x >= west - far) & (x <= east + far) & (y >= south - far) & (y <= north + far)
    )
    return inside


def _verdict(
    x: Floats, y: Floats, here: NDArray[np.bool_], turned: NDArray[np.bool_], box: Bounds | None
) -> tuple[Verdict, str | None]:
    if not len(x):
        return "empty", None
    if turned.mean() >= MOST:
        return "swapped", None
    off_the_globe = (np.abs(x) > 180.0) | (np.abs(y) > 90.0)
    if off_the_globe.mean() >= MOST and not turned.any():
        return "projected", _likely_zone(x, y, box)
    if here.mean() <= 0.5:
        return "outside", None
    west, south, east, north = CHINA_BOX
    china = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    # Outside the rectangle of the formula all three datums are one.
    return ("undecided", None) if china[here].any() else ("wgs84", "wgs84")


def _likely_zone(x: Floats, y: Floats, box: Bounds | None) -> str | None:
    """Return the one 3-degree zone (EPSG) by which these metres, easting first, lie in `box` or China; None where several do."""
    middle = len(x) // 2  # the median without its mean, which overflows on nonsense
    east, north = float(np.sort(x)[middle]), float(np.sort(y)[middle])
    fitting = []
    for code in _zones_worth_trying(east, box):
        lon, lat = to_wgs84(f"epsg:{code}", east, north)
        if _within(lon, lat, box or CHINA_BOX).all():
            fitting.append(f"epsg:{code}")
    return fitting[0] if len(fitting) == 1 else None


def _zones_worth_trying(east_m: float, box: Bounds | None) -> list[int]:
    prefixed = east_m >= 1e6
    if box is None:
        return list(
            range(ZONES.start, FIRST_WITHOUT_PREFIX)
            if prefixed
            else range(FIRST_WITHOUT_PREFIX, ZONES.stop)
        )
    zones = {zone_of(lon, prefixed=prefixed) for lon in (box[0], (box[0] + box[2]) / 2, box[2])}
    return sorted(zone for zone in zones if zone is not None)
