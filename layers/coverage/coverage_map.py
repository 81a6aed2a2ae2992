"""The coverage map others ask (`model.CoverageMap`): answers from the prediction, one change or question at a time."""

from collections.abc import Sequence
from math import erf, hypot, sqrt
from threading import RLock
from time import perf_counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from layers.coverage import changing
from layers.coverage.bands import band_of
from layers.coverage.corrected import USUAL_SIGMA_DB
from layers.coverage.grid import cell_of
from layers.coverage.link import REACH_M, dbm
from layers.coverage.model import (  # fmt: skip
    ALL,
    NOBODY,
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
from layers.coverage.predicted import Layer, State, total_of
from layers.coverage.reduction import milliwatts, power_table
from layers.coverage.tables import customers, meant
from vocabulary.place import Place

# TS 38.901 7.8 takes 9 dB for a mobile's noise figure; thermal noise is -174 dBm/Hz.
NOISE_FIGURE_DB: Final = 9.0
Bytes = NDArray[np.uint8]


class PredictedMap:
    """The prediction of one county; safe to ask from several threads."""

    def __init__(self, state: State, version: str, sigma_db: float = USUAL_SIGMA_DB) -> None:
        """Take a prediction and what names its content."""
        self._state = state
        self._content, self._changes = version, 0
        self.sigma_db = sigma_db
        self._lock = RLock()

    @property
    def grid(self) -> Grid:
        """Return the cells every array lies on."""
        return self._state.ground.grid

    @property
    def sites(self) -> tuple[Site, ...]:
        """Return the sites as they now stand, by id."""
        with self._lock:
            return tuple(self._state.sites[one] for one in sorted(self._state.sites))

    @property
    def sectors(self) -> Sequence[Sector | None]:
        """Return the sectors by the numbers that `best_server` answers."""
        return self._state.squares.sectors

    @property
    def left_out(self) -> dict[str, str]:
        """Return, by sector, why it is not predicted: out_of_service, indoor, too_far_out, or the code of a sentence."""
        return dict(self._state.left_out)

    @property
    def version(self) -> str:
        """Return what changes whenever any value of the map may have changed."""
        return f"{self._content}-{self._changes}"

    @property
    def state(self) -> State:
        """Return what the map stands on, for planning and for keeping it."""
        return self._state

    def carriers(self, which: Which = ALL) -> tuple[Carrier, ...]:
        """Return the carriers that are meant."""
        return tuple(one for one in sorted(self._state.layers) if meant(one, which))

    def codes(self, which: Which = ALL) -> Bytes:
        """Return the strongest signal as bytes (`link.FLOOR_DBM` plus half a decibel each, 0 is silence): for pictures."""
        best = np.zeros(self.grid.shape, dtype=np.uint8)
        with self._lock:
            for layer in self._meant(which):
                np.maximum(best, layer.best, out=best)
        return best

    def rsrp_dbm(self, which: Which = ALL) -> Decibels:
        """Return the strongest reference signal (RSRP, SS-RSRP) per cell."""
        return dbm(self.codes(which))

    def best_server(self, which: Which = ALL) -> Servers:
        """Return which of `sectors` is heard best, or NOBODY."""
        with self._lock:
            return self._best(which)[1]

    def sinr_db(self, which: Which = ALL) -> Decibels:
        """Return the ratio of the best server to everything else on its carrier, all fully loaded, and noise."""
        with self._lock:
            best, _, number, layers = self._best(which)
            out = np.full(self.grid.shape, np.nan, dtype=np.float32)
            for order, layer in enumerate(layers):
                mine = (number == order) & (best > 0)
                out[mine] = self._ratio(layer, best[mine], total_of(self._state, layer)[mine])
        return out

    def chance(self, threshold_dbm: float, which: Which = ALL) -> Decibels:
        """Return the probability that the RSRP is above the threshold: Phi((RSRP - threshold) / sigma)."""
        by_code = np.array(
            [0.0, *(_phi((one - threshold_dbm) / self.sigma_db) for one in _levels()[1:])]
        )
        return by_code.astype(np.float32)[self.codes(which)]

    def extrapolated(self, which: Which = ALL) -> NDArray[np.bool_]:
        """Return where the best server is farther than its model is specified for without line of sight."""
        with self._lock:
            server = self._best(which)[1]
            place = self._state.squares.place
        rows, columns = np.indices(server.shape)
        away = np.hypot(rows - place[server, 1], columns - place[server, 2]) * self.grid.cell_m
        return np.asarray((server != NOBODY) & (away > REACH_M))

    def at(
        self, place: Place, threshold_dbm: float = -105.0, operators: Sequence[str] | None = None
    ) -> tuple[Reception, ...]:
        """Return the best reception per operator and technology, what is heard best first; empty off the grid."""
        cell = cell_of(self.grid, place)
        if cell is None:
            return ()
        with self._lock:
            found = self._heard(cell)
            best: dict[tuple[str, str], tuple[str, Layer]] = {}
            for operator, layer in found:
                key = (operator, layer.carrier.technology)
                if operators is not None and operator not in operators:
                    continue
                if key not in best or layer.best[cell] > best[key][1].best[cell]:
                    best[key] = (operator, layer)
            answers = [self._reception(who, one, cell, threshold_dbm) for who, one in best.values()]
        return tuple(sorted(answers, key=lambda one: (-one.rsrp_dbm, one.operator, one.technology)))

    def change(self, sites: Sequence[Site], gone: Sequence[str] = ()) -> Window | None:
        """Put sites (new, or in place of those with their ids) and take `gone` away; returns where anything changed."""
        with self._lock:
            window = changing.change(self._state, sites, gone)
            self._changes += 1
        return window

    def what_if(self, site: Site, which: Which = ALL) -> Change:
        """Return what `site` would change, new or in place of the one with its id; the map stays as it is."""
        begun = perf_counter()
        with self._lock:
            window, after = changing.supposed(self._state, site)
            window = window or Window(0, 0, 0, 0)
            shape = (window.bottom - window.top, window.right - window.left)
            then = np.zeros(shape, dtype=np.uint8)
            for carrier in {*self._state.layers, *after}:
                if meant(carrier, which):
                    known = self._state.layers.get(carrier)
                    now = after[carrier] if carrier in after or known is None else known.best[window.slices]  # fmt: skip
                    np.maximum(then, now, out=then)
            before = self.codes(which)[window.slices]
        return Change(
            which=which, window=window, before_dbm=dbm(before), after_dbm=dbm(then), took_s=perf_counter() - begun
        )  # fmt: skip

    def _meant(self, which: Which) -> list[Layer]:
        return [self._state.layers[one] for one in self.carriers(which)]

    def _best(self, which: Which) -> tuple[Bytes, Servers, NDArray[np.int16], list[Layer]]:
        shape = self.grid.shape
        best, server = np.zeros(shape, np.uint8), np.full(shape, NOBODY, np.int32)
        number, layers = np.zeros(shape, np.int16), self._meant(which)
        for order, layer in enumerate(layers):
            better = layer.best > best
            np.copyto(best, layer.best, where=better)
            np.copyto(server, layer.server, where=better)
            np.copyto(number, np.int16(order), where=better)
        return best, server, number, layers

    def _ratio(self, layer: Layer, code: Bytes, total: NDArray[np.int64]) -> Decibels:
        own = power_table()[code]
        scs = band_of(layer.carrier.band).scs_khz
        noise = 10 ** ((-174 + 10 * np.log10(scs * 1000) + NOISE_FIGURE_DB) / 10)
        ratio = milliwatts(own) / (milliwatts(total - own) + noise)
        return np.asarray(10 * np.log10(ratio), dtype=np.float32)

    def _heard(self, cell: tuple[int, int]) -> list[tuple[str, Layer]]:
        return [
            (operator, layer)
            for carrier, layer in sorted(self._state.layers.items())
            if layer.best[cell]
            for operator in sorted(customers(carrier))
        ]

    def _reception(
        self, operator: str, layer: Layer, cell: tuple[int, int], threshold_dbm: float
    ) -> Reception:
        slot = int(layer.server[cell])
        sector = self._state.squares.sectors[slot]
        assert sector is not None  # noqa: S101 - whoever is heard is there
        _, row, column, _ = self._state.squares.place[slot].tolist()
        code = int(layer.best[cell])
        level = _levels()[code]
        total = total_of(self._state, layer)[cell]
        away_m = hypot(row - cell[0], column - cell[1]) * self.grid.cell_m
        return Reception(
            operator=operator, technology=sector.technology, band=sector.band, arfcn=sector.arfcn, sector_id=sector.id,
            site_id=self._state.site_of[sector.id], distance_m=away_m, rsrp_dbm=level,
            sinr_db=float(self._ratio(layer, np.array([code], np.uint8), np.array([total]))[0]),
            chance=_phi((level - threshold_dbm) / self.sigma_db), extrapolated=away_m > REACH_M,
        )  # fmt: skip


def _levels() -> list[float]:
    return [float(one) for one in dbm(np.arange(256, dtype=np.uint8))]


def _phi(z: float) -> float:
    return 0.5 * (1 + erf(z / sqrt(2)))
