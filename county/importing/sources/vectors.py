"""Reading GeoPackage, shapefile and GeoJSON through GDAL, with the frame they declare, or saying why they cannot be read."""

import json
import re
import shutil
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import geopandas as gpd
import pyogrio
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError

from county.importing.sources import encodings
from vocabulary.errors import Refused

UNREADABLE: Final = (
    DataSourceError, DataLayerError, FeatureError, CRSError, RuntimeError, ValueError, OSError, zipfile.BadZipFile, zlib.error,
    EOFError,
)  # fmt: skip
# RFC 7946 has no `crs` member; those that have one were written on purpose.
CRS_MEMBER: Final = re.compile(rb'"crs"\s*:\s*\{')
HEAD_BYTES: Final = 65_536
MOST_UNPACKED: Final = 4 * 2**30  # of one part: the format itself ends there
PARTS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def layers_of(file: Path) -> list[str]:
    """Return the layers of a GeoPackage that has rows with shapes; Refused when it is none."""
    try:
        found = pyogrio.list_layers(file)
    except UNREADABLE as problem:
        raise _unreadable(file, problem) from problem
    return [str(name) for name, geometry in found if geometry is not None]


def names_in(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return each member of a zip under its readable name: Chinese Windows writes GBK and does not say so."""
    names = {}
    for member in archive.infolist():
        said_utf8 = member.flag_bits & 0x800
        name = member.filename if said_utf8 else _reread(member.filename)
        if not member.is_dir() and "__MACOSX" not in name:
            names[member.filename] = name
    return names


def _reread(name: str) -> str:
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in (encodings.UTF8, encodings.GB):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def read(file: Path, layer: str | None) -> gpd.GeoDataFrame:
    """Return the rows of one layer in the file's own frame; `crs` is None where the file does not declare one."""
    try:
        if file.suffix.lower() == ".zip":
            with _unpacked(file, layer) as shape:
                return _shapefile(shape, file.name)
        if file.suffix.lower() == ".shp":
            return _shapefile(file, file.name)
        if file.suffix.lower() == ".gpkg":
            return _rows(file, layer=layer)
        return _geojson(file)
    except UNREADABLE as problem:
        raise _unreadable(file, problem) from problem


def _rows(file: Path, **how: str | None) -> gpd.GeoDataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # GDAL mends an open ring and tells of it
        frame = pyogrio.read_dataframe(file, **how)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise ValueError("no geometry")  # noqa: TRY004 - told as what is wrong with the file
    return frame


def _geojson(file: Path) -> gpd.GeoDataFrame:
    data = file.read_bytes()
    text, encoding = encodings.decoded(data, file.name)
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise Refused("county.json_broken", file=file.name, problem=problem) from problem
    if not isinstance(parsed, dict) or "type" not in parsed:
        raise Refused("county.not_geojson", file=file.name)
    if parsed.get("type") == "FeatureCollection" and not parsed.get("features"):
        raise Refused("county.no_rows", file=file.name)
    declares = bool(CRS_MEMBER.search(data[:HEAD_BYTES]) or CRS_MEMBER.search(data[-HEAD_BYTES:]))
    if encoding == encodings.UTF8:
        frame = _rows(file)
    else:
        with TemporaryDirectory(prefix="onenet-json-") as folder:
            again = Path(folder) / "again.geojson"
            again.write_text(text, "utf-8")
            frame = _rows(again)
    return frame if declares else frame.set_crs(None, allow_override=True)


def _shapefile(shape: Path, told: str) -> gpd.GeoDataFrame:
    table, letters = _beside(shape, ".dbf"), _beside(shape, ".cpg")
    if table is None or _beside(shape, ".shx") is None:
        raise Refused("county.shapefile_incomplete", file=told, parts=".shp, .shx, .dbf")
    declared = letters.read_text("ascii", errors="ignore").strip() if letters else None
    encoding = encodings.of_dbf(table.read_bytes(), declared or None, told)
    return _rows(shape, encoding=encoding)


def _beside(shape: Path, ending: str) -> Path | None:
    """Return the part of a shapefile with this ending, however its letters are cased."""
    parts = (shape.with_suffix(each) for each in (ending, ending.upper()))
    return next((part for part in parts if part.is_file()), None)


@contextmanager
def _unpacked(file: Path, layer: str | None) -> Iterator[Path]:
    """Unpack one shapefile of a zip under names of our own: GDAL stumbles over GBK ones."""
    with TemporaryDirectory(prefix="onenet-shp-") as folder, zipfile.ZipFile(file) as archive:
        for member, name in names_in(archive).items():
            path = Path(name.replace("\\", "/"))
            if path.stem == layer and path.suffix.lower() in PARTS:
                if archive.getinfo(member).file_size > MOST_UNPACKED:
                    raise ValueError(f"{path.name} is larger than 4 GB")
                part = Path(folder) / f"layer{path.suffix.lower()}"
                if part.exists():
                    raise ValueError(f"{path.name} stands in it twice")
                with archive.open(member) as packed, part.open("wb") as opened:
                    shutil.copyfileobj(packed, opened)
        yield Path(folder) / "layer.shp"


def _unreadable(file: Path, problem: BaseException) -> Refused:
    lines = str(problem).splitlines() or [type(problem).__name__]
    return Refused("county.file_unreadable", file=file.name, problem=lines[0][:200])
