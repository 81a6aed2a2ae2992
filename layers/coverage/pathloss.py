"""Path loss by the published models, each formula as its clause writes it; what they are valid for is in tables/models.csv."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from layers.coverage.tables import rows
from vocabulary.errors import Refused

Floats = NDArray[np.float64]

LIGHT_MPS: Final = 3.0e8  # as TR 38.901 takes it for the break point
BUILDING_M: Final = 5.0  # TR 38.901 table 7.4.1-1, RMa: the average height of buildings,
STREET_M: Final = 20.0  # and the average width of streets
URBAN_CLUTTER_M: Final = 1.0  # h_E of note 1, for mobiles below 13 m
HERE_MOBILE_M: Final = 1.5


@dataclass(frozen=True, slots=True)
class Link:
    """A station's height, a mobile's height and the frequency between them."""

    station_m: float
    mhz: float
    mobile_m: float = HERE_MOBILE_M

    def slant_m(self, along_m: Floats) -> Floats:
        """Return the three-dimensional distance: TR 38.901 (7.4-1)."""
        return np.hypot(along_m, self.station_m - self.mobile_m)


@dataclass(frozen=True, slots=True)
class Range:
    """What a part of a model is specified for in one quantity."""

    low: float
    high: float
    unit: str


@cache
def ranges(model: str, part: str) -> dict[str, Range]:
    """Return what a part of a model is specified for, by quantity."""
    return {
        row["quantity"]: Range(float(row["low"]), float(row["high"]), row["unit"])
        for row in rows("models")
        if (row["model"], row["part"]) == (model, part)
    }


def check(model: str, part: str, link: Link) -> None:
    """Refuse a link whose frequency or heights a model is not specified for; distances are flagged, not refused."""
    told = {
        "frequency": link.mhz, "station_height": link.station_m, "mobile_height": link.mobile_m
    }  # fmt: skip
    for quantity, valid in ranges(model, part).items():
        value = told.get(quantity)
        if value is not None and not valid.low <= value <= valid.high:
            raise Refused(
                "coverage.model_range", model=model, quantity=quantity, value=f"{value:g}",
                low=valid.low, high=valid.high, unit=valid.unit,
            )  # fmt: skip


def beyond(model: str, part: str, along_m: Floats) -> NDArray[np.bool_]:
    """Return where a distance is outside what a part of a model is specified for."""
    valid = ranges(model, part)["distance"]
    return np.asarray((along_m < valid.low) | (along_m > valid.high))


def rma_los(along_m: Floats, link: Link) -> Floats:
    """Return the rural line-of-sight loss: TR 38.901 v17 table 7.4.1-1, RMa LOS, PL1 and PL2, note 5."""
    break_m = 2 * np.pi * link.station_m * link.mobile_m * link.mhz * 1e6 / LIGHT_MPS
    slant = link.slant_m(along_m)
    near = _rma_near(slant, link)
    at_break = _rma_near(link.slant_m(np.array([break_m])), link)[0]
    far = at_break + 40 * np.log10(slant / link.slant_m(np.array([break_m]))[0])
    return np.asarray(np.where(along_m <= break_m, near, far))


def _rma_near(slant: Floats, link: Link) -> Floats:
    ghz, roof = link.mhz / 1000, BUILDING_M**1.72
    return np.asarray(
        20 * np.log10(40 * np.pi * slant * ghz / 3)
        + min(0.03 * roof, 10) * np.log10(slant)
        - min(0.044 * roof, 14.77)
        + 0.002 * np.log10(BUILDING_M) * slant
    )


def rma_nlos(along_m: Floats, link: Link) -> Floats:
    """Return the rural loss without line of sight: TR 38.901 v17 table 7.4.1-1, RMa NLOS (never less than LOS)."""
    station, ghz = link.station_m, link.mhz / 1000
    blocked = (
        161.04
        - 7.1 * np.log10(STREET_M)
        + 7.5 * np.log10(BUILDING_M)
        - (24.37 - 3.7 * (BUILDING_M / station) ** 2) * np.log10(station)
        + (43.42 - 3.1 * np.log10(station)) * (np.log10(link.slant_m(along_m)) - 3)
        + 20 * np.log10(ghz)
        - (3.2 * np.log10(11.75 * link.mobile_m) ** 2 - 4.97)
    )
    return np.asarray(np.maximum(rma_los(along_m, link), blocked))


def uma_los(along_m: Floats, link: Link) -> Floats:
    """Return the urban line-of-sight loss: TR 38.901 v17 table 7.4.1-1, UMa LOS, PL1 and PL2, note 1."""
    ghz, slant = link.mhz / 1000, link.slant_m(along_m)
    station, mobile = link.station_m - URBAN_CLUTTER_M, link.mobile_m - URBAN_CLUTTER_M
    break_m = 4 * station * mobile * link.mhz * 1e6 / LIGHT_MPS
    near = 28.0 + 22 * np.log10(slant) + 20 * np.log10(ghz)
    height = link.station_m - link.mobile_m
    far = 28.0 + 40 * np.log10(slant) + 20 * np.log10(ghz) - 9 * np.log10(break_m**2 + height**2)
    return np.asarray(np.where(along_m <= break_m, near, far))


def uma_nlos(along_m: Floats, link: Link) -> Floats:
    """Return the urban loss without line of sight: TR 38.901 v17 table 7.4.1-1, UMa NLOS (never less than LOS)."""
    blocked = (
        13.54
        + 39.08 * np.log10(link.slant_m(along_m))
        + 20 * np.log10(link.mhz / 1000)
        - 0.6 * (link.mobile_m - 1.5)
    )
    return np.asarray(np.maximum(uma_los(along_m, link), blocked))


def rma_sight(along_m: Floats) -> Floats:
    """Return the probability of line of sight in the country: TR 38.901 v17 table 7.4.2-1, RMa."""
    return np.asarray(np.where(along_m <= 10, 1.0, np.exp(-(along_m - 10) / 1000)))


def uma_sight(along_m: Floats) -> Floats:
    """Return the probability of line of sight in town: TR 38.901 v17 table 7.4.2-1, UMa, mobiles below 13 m (C' = 0)."""
    along = np.maximum(along_m, 18.0)
    return np.asarray(18 / along + np.exp(-along / 63) * (1 - 18 / along))


def hata(along_m: Floats, link: Link, ground: str = "urban") -> Floats:
    """Return the loss by Okumura and Hata: Hata 1980, (13) to (17), medium-small city, suburban or open.

    Refused outside 150 to 1500 MHz and 30 to 200 m.
    """
    check("hata", "all", link)
    f, slope = np.log10(link.mhz), 44.9 - 6.55 * np.log10(link.station_m)
    urban = (
        69.55 + 26.16 * f - 13.82 * np.log10(link.station_m) - _mobile_gain(link)
        + slope * np.log10(along_m / 1000)
    )  # fmt: skip
    less = {
        "urban": 0.0,
        "suburban": 2 * np.log10(link.mhz / 28) ** 2 + 5.4,
        "open": 4.78 * f**2 - 18.33 * f + 40.94,
    }
    return np.asarray(urban - less[ground])


def cost231(along_m: Floats, link: Link, metropolitan_db: float = 0.0) -> Floats:
    """Return the loss by COST 231-Hata: final report (4.4.3), C_m 0 dB (3 dB in metropolitan centres).

    Refused outside 1500 to 2000 MHz and 30 to 200 m.
    """
    check("cost231", "all", link)
    slope = 44.9 - 6.55 * np.log10(link.station_m)
    return np.asarray(
        46.3 + 33.9 * np.log10(link.mhz) - 13.82 * np.log10(link.station_m) - _mobile_gain(link)
        + slope * np.log10(along_m / 1000) + metropolitan_db
    )  # fmt: skip


def _mobile_gain(link: Link) -> float:
    # a(h_m) of a medium-small city: Hata 1980 (14).
    f = float(np.log10(link.mhz))
    return (1.1 * f - 0.7) * link.mobile_m - (1.56 * f - 0.8)


def free_space(slant_m: Floats, mhz: float) -> Floats:
    """Return the basic free-space loss: ITU-R P.525-4 (4)."""
    return np.asarray(32.4 + 20 * np.log10(mhz) + 20 * np.log10(slant_m / 1000))
