"""Words of Mapnik's XML: elements, rules with a zoom range, layers with a data source."""

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape, quoteattr

SCALE_AT_ZOOM_0: Final = 559_082_264.028  # one 256 px tile holds the world
HALF_STEP: Final = 2**0.5
FONT: Final = "Noto Sans SC Regular"
WGS84: Final = "epsg:4326"
MERCATOR: Final = "epsg:3857"
# How far over a tile's edge a layer is looked at: as far as its widest line, glow or smoothed pixel reaches in.
SHAPES_BUFFER_PX: Final = 32
RASTER_BUFFER_PX: Final = 16


def element(tag: str, text: str = "", /, **attributes: object) -> str:
    """Return one XML element; `stroke_width=2` becomes stroke-width="2", None is left out."""
    said = (
        f" {key.replace('_', '-')}={quoteattr(_said(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    head = f"<{tag}{''.join(said)}"
    return f"{head}>{text}</{tag}>" if text else f"{head}/>"


def rule(
    symbols: str | Iterable[str], zooms: tuple[int, int] | None = None, where: str = ""
) -> str:
    """Return a rule that draws `symbols` at display zooms first..last for the features that meet `where`."""
    body = symbols if isinstance(symbols, str) else "".join(symbols)
    limits = ""
    if zooms is not None:
        first, last = zooms
        limits = element("MaxScaleDenominator", f"{SCALE_AT_ZOOM_0 / 2**first * HALF_STEP:.0f}")
        limits += element("MinScaleDenominator", f"{SCALE_AT_ZOOM_0 / 2**last / HALF_STEP:.0f}")
    condition = element("Filter", escape(where)) if where else ""
    return f"<Rule>{limits}{condition}{body}</Rule>"


def style(name: str, rules: Iterable[str], **attributes: object) -> str:
    """Return a named style."""
    return element("Style", "".join(rules) or "<Rule/>", name=name, **attributes)


def vector_layer(
    name: str, file: str, table: str, styles: Iterable[str], zooms: tuple[int, int]
) -> str:
    """Return a layer of shapes over one table of a GeoPackage: nothing of it reaches far over a tile's edge."""
    return _table_layer(name, file, table, styles, zooms, buffer_size=SHAPES_BUFFER_PX)


def words_layer(
    name: str, file: str, table: str, styles: Iterable[str], zooms: tuple[int, int]
) -> str:
    """Return a layer of words or marks over one table of a GeoPackage: placed with the whole map's margin around a tile."""
    return _table_layer(name, file, table, styles, zooms)


def raster_layer(name: str, file: str, styles: Iterable[str], zooms: tuple[int, int]) -> str:
    """Return a layer over a coloured GeoTIFF in Web Mercator."""
    source = {"type": "gdal", "file": file}
    return _layer(name, source, styles, zooms, srs=MERCATOR, buffer_size=RASTER_BUFFER_PX)


def _table_layer(
    name: str, file: str, table: str, styles: Iterable[str], zooms: tuple[int, int], **edge: object
) -> str:
    source = {"type": "ogr", "file": file, "layer": table}
    return _layer(name, source, styles, zooms, srs=WGS84, cache_features="true", **edge)


def _layer(
    name: str,
    source: dict[str, object] | dict[str, str],
    styles: Iterable[str],
    zooms: tuple[int, int],
    **attributes: object,
) -> str:
    first, last = zooms
    body = "".join(element("StyleName", each) for each in styles)
    body += element(
        "Datasource",
        "".join(
            element("Parameter", escape(str(value)), name=key) for key, value in source.items()
        ),
    )
    return element(
        "Layer", body, name=name,
        maximum_scale_denominator=f"{SCALE_AT_ZOOM_0 / 2**first * HALF_STEP:.0f}",
        minimum_scale_denominator=f"{SCALE_AT_ZOOM_0 / 2**last / HALF_STEP:.0f}",
        **attributes,
    )  # fmt: skip


def _said(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
