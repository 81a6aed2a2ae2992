"""Painted tiles kept: a little in memory, all of them in one MBTiles file per theme and county version."""

import sqlite3
import threading
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

from vocabulary.errors import Refused

MEMORY_TILES = 512
SCHEMA = (
    "CREATE TABLE IF NOT EXISTS metadata (name TEXT PRIMARY KEY, value TEXT)",
    "CREATE TABLE IF NOT EXISTS tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB, "
    "PRIMARY KEY (zoom_level, tile_column, tile_row)) WITHOUT ROWID",
)
Key = tuple[int, int, int]


class TileCache:
    """One MBTiles file with the newest tiles in memory; safe to use from several threads."""

    def __init__(self, file: Path, facts: dict[str, str]) -> None:
        """Open or make the file; a broken one is thrown away, for it can be painted again."""
        self._lock = threading.Lock()
        # Of its own: who only looks into the memory never waits for the disk.
        self._memory_lock = threading.Lock()
        self._file, self._closed = file, False
        self._memory: OrderedDict[Key, bytes] = OrderedDict()
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._base = _open(file, facts)
        except sqlite3.DatabaseError:
            file.unlink(missing_ok=True)
            self._base = _open(file, facts)

    def remembered(self, key: Key) -> bytes | None:
        """Return the tile if it is in memory (no disk, no waiting)."""
        with self._memory_lock:
            if key in self._memory:
                self._memory.move_to_end(key)
            return self._memory.get(key)

    def get(self, key: Key) -> bytes | None:
        """Return the tile from memory or disk, or None."""
        known = self.remembered(key)
        if known is not None:
            return known
        z, x, y = key
        query = (
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
        )
        with self._lock:
            if self._closed:
                return None
            row = self._base.execute(query, (z, x, _from_south(z, y))).fetchone()
        if row is None:
            return None
        self._remember(key, row[0])
        return bytes(row[0])

    def put(self, key: Key, tile: bytes) -> None:
        """Keep a tile; when the disk refuses, memory still has it."""
        self._remember(key, tile)
        with suppress(sqlite3.OperationalError):  # full or read-only disk: it is painted again
            self._insert(key, tile)

    def put_surely(self, key: Key, tile: bytes) -> None:
        """Keep a tile on disk; Refused when it does not take it."""
        try:
            self._insert(key, tile)
        except sqlite3.OperationalError as problem:
            raise Refused("county.disk", path=self._file, problem=problem) from problem

    def holds(self, key: Key) -> bool:
        """Say whether the tile is on disk."""
        z, x, y = key
        query = "SELECT 1 FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
        with self._lock:
            found = self._base.execute(query, (z, x, _from_south(z, y))).fetchone()
        return found is not None

    def _insert(self, key: Key, tile: bytes) -> None:
        z, x, y = key
        with self._lock:
            if not self._closed:
                self._base.execute(
                    "INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?)",
                    (z, x, _from_south(z, y), tile),
                )

    def count(self) -> int:
        """Return how many tiles are on disk."""
        with self._lock:
            count = self._base.execute("SELECT count(*) FROM tiles").fetchone()[0]
        return int(count)

    def close(self) -> None:
        """Close the file; whoever still asks gets what is in memory."""
        with self._lock:
            self._closed = True
            self._base.close()

    def _remember(self, key: Key, tile: bytes) -> None:
        with self._memory_lock:
            self._memory[key] = tile
            self._memory.move_to_end(key)
            while len(self._memory) > MEMORY_TILES:
                self._memory.popitem(last=False)


def _from_south(z: int, y: int) -> int:
    rows: int = 2**z
    return rows - 1 - y  # MBTiles counts rows from the south (TMS)


def _open(file: Path, facts: dict[str, str]) -> sqlite3.Connection:
    base = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=5.0)
    try:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = OFF")  # a cache: what a power cut takes is painted again
        for statement in SCHEMA:
            base.execute(statement)
        base.executemany("INSERT OR REPLACE INTO metadata VALUES (?, ?)", facts.items())
    except sqlite3.DatabaseError:
        base.close()
        raise
    return base
