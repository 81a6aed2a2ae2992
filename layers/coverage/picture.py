"""From a raster of classes to pictures: laid out once in Web Mercator, then cut into tiles of nearest pixels, palette PNG."""

import struct
import zlib
from dataclasses import dataclass
from math import pi
from typing import Final

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.warp import Resampling, calculate_default_transform, reproject

TILE_PX: Final = 512
HALF_M: Final = pi * 6_378_137.0  # half of Web Mercator's world
MERCATOR: Final = CRS.from_epsg(3857)
FINER: Final = 2  # warped at half a pixel, so that edges of classes stand within a quarter of one
LEVEL: Final = 1
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
Codes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by code, as red, green, blue, alpha; code 0 is clear."""

    colours: tuple[tuple[int, int, int, int], ...]

    def chunks(self) -> bytes:
        """Return PNG's PLTE and tRNS."""
        table = np.array(self.colours, dtype=np.uint8)
        return _chunk(b"PLTE", table[:, :3].tobytes()) + _chunk(b"tRNS", table[:, 3].tobytes())


@dataclass(frozen=True, slots=True)
class Laid:
    """A raster of codes in Web Mercator: north up, `west_m` and `north_m` its corner, square pixels."""

    codes: Codes
    west_m: float
    north_m: float
    pixel_m: float

    def tile(self, z: int, x: int, y: int, size: int = TILE_PX) -> Codes:
        """Return the codes of one tile of a grid whose world at z=0 is one tile."""
        span = 2 * HALF_M / 2**z
        steps = (np.arange(size) + 0.5) * (span / size)
        columns = np.floor((x * span - HALF_M + steps - self.west_m) / self.pixel_m)
        rows = np.floor((self.north_m - (HALF_M - y * span - steps)) / self.pixel_m)
        return _picked(self.codes, rows.astype(np.int64), columns.astype(np.int64))

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north."""
        high, wide = self.codes.shape
        south, east = self.north_m - high * self.pixel_m, self.west_m + wide * self.pixel_m
        return self.west_m, south, east, self.north_m


def lay_out(codes: Codes, transform: Affine, crs: CRS) -> Laid:
    """Return a raster of the metric grid in Web Mercator."""
    high, wide = codes.shape
    west, north = transform @ (0, 0)
    east, south = transform @ (wide, high)
    usual, across, down = calculate_default_transform(
        crs, MERCATOR, wide, high, left=west, bottom=south, right=east, top=north
    )
    pixel = usual.a / FINER
    to = Affine(pixel, 0, usual.c, 0, -pixel, usual.f)
    laid = np.zeros((down * FINER, across * FINER), dtype=np.uint8)
    reproject(
        codes, laid, src_transform=transform, src_crs=crs, dst_transform=to, dst_crs=MERCATOR,
        resampling=Resampling.nearest,
    )  # fmt: skip
    return Laid(laid, to.c, to.f, pixel)


def _picked(codes: Codes, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Codes:
    high, wide = codes.shape
    out = np.zeros((len(rows), len(columns)), dtype=np.uint8)
    down, across = (rows >= 0) & (rows < high), (columns >= 0) & (columns < wide)
    if down.any() and across.any():
        block = codes[rows[down]][:, columns[across]]
        out[np.ix_(down, across)] = block
    return out


def png(codes: Codes, palette: Palette) -> bytes:
    """Return codes as a palette PNG of eight bits, rows unfiltered: classes are flat and deflate well as they are."""
    high, wide = codes.shape
    head = struct.pack(">IIBBBBB", wide, high, 8, 3, 0, 0, 0)
    rows = np.zeros((high, wide + 1), dtype=np.uint8)
    rows[:, 1:] = codes
    packed = zlib.compress(rows.tobytes(), LEVEL)
    parts = (_chunk(b"IHDR", head), palette.chunks(), _chunk(b"IDAT", packed), _chunk(b"IEND", b""))
    return SIGNATURE + b"".join(parts)


def _chunk(name: bytes, body: bytes) -> bytes:
    check = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)
