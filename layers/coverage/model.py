"""Sites and sectors of the mobile networks, what is asked of a coverage map, and what it answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol, TypeAlias

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from vocabulary.place import Place

Decibels: TypeAlias = NDArray[np.float32]
Servers: TypeAlias = NDArray[np.int32]
NOBODY: Final = -1  # in a grid of servers: no sector is heard there


class Technology(StrEnum):
    """How a carrier is spoken, as site tables write it."""

    LTE = "LTE"
    NR = "NR"

    @property
    def generation(self) -> str:
        """Return what people call it."""
        return "4G" if self is Technology.LTE else "5G"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector:
    """One carrier of one antenna, a row of a site table; `assumed` names the fields that were filled from defaults.

    `power_dbm` is the whole carrier's at the antenna port. Where the power of one reference resource element is known, it
    stands in `re_power_dbm` and counts instead. Tilt is downwards.
    """

    id: str
    name: str  # the sector's own number or letter at its site
    operator: str  # who holds the carrier
    technology: Technology
    band: str
    arfcn: int
    pci: int
    azimuth_deg: float
    height_m: float
    power_dbm: float
    bandwidth_mhz: float
    antenna: str  # a row of tables/antennas.csv
    electrical_tilt_deg: float = 0.0
    mechanical_tilt_deg: float = 0.0
    re_power_dbm: float | None = None
    in_service: bool = True
    indoor: bool = False  # a system inside a building: never part of the prediction outdoors
    assumed: frozenset[str] = frozenset()

    @property
    def carrier(self) -> "Carrier":
        """Return what it shares with the sectors that interfere with it."""
        return Carrier(self.operator, self.technology, self.band, self.arfcn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A mast or roof with its sectors."""

    id: str
    name: str
    place: Place
    sectors: tuple[Sector, ...]

    @property
    def in_service(self) -> bool:
        """Say whether any of its sectors works."""
        return any(sector.in_service for sector in self.sectors)


@dataclass(frozen=True, slots=True, order=True)
class Carrier:
    """A frequency of an operator: who shares it interferes."""

    operator: str
    technology: Technology
    band: str
    arfcn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which carriers are meant: those of an operator's customers (shared networks count), a technology, a band; None is all."""

    operator: str | None = None
    technology: Technology | None = None
    band: str | None = None


ALL: Final = Which()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Square cells in a metric frame; row 0 is in the north. Positions come and go by `layers.coverage.grid`."""

    crs: str
    transform: Affine
    shape: tuple[int, int]

    @property
    def cell_m(self) -> float:
        """Return the side of a cell."""
        return float(self.transform.a)


@dataclass(frozen=True, slots=True)
class Window:
    """Rows and columns of a grid, ends not included: where something changed."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Return it as an index into an array of the grid."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """The best that is heard at a place of one operator's technology; `chance` is that it really is above the threshold asked."""

    operator: str
    technology: Technology
    band: str
    arfcn: int
    sector_id: str
    site_id: str
    distance_m: float
    rsrp_dbm: float
    sinr_db: float
    chance: float
    extrapolated: bool  # beyond where the model is specified


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one changed site does to the customers of `which`: the window it reaches, and the RSRP in it before and after."""

    which: Which
    window: Window
    before_dbm: Decibels
    after_dbm: Decibels
    took_s: float = field(compare=False)


class CoverageMap(Protocol):
    """Predicted coverage of a county; arrays lie on `grid`, and where nothing is heard there is NaN."""

    @property
    def grid(self) -> Grid:
        """Return the cells every array lies on."""

    @property
    def sites(self) -> Sequence[Site]:
        """Return the sites as they now stand, by id."""

    @property
    def sectors(self) -> Sequence[Sector | None]:
        """Return the sectors by the numbers that `best_server` answers; a number that is no longer used is None."""

    @property
    def version(self) -> str:
        """Return what changes whenever any value of the map may have changed."""

    def carriers(self, which: Which = ALL) -> tuple[Carrier, ...]:
        """Return the carriers that are meant."""

    def codes(self, which: Which = ALL) -> NDArray[np.uint8]:
        """Return the strongest signal as bytes, for pictures: 0 is silence, n is -141 dBm and n half decibels."""

    def rsrp_dbm(self, which: Which = ALL) -> Decibels:
        """Return the strongest reference signal (RSRP, SS-RSRP) per cell."""

    def sinr_db(self, which: Which = ALL) -> Decibels:
        """Return the ratio to interference on the same carrier and noise, of the sector that is heard best."""

    def best_server(self, which: Which = ALL) -> Servers:
        """Return which of `sectors` is heard best, or NOBODY."""

    def chance(self, threshold_dbm: float, which: Which = ALL) -> Decibels:
        """Return the probability 0 to 1 that the RSRP is above the threshold, given how far predictions err."""

    def extrapolated(self, which: Which = ALL) -> NDArray[np.bool_]:
        """Return where the best server is farther than its model is specified for."""

    def at(
        self, place: Place, threshold_dbm: float, operators: Sequence[str] | None = None
    ) -> tuple[Reception, ...]:
        """Return the best reception per operator and technology, what is heard best first; empty off the grid."""

    def change(self, sites: Sequence[Site], gone: Sequence[str] = ()) -> Window | None:
        """Put sites (new, or in place of those with their ids) and take `gone` away; returns where anything changed."""

    def what_if(self, site: Site, which: Which = ALL) -> Change:
        """Return what `site` would change, new or in place of the one with its id; the map stays as it is."""
