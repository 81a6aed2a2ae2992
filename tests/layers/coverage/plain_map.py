"""A coverage map for tests of what stands on it: signal falls with the distance alone, the same everywhere."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from layers.coverage.grid import cells_of, degrees_of
from layers.coverage.model import (
    ALL,
    Carrier,
    Change,
    Decibels,
    Grid,
    Reception,
    Sector,
    Servers,
    Site,
    Which,
    Window,
)
from layers.coverage.tables import meant
from vocabulary.place import Place

AT_ONE_CELL_DBM = -70.0
SLOPE_DB = 35.0


class PlainMap:
    """`layers.coverage.model.CoverageMap`; a site is heard by 35 dB a decade of cells around it."""

    def __init__(self, grid: Grid, sites: Sequence[Site]) -> None:
        self.grid = grid
        self._sites = {site.id: site for site in sites}
        self.changes = 0

    @property
    def sites(self) -> tuple[Site, ...]:
        return tuple(self._sites[one] for one in sorted(self._sites))

    @property
    def sectors(self) -> Sequence[Sector | None]:
        return [sector for site in self.sites for sector in site.sectors]

    @property
    def version(self) -> str:
        return f"plain-{self.changes}"

    def carriers(self, which: Which = ALL) -> tuple[Carrier, ...]:
        found = {sector.carrier for sector in self.sectors if sector}
        return tuple(sorted(one for one in found if meant(one, which)))

    def codes(self, which: Which = ALL) -> NDArray[np.uint8]:
        signal = np.nan_to_num(self.rsrp_dbm(which), nan=-141.0)
        return np.clip(2 * (signal + 141), 0, 255).astype(np.uint8)

    def rsrp_dbm(self, which: Which = ALL) -> Decibels:
        out = np.full(self.grid.shape, np.nan, dtype=np.float32)
        for site in self.sites:
            heard = [s for s in site.sectors if s.in_service and meant(s.carrier, which)]
            if heard:
                out = np.fmax(out, self._around(site))
        return out

    def _around(self, site: Site) -> Decibels:
        row, column = cells_of(
            self.grid, np.array([site.place.lon_deg]), np.array([site.place.lat_deg])
        )
        rows, columns = np.indices(self.grid.shape)
        away = np.maximum(1.0, np.hypot(rows - row[0], columns - column[0]))
        signal: Decibels = (AT_ONE_CELL_DBM - SLOPE_DB * np.log10(away)).astype(np.float32)
        return signal

    def sinr_db(self, which: Which = ALL) -> Decibels:
        return self.rsrp_dbm(which) + np.float32(100)

    def best_server(self, which: Which = ALL) -> Servers:
        return np.where(np.isnan(self.rsrp_dbm(which)), -1, 0).astype(np.int32)

    def chance(self, threshold_dbm: float, which: Which = ALL) -> Decibels:
        return (self.rsrp_dbm(which) >= threshold_dbm).astype(np.float32)

    def extrapolated(self, which: Which = ALL) -> NDArray[np.bool_]:
        return np.zeros(self.grid.shape, dtype=bool)

    def at(
        self, place: Place, threshold_dbm: float, operators: Sequence[str] | None = None
    ) -> tuple[Reception, ...]:
        rows, columns = cells_of(self.grid, np.array([place.lon_deg]), np.array([place.lat_deg]))
        found = []
        for carrier in self.carriers():
            which = Which(operator=carrier.operator, technology=carrier.technology)
            value = float(self.rsrp_dbm(which)[rows[0], columns[0]])
            site = self.sites[0]
            found.append(
                Reception(
                    operator=carrier.operator, technology=carrier.technology, band=carrier.band,
                    arfcn=carrier.arfcn, sector_id=site.sectors[0].id, site_id=site.id, distance_m=1.0,
                    rsrp_dbm=value, sinr_db=10.0, chance=float(value >= threshold_dbm), extrapolated=False,
                )
            )  # fmt: skip
        return tuple(found)

    def change(self, sites: Sequence[Site], gone: Sequence[str] = ()) -> Window | None:
        self._sites |= {site.id: site for site in sites}
        for one in gone:
            self._sites.pop(one, None)
        self.changes += 1
        return Window(0, 0, *self.grid.shape)

    def what_if(self, site: Site, which: Which = ALL) -> Change:
        other = PlainMap(self.grid, [*self.sites, site])
        return Change(
            which=which, window=Window(0, 0, *self.grid.shape), before_dbm=self.rsrp_dbm(which),
            after_dbm=other.rsrp_dbm(which), took_s=0.0,
        )  # fmt: skip


def standing(site: Site, on: Grid, row: int, column: int) -> Site:
    """Return a site in a cell's middle."""
    lon, lat = degrees_of(on, np.array([row]), np.array([column]))
    return replace(site, place=Place(float(lon[0]), float(lat[0])))
