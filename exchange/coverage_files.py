"""Coverage as files: weak areas as GeoJSON, the predicted RSRP as GeoTIFF, all figures as an Excel workbook."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import orjson
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from rasterio.io import MemoryFile

from layers.coverage.model import Decibels, Grid

GEOJSON: Final = "application/geo+json"
TIFF: Final = "image/tiff"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST: Final = 48
Rows = Sequence[Sequence[Any]]


def geojson(features: Sequence[Mapping[str, Any]], about: Mapping[str, Any]) -> bytes:
    """Return a feature collection with what it is about (RFC 7946 allows further members)."""
    whole = {"type": "FeatureCollection", **about, "features": list(features)}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2)


def geotiff(rsrp_dbm: Decibels, grid: Grid, about: Mapping[str, str]) -> bytes:
    """Return a raster of dBm on its own metric grid; where nothing is heard there is no data."""
    high, wide = grid.shape
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", height=high, width=wide, count=1, dtype="float32", crs=grid.crs,
            transform=grid.transform, nodata=float("nan"), compress="deflate", predictor=3, tiled=True,
        ) as raster:  # fmt: skip
            raster.write(np.asarray(rsrp_dbm, dtype=np.float32), 1)
            raster.set_band_description(1, "RSRP dBm")
            raster.update_tags(**about)
        return bytes(memory.read())


def workbook(sheets: Mapping[str, tuple[Sequence[str], Rows]]) -> bytes:
    """Return a workbook: a sheet by its name, each with a head that stays, numbers as numbers."""
    book = Workbook()
    book.remove(book.active)
    for name, (head, rows) in sheets.items():
        sheet = book.create_sheet(name[:31])
        sheet.append(list(head))
        for row in rows:
            sheet.append([_cell(value) for value in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        for number, title in enumerate(head, 1):
            longest = max((len(str(row[number - 1])) for row in rows[:200]), default=0)
            wide = min(WIDEST, 2 + max(2 * len(title), longest))
            sheet.column_dimensions[get_column_letter(number)].width = wide
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(value: Any) -> Any:
    # A text that begins like a formula must stay a text.
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
        return f"'{value}"
    return value
