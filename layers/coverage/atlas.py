"""What people see of a coverage map: classes, figures, weak areas and tiles, each made once for a content and kept."""

import colorsys
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

import numpy as np
from rasterio.crs import CRS

from layers.coverage import picture, weakness
from layers.coverage.model import ALL, NOBODY, CoverageMap, Site, Technology, Which
from layers.coverage.picture import Laid, Palette
from layers.coverage.settlement import Settlement
from layers.coverage.signal_field import SignalField, signal_field
from layers.coverage.tables import customers
from layers.coverage.thresholds import OUTSIDE, SINR, Codes, Scales
from layers.coverage.weakness import Figures, WeakArea
from vocabulary.errors import Refused

QUANTITIES: Final = ("rsrp", "sinr", "server")
SERVERS: Final = 24
FIRST_Z, LAST_Z = 4, 18
PACKED: Final = 6  # of zlib
KEPT: Final = 64  # rasters and lists
TILES_KEPT: Final = 2048
CLASS_COLOURS: Final = ("#2c7bb6", "#8cc6e0", "#f6f1a9", "#fdae61", "#d7191c")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Layer:
    """One picture of the coverage: a quantity of the carriers meant."""

    quantity: str
    which: Which

    def __post_init__(self) -> None:
        """Refuse a quantity that is none."""
        if self.quantity not in QUANTITIES:
            raise Refused("radio.quantity", value=self.quantity, known=", ".join(QUANTITIES))


