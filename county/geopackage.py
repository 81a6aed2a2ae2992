"""Layers of a GeoPackage as plain arrays: it is an SQLite file, and the console's start need not wait for table libraries.

OGC 12-128r19, 2.1.3: a geometry is "GP", a version, flags, the frame's number, an envelope by the flags, and WKB.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import quote

import numpy as np
import shapely
from numpy.typing import NDArray

MAGIC: Final = b"GP"
HEADER_BYTES: Final = 8
ENVELOPE_BYTES: Final = (0, 32, 48, 48, 64)  # by the flags' bits 1 to 3

Objects = NDArray[np.object_]


def read_columns(file: Path, layer: str, columns: Sequence[str]) -> tuple[Objects, list[Objects]]:
    """Return a layer's shapes in WGS 84 and the named columns; a layer the file lacks is empty.

    Raises ValueError where the file is no GeoPackage or lacks a column.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as link:
            rows = _rows(link, layer, columns)
    except sqlite3.Error as problem:
        raise ValueError(f"{file.name}: {problem}") from problem
    shapes = np.array(shapely.from_wkb([_wkb(row[0]) for row in rows]), dtype=object)
    return shapes, [_column(rows, number) for number in range(1, len(columns) + 1)]


def _rows(link: sqlite3.Connection, layer: str, columns: Sequence[str]) -> list[tuple[object, ...]]:
    found = link.execute(
        "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", (layer,)
    ).fetchone()
    if found is None:
        return []
    wanted = ", ".join(_quoted(name) for name in (str(found[0]), *columns))
    return link.execute(f"SELECT {wanted} FROM {_quoted(layer)}").fetchall()  # noqa: S608 - quoted names


def _column(rows: list[tuple[object, ...]], number: int) -> Objects:
    column = np.empty(len(rows), dtype=object)
    column[:] = [row[number] for row in rows]
    return column


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _wkb(blob: object) -> bytes | None:
    if blob is None:
        return None
    if not isinstance(blob, bytes) or blob[:2] != MAGIC:
        raise ValueError("a geometry is not in GeoPackage's form")
    envelope = blob[3] >> 1 & 0b111
    if envelope >= len(ENVELOPE_BYTES):
        raise ValueError("a geometry has an unknown envelope")
    return blob[HEADER_BYTES + ENVELOPE_BYTES[envelope] :]
