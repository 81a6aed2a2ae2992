"""Reading an OpenStreetMap extract (.osm.pbf or .osm) through GDAL, or saying clearly why it cannot be read."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from county.importing.extract import osmconf
from vocabulary.errors import Refused

ENDINGS = (".osm.pbf", ".pbf", ".osm")
CONFIG = "OSM_CONFIG_FILE"


class Extract:
    """One OpenStreetMap file, read layer by layer; use inside `opened`."""

    def __init__(self, file: Path) -> None:
        """Remember the file; nothing is read yet."""
        self.file = file

    def read(
        self,
        layer: str,
        *,
        where: str | None = None,
        box: tuple[float, float, float, float] | None = None,
    ) -> gpd.GeoDataFrame:
        """Return the features of one layer that meet `where` and touch `box`; a damaged file is Refused."""
        try:
            frame = pyogrio.read_dataframe(self.file, layer=layer, where=where, bbox=box)
        except (DataSourceError, DataLayerError, FeatureError, RuntimeError, ValueError) as problem:
            raise Refused(
                "county.osm_unreadable", file=self.file.name, problem=_short(problem)
            ) from problem
        return frame[~(frame.geometry.isna() | frame.geometry.is_empty)].reset_index(drop=True)


@contextmanager
def opened(file: Path) -> Iterator[Extract]:
    """Give the extract with our column configuration in force, and put GDAL's own back afterwards."""
    check(file)
    with TemporaryDirectory(prefix="onenet-osm-") as folder:
        config = Path(folder) / "osmconf.ini"
        config.write_text(osmconf.text(), "utf-8")
        pyogrio.set_gdal_config_options({CONFIG: str(config), "OSM_USE_CUSTOM_INDEXING": "YES"})
        heard = _Heard()
        logger = logging.getLogger("pyogrio")
        logger.addHandler(heard)
        try:
            yield Extract(file)
            heard.complain(file)
        finally:
            logger.removeHandler(heard)
            pyogrio.set_gdal_config_options({CONFIG: None, "OSM_USE_CUSTOM_INDEXING": None})


def check(file: Path) -> None:
    """Refuse a file that is missing, empty, of another kind, or cut off in the middle."""
    if not file.is_file():
        raise Refused("county.file_missing", file=file)
    if not file.name.lower().endswith(ENDINGS):
        raise Refused("county.not_osm", file=file.name)
    if file.suffix == ".pbf":
        _check_blocks(file)


def _check_blocks(file: Path) -> None:
    # A PBF is a chain of (header length, header, block); GDAL quietly accepts one that stops in the middle of a block.
    size, at = file.stat().st_size, 0
    with file.open("rb") as stream:
        while at < size:
            length = int.from_bytes(stream.read(4), "big")
            header = stream.read(length) if 0 < length <= 64 * 1024 else b""
            block = _data_size(header)
            if at == 0 and b"OSMHeader" not in header:
                raise Refused("county.not_osm", file=file.name)
            at += 4 + length + (block or 0)
            if block is None or at > size:
                raise Refused("county.osm_cut_off", file=file.name, at=min(at, size), size=size)
            stream.seek(at)
    if size == 0:
        raise Refused("county.osm_cut_off", file=file.name, at=0, size=0)


def _data_size(header: bytes) -> int | None:
    # BlobHeader: field 3 (varint) is `datasize`, the last one osmosis, osmium and osmconvert write.
    at = 0
    while at < len(header):
        key, at = _varint(header, at)
        value, at = _varint(header, at)
        if key == 0x18:
            return value
        if key & 7 == 2:
            at += value
    return None


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 63:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return value, at


def _short(problem: BaseException) -> str:
    return str(problem).splitlines()[0][:200]


class _Heard(logging.Handler):
    """GDAL reports a broken block as a logged error and goes on with what it has; we do not go on."""

    def __init__(self) -> None:
        super().__init__(level=logging.ERROR)
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what GDAL said."""
        self.errors.append(record.getMessage())

    def complain(self, file: Path) -> None:
        """Refuse the file when GDAL reported a decoding error."""
        if self.errors:
            raise Refused("county.osm_unreadable", file=file.name, problem=self.errors[0][:200])


def text_column(frame: gpd.GeoDataFrame, column: str) -> np.ndarray:
    """Return a column as plain strings, empty where the tag is absent."""
    if column not in frame.columns:
        return np.full(len(frame), "", dtype=object)
    values: np.ndarray = frame[column].fillna("").astype(str).to_numpy(dtype=object)
    return values