class Atlas:
    """Views of one map over one county's ground. Its methods work: call them beside the event loop."""

    def __init__(self, found: CoverageMap, under: Settlement, scales: Scales) -> None:
        """Take the map, what lies under it, and the thresholds."""
        self.map, self.under, self.scales = found, under, scales
        self._lock = threading.RLock()
        self._kept: OrderedDict[Any, Any] = OrderedDict()
        self._tiles: OrderedDict[Any, bytes] = OrderedDict()

    @property
    def version(self) -> str:
        """Return the content that is shown."""
        return self.map.version

    def change(self, sites: Sequence[Site], gone: Sequence[str]) -> None:
        """Let the map take other sites; whoever asks meanwhile waits, and gets the new values."""
        with self._lock:
            self.map.change(sites, gone)

    def locked(self, ask: Callable[[], T]) -> T:
        """Ask the map itself while nobody changes it."""
        with self._lock:
            return ask()

    @property
    def operators(self) -> tuple[str, ...]:
        """Return the operators that have customers here."""
        served: set[str] = set()
        for carrier in self.map.carriers():
            served |= customers(carrier)
        return tuple(sorted(served))

    def check(self, which: Which) -> Which:
        """Return what was asked where some carrier fits it; Refused where none does."""
        if not self.map.carriers(which):
            raise Refused(
                "radio.no_carrier", operator=which.operator or "*", band=which.band or "*",
                technology=which.technology.generation if which.technology else "*",
            )  # fmt: skip
        return which

    @property
    def classes(self) -> int:
        """Return how many classes a scale of signal has."""
        return len(self.scales["4G"].grades)

    def codes(self, layer: Layer) -> Codes:
        """Return a raster of classes, or of servers' colours."""
        return self._once(("codes", layer), lambda: self._made(layer))

    def _made(self, layer: Layer) -> Codes:
        which = self.check(layer.which)
        if layer.quantity == "rsrp":
            return weakness.classed(self.map, which, self.scales, self.under)
        if layer.quantity == "sinr":
            sinr = self.map.sinr_db(which)
            codes = self.scales[SINR].codes(sinr)
            codes[np.isnan(sinr) | ~self.under.inside] = OUTSIDE
            return codes
        servers = self.map.best_server(which)
        colours = (servers % SERVERS + 1).astype(np.uint8)
        colours[(servers == NOBODY) | ~self.under.inside] = OUTSIDE
        return colours

    def figures(self, which: Which) -> list[Figures]:
        """Return the county's figures, then each town's."""
        return self._once(("figures", which), lambda: self._figures(which))

    def _figures(self, which: Which) -> list[Figures]:
        codes, first = self.codes(Layer("rsrp", which)), weakness.weak_from(self.scales, which)
        return weakness.figures(codes, self.under, self.classes, first)

    def weak_areas(self, which: Which) -> list[WeakArea]:
        """Return the weak areas, those with most people first."""
        return self._once(("weak", which), lambda: self._weak(which))

    def _weak(self, which: Which) -> list[WeakArea]:
        codes, first = self.codes(Layer("rsrp", which)), weakness.weak_from(self.scales, which)
        return weakness.weak_areas(codes, self.under, self.classes, first)

    def signal(self) -> SignalField:
        """Return how each cell is covered by whichever network is best there."""
        return self._once(("signal",), self._signal)

    def _signal(self) -> SignalField:
        # Where no carrier is left at all, all is a hole: that is an answer, not a wrong question.
        classes = weakness.classed(self.map, ALL, self.scales, self.under)
        first = weakness.weak_from(self.scales, ALL)
        return signal_field(self.under.grid, classes, self.classes, first)

    def signal_laid(self) -> Laid:
        """Return that in Web Mercator, for those who look places up themselves."""
        grid = self.under.grid
        return self._once(
            ("signal laid",),
            lambda: picture.lay_out(self.signal().codes, grid.transform, CRS.from_string(grid.crs)),
        )

    def signal_packed(self) -> bytes:
        """Return its bytes row by row, deflated: made once, however many screens ask."""
        return self._once(
            ("signal packed",), lambda: zlib.compress(self.signal_laid().codes.tobytes(), PACKED)
        )

    def laid(self, layer: Layer) -> Laid:
        """Return a layer in Web Mercator."""
        grid = self.under.grid
        return self._once(
            ("laid", layer),
            lambda: picture.lay_out(self.codes(layer), grid.transform, CRS.from_string(grid.crs)),
        )

    def tile(self, layer: Layer, z: int, x: int, y: int) -> bytes:
        """Return a tile of 512 px as PNG; Refused where there is none."""
        edge = 2**z - 1 if FIRST_Z <= z <= LAST_Z else -1
        if not (0 <= x <= edge and 0 <= y <= edge):
            most = 2**LAST_Z - 1 if edge < 0 else edge
            raise Refused("radio.no_tile", z=z, x=x, y=y, first=FIRST_Z, last=LAST_Z, edge=most)
        key = (self.version, layer, z, x, y)
        with self._lock:
            known = self._tiles.get(key)
        if known is None:
            known = picture.png(self.laid(layer).tile(z, x, y), palette(layer.quantity))
            with self._lock:
                self._tiles[key] = known
                while len(self._tiles) > TILES_KEPT:
                    self._tiles.popitem(last=False)
        return known

    def _once(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        whole = (self.version, *key)
        with self._lock:  # whoever asks for the same meanwhile waits for one making of it
            if whole not in self._kept:
                self._kept[whole] = make()
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(whole)
            return cast("T", self._kept[whole])


def which_of(operator: str | None, technology: str | None, band: str | None) -> Which:
    """Return which carriers are meant by words: `all` and nothing mean every one."""
    named = {"4G": Technology.LTE, "5G": Technology.NR}
    if technology not in (None, "", "all", *named):
        raise Refused("radio.quantity", value=technology, known=", ".join([*named, "all"]))
    return Which(
        operator=operator if operator not in ("", "all") else None,
        technology=named.get(technology or ""),
        band=band if band not in ("", "all") else None,
    )


def palette(quantity: str) -> Palette:
    """Return the colours of a quantity: classes from blue to red, servers by as many hues as can be told apart."""
    if quantity != "server":
        return Palette(((0, 0, 0, 0), *(_rgba(colour) for colour in CLASS_COLOURS)))
    return Palette(((0, 0, 0, 0), *(_hue(number) for number in range(SERVERS))))


def _rgba(colour: str) -> tuple[int, int, int, int]:
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue, 255


def _hue(number: int) -> tuple[int, int, int, int]:
    light = (0.42, 0.58, 0.72)[number % 3]
    red, green, blue = colorsys.hls_to_rgb(number * 0.381966 % 1.0, light, 0.62)
    return round(255 * red), round(255 * green), round(255 * blue), 255
