"""Tiles painted beforehand in one file: MBTiles or PMTiles, read only, for one theme of one county."""

import mmap
import sqlite3
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Protocol

from pmtiles.reader import Reader
from pmtiles.tile import (
    Compression,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TileType,
    deserialize_directory,
    zxy_to_tileid,
)
from pmtiles.writer import Writer

from vocabulary.errors import Refused

SUFFIXES: Final = (".pmtiles", ".mbtiles")
UNREADABLE: Final = (
    OSError, EOFError, ValueError, KeyError, IndexError, zlib.error, sqlite3.Error, MagicNumberNotFound, SpecVersionUnsupported,
)  # fmt: skip
Key = tuple[int, int, int]
Facts = dict[str, str]


class Archive(Protocol):
    """One file of tiles."""

    facts: Facts

    def get(self, key: Key) -> bytes | None:
        """Return the tile z, x, y of the 512 px grid, or None; from any thread."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


def open_archive(file: Path) -> Archive:
    """Return the file opened; Refused where it is neither MBTiles nor PMTiles, or broken."""
    if file.suffix not in SUFFIXES:
        raise Refused("tiles.archive_kind", file=file.name)
    try:
        return PmTiles(file) if file.suffix == ".pmtiles" else MbTiles(file)
    except UNREADABLE as problem:
        raise Refused("tiles.archive_broken", file=file.name, problem=problem) from problem


class MbTiles:
    """An SQLite file by MBTiles 1.3."""

    def __init__(self, file: Path) -> None:
        address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        self._base = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        try:
            self.facts: Facts = dict(self._base.execute("SELECT name, value FROM metadata"))
        except sqlite3.Error:
            self._base.close()
            raise

    def get(self, key: Key) -> bytes | None:
        """Return a tile, or None."""
        z, x, y = key
        query = (
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
        )
        with self._lock:
            row = self._base.execute(query, (z, x, 2**z - 1 - y)).fetchone()
        return None if row is None else bytes(row[0])

    def keys(self) -> list[Key]:
        """Return which tiles there are."""
        rows = self._base.execute("SELECT zoom_level, tile_column, tile_row FROM tiles")
        return [(z, x, 2**z - 1 - y) for z, x, y in rows]

    def close(self) -> None:
        """Close the file."""
        self._base.close()


class PmTiles:
    """A PMTiles 3 file; its directory is read once, for the library's own look-up reads it for every tile."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._map = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        reader = Reader(lambda offset, length: self._map[offset : offset + length])
        self._header = reader.header()
        self.facts: Facts = {name: str(value) for name, value in reader.metadata().items()}
        root = self._header["root_offset"], self._header["root_length"]
        self._entries = {number: where for number, *where in self._walk(*root)}

    def get(self, key: Key) -> bytes | None:
        """Return a tile, or None."""
        where = self._entries.get(zxy_to_tileid(*key))
        if where is None:
            return None
        first = self._header["tile_data_offset"] + where[0]
        return self._map[first : first + where[1]]

    def close(self) -> None:
        """Close the file."""
        self._map.close()

    def _walk(self, offset: int, length: int) -> Iterator[tuple[int, int, int]]:
        for entry in deserialize_directory(self._map[offset : offset + length]):
            if entry.run_length:
                for step in range(entry.run_length):
                    yield entry.tile_id + step, entry.offset, entry.length
            else:
                leaves = self._header["leaf_directory_offset"]
                yield from self._walk(leaves + entry.offset, entry.length)


def write_pmtiles(tiles: MbTiles, box: tuple[float, float, float, float], to: Path) -> None:
    """Write all tiles of an MBTiles file as PMTiles; `to` is there only when it is whole."""
    keys = tiles.keys()
    unfinished = to.with_name(f".{to.name}.unfinished")
    with unfinished.open("wb") as opened:
        writer = Writer(opened)
        for number, key in sorted((zxy_to_tileid(*key), key) for key in keys):
            writer.write_tile(number, tiles.get(key))
        writer.finalize(_header(box, [key[0] for key in keys]), dict(tiles.facts))
    unfinished.replace(to)


def _header(box: tuple[float, float, float, float], zooms: list[int]) -> dict[str, Any]:
    west, south, east, north = (round(edge * 10_000_000) for edge in box)
    return {
        "tile_type": TileType.WEBP, "tile_compression": Compression.NONE, "min_lon_e7": west, "min_lat_e7": south,
        "max_lon_e7": east, "max_lat_e7": north, "center_zoom": min(zooms), "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }  # fmt: skip
