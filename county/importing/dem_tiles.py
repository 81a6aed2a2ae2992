"""One tile of terrain: an SRTM tile, a zip of such, or a GeoTIFF, as metres with voids, read only around the county."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.errors import RasterioError
from rasterio.warp import transform_bounds
from rasterio.windows import Window

from vocabulary.errors import Refused

WGS84: Final = CRS.from_epsg(4326)
LOWEST_M, HIGHEST_M = -500.0, 9000.0
HIGH_LAND_M = 50.0  # where all the rest is higher, exact zeros are an undeclared "no data"
MARGIN_CELLS = 3
# What a band's unit may be called, in metres; none declared is metres.
UNITS: Final = {
    "": 1.0, "m": 1.0, "metre": 1.0, "metres": 1.0, "meter": 1.0, "meters": 1.0, "mgl": 1.0, "米": 1.0, "dm": 0.1, "cm": 0.01,
    "mm": 0.001, "ft": 0.3048, "foot": 0.3048, "feet": 0.3048, "us-ft": 1200 / 3937, "us survey foot": 1200 / 3937,
}  # fmt: skip
TILE_NAME = re.compile(r"^[NS]\d{2}[EW]\d{3}$", re.IGNORECASE)

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Tile:
    """Heights in metres in the tile's own frame; NaN where it does not know."""

    name: str
    metres: NDArray[np.float32]
    transform: Affine
    crs: CRS

    @property
    def cell_deg(self) -> tuple[float, float]:
        """Return about how wide and high a cell is in degrees."""
        rows, columns = self.metres.shape
        west, south, east, north = transform_bounds(
            self.crs, WGS84, *rasterio.transform.array_bounds(rows, columns, self.transform)
        )
        return (east - west) / columns, (north - south) / rows


def read(files: Sequence[Path], wanted: Bounds) -> tuple[list[Tile], Bounds]:
    """Return the tiles of all files that touch `wanted` (WGS 84), and the extent of the first file, to tell where it lies."""
    tiles: list[Tile] = []
    extents: list[Bounds] = []
    for file in files:
        if not file.is_file():
            raise Refused("county.file_missing", file=file)
        for address in _addresses(file):
            with _opened(address, file) as source:
                extents.append(transform_bounds(source.crs, WGS84, *source.bounds))
                if _overlaps(extents[-1], wanted):
                    tiles.append(_read(source, file.name, wanted))
    return tiles, extents[0]


@contextmanager
def _opened(address: str, file: Path) -> Iterator[Any]:
    try:
        with rasterio.open(address) as source:
            if source.crs is None:
                raise Refused(
                    "county.dem_unreadable",
                    file=file.name,
                    problem="no coordinate reference system",
                )
            yield source
    except RasterioError as problem:
        raise Refused(
            "county.dem_unreadable", file=file.name, problem=str(problem)[:200]
        ) from problem


def _read(source: Any, name: str, wanted: Bounds) -> Tile:
    window = _window(source, transform_bounds(WGS84, source.crs, *wanted, densify_pts=41))
    unit = (source.units[0] or "").strip().lower()
    if unit not in UNITS:
        raise Refused("county.dem_unit", file=name, unit=source.units[0])
    raw = source.read(1, window=window, masked=True).astype(np.float32)
    values = raw.filled(np.nan) * np.float32(source.scales[0]) + np.float32(source.offsets[0])
    return Tile(
        name,
        _known(values * np.float32(UNITS[unit]), name),
        source.window_transform(window),
        source.crs,
    )


def _window(source: Any, there: Bounds) -> Window:
    rows, columns = zip(
        *(source.index(x, y, op=float) for x in there[::2] for y in there[1::2]), strict=True
    )
    top, left = (max(0, floor(min(each)) - MARGIN_CELLS) for each in (rows, columns))
    bottom = min(source.height, ceil(max(rows)) + MARGIN_CELLS)
    right = min(source.width, ceil(max(columns)) + MARGIN_CELLS)
    return Window(left, top, max(right - left, 1), max(bottom - top, 1))


def _known(metres: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    """Return the heights with NaN for what cannot be one; Refused where most are too high, for they are in another unit."""
    finite = np.isfinite(metres)
    too_high = finite & (metres >= HIGHEST_M) & (metres < 30 * HIGHEST_M)
    if finite.any() and too_high.sum() > finite.sum() / 2:
        raise Refused(
            "county.dem_too_high", file=name, highest=round(float(metres[too_high].max()))
        )
    known = finite & (metres > LOWEST_M) & (metres < HIGHEST_M)
    zero = known & (metres == 0)
    rest = metres[known & ~zero]
    if zero.any() and rest.size and np.percentile(rest, 0.1) > HIGH_LAND_M:
        known &= ~zero
    return np.where(known, metres, np.nan).astype(np.float32)


def _addresses(file: Path) -> list[str]:
    # GDAL knows an .hgt by its name and size only, so a wrong name is told in our words.
    if file.suffix.lower() != ".zip":
        _check_name(file, file)
        return [str(file)]
    try:
        with zipfile.ZipFile(file) as archive:
            inner = sorted(
                name
                for name in archive.namelist()
                if name.lower().endswith((".hgt", ".tif", ".tiff"))
            )
    except (zipfile.BadZipFile, OSError) as problem:
        raise Refused("county.dem_unreadable", file=file.name, problem=problem) from problem
    if not inner:
        raise Refused("county.dem_unreadable", file=file.name, problem="no .hgt or .tif in the zip")
    for name in inner:
        _check_name(Path(name), file)
    return [f"/vsizip/{file.resolve()}/{name}" for name in inner]


def _check_name(inner: Path, file: Path) -> None:
    if inner.suffix.lower() == ".hgt" and not TILE_NAME.match(inner.stem):
        raise Refused(
            "county.dem_unreadable",
            file=file.name,
            problem=f"{inner.name} is not called like N42E001.hgt",
        )


def _overlaps(one: Bounds, other: Bounds) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
