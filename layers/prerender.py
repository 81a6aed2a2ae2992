"""Painting a county beforehand: every tile that touches it, by several painters, into one file that is whole or not there.

What is done lies in `.<file>.part` beside it, so that a stop loses nothing; a newer county or style starts anew.
"""

import asyncio
import math
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.importing.shapes import grow
from county.model import County
from layers import basemap
from layers.archive import SUFFIXES, MbTiles, write_pmtiles
from layers.painter_client import PainterClient
from layers.tile_cache import TileCache
from layers.tile_grid import FIRST_Z, LAST_Z, Key, facts_of
from vocabulary.errors import Refused

Numbers = NDArray[np.int64]
Degrees = NDArray[np.float64]
Progress = Callable[[int, int], None]
VEIL_M: Final = 2400.0  # how far beyond the edge there is still something to be seen


def tiles_touching(county: County, zooms: tuple[int, int]) -> list[Key]:
    """Return the tiles of the 512 px grid that show anything of the county at display zooms `zooms[0]` to `zooms[1]`."""
    first, last = zooms[0] - 1, zooms[1] - 1
    if not FIRST_Z <= first <= last <= LAST_Z:
        raise Refused("tiles.no_zooms", first=FIRST_Z + 1, last=LAST_Z + 1)
    shape = grow(county.boundary_wgs84, VEIL_M)
    shapely.prepare(shape)
    return [key for z in range(first, last + 1) for key in _touching(shape, z)]


async def prerender(
    county: County, theme: str, zooms: tuple[int, int], to: Path, *, workers: int, progress: Progress
) -> int:  # fmt: skip
    """Paint what is not painted yet, then put the file in place; returns how many tiles it holds."""
    if to.suffix not in SUFFIXES:
        raise Refused("tiles.archive_kind", file=to.name)
    keys = tiles_touching(county, zooms)
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(f".{to.name}.part")
    facts = {**facts_of(county, theme), "minzoom": str(keys[0][0]), "maxzoom": str(keys[-1][0])}
    _drop_if_other(part, facts)
    kept = TileCache(part, facts)
    try:
        missing = [key for key in keys if not kept.holds(key)]
        progress(len(keys) - len(missing), len(keys))
        with TemporaryDirectory() as folder:
            style = await asyncio.to_thread(basemap.prepare, county, theme, Path(folder))
            await _paint(
                theme, style, missing, kept, workers, lambda n: progress(len(keys) - n, len(keys))
            )
    finally:
        kept.close()
    await asyncio.to_thread(_finish, part, to, county)
    return len(keys)


async def _paint(
    theme: str, style: str, missing: list[Key], kept: TileCache, workers: int, left: Callable[[int], None]
) -> None:  # fmt: skip
    waiting, todo = iter(missing), len(missing)

    async def work() -> None:
        nonlocal todo, waiting
        painter = PainterClient()
        try:
            while (key := next(waiting, None)) is not None:
                tile = await painter.paint(theme, style, *key, 1)
                await asyncio.to_thread(kept.put_surely, key, tile)
                todo -= 1
                left(todo)
        finally:
            # One that fails ends all; a cancelled one would leave its process behind.
            waiting = iter(())
            await painter.stop()

    tasks = [asyncio.create_task(work()) for _ in range(min(workers, len(missing)))]
    try:
        await asyncio.gather(*tasks)
    finally:
        await asyncio.gather(*tasks, return_exceptions=True)


def _touching(shape: BaseGeometry, z: int) -> Iterator[Key]:
    west, south, east, north = shape.bounds
    (left, top), (right, bottom) = _tile_at(west, north, z), _tile_at(east, south, z)
    columns, rows = np.meshgrid(np.arange(left, right + 1), np.arange(top, bottom + 1))
    x, y = columns.ravel(), rows.ravel()
    boxes = shapely.box(_lon(x, z), _lat(y + 1, z), _lon(x + 1, z), _lat(y, z))
    for column, row in zip(
        *(each[shapely.intersects(shape, boxes)] for each in (x, y)), strict=True
    ):
        yield z, int(column), int(row)


def _tile_at(lon: float, lat: float, z: int) -> tuple[int, int]:
    northing = math.asinh(math.tan(math.radians(lat))) / math.pi
    return int((lon + 180) / 360 * 2**z), int((1 - northing) / 2 * 2**z)


def _lon(x: Numbers, z: int) -> Degrees:
    lon: Degrees = x.astype(np.float64) / 2**z * 360 - 180
    return lon


def _lat(y: Numbers, z: int) -> Degrees:
    lat: Degrees = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y.astype(np.float64) / 2**z))))
    return lat


def _drop_if_other(part: Path, facts: dict[str, str]) -> None:
    try:
        with closing(sqlite3.connect(f"{part.absolute().as_uri()}?mode=ro", uri=True)) as base:
            same = dict(base.execute("SELECT name, value FROM metadata"))
    except sqlite3.Error:
        same = {}
    if any(same.get(name) != facts[name] for name in ("county_version", "edition", "theme")):
        for left in (part, *part.parent.glob(f"{part.name}-*")):
            left.unlink(missing_ok=True)


def _finish(part: Path, to: Path, county: County) -> None:
    with closing(sqlite3.connect(part, isolation_level=None)) as base:
        base.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
    if to.suffix == ".mbtiles":
        part.replace(to)
        return
    tiles = MbTiles(part)
    try:
        write_pmtiles(tiles, county.box.as_tuple(), to)
    finally:
        tiles.close()
    part.unlink()
