"""The ground: land cover, relief, water, buildings, edges, and the veil over what is not the county's."""

from layers.basemap_theme import Theme
from layers.basemap_xml import element, raster_layer, rule, style, vector_layer

LAST = 19
LAST_VEIL = 3  # the step of the outermost veil, which hides all
# Painted in three passes, for an index gives features in no order: what grows, what is built on it, what lies within that.
BUILT = ("residential", "commercial", "industrial")
WITHIN = ("park", "pitch", "campus", "cemetery")
PASSES = ("cover-growing", "cover-built", "cover-within")
# Relief fades as streets begin to matter: display zooms, how much of it stays, and how it is enlarged
# (smoothing costs 9 ms a tile, so it is done only where a pixel of relief is wider than one of the screen).
RELIEF_BY_ZOOM = (((5, 13), 1.0, "near"), ((14, 14), 0.75, "bilinear"), ((15, 15), 0.4, "bilinear"))


def styles(theme: Theme) -> list[str]:
    """Return the ground's styles."""
    return [
        _relief(),
        *_cover(theme),
        *_water(theme),
        _building(theme),
        _veil(theme),
        *_edges(theme),
    ]


def layers_below(file: str, relief: str | None) -> list[str]:
    """Return the layers that lie below the roads; `relief` is the theme's painted relief, None without terrain."""
    shade = [raster_layer("relief", relief, ["relief"], (5, 15))] if relief else []
    return [
        vector_layer("cover-far", file, "landcover_overview", PASSES, (7, 11)),
        vector_layer("cover", file, "landcover", PASSES, (12, LAST)),
        *shade,
        vector_layer("waterways", file, "waterways", ["waterway"], (9, LAST)),
        vector_layer("water-far", file, "water_overview", ["water"], (7, 11)),
        vector_layer("water", file, "water", ["water"], (12, LAST)),
        vector_layer("buildings", file, "buildings", ["building"], (14, LAST)),
    ]


def layers_above(file: str) -> list[str]:
    """Return the layers that lie over roads and below labels."""
    return [
        vector_layer("town-lines", file, "town_lines", ["town-line"], (9, LAST)),
        vector_layer("veil", file, "veil", ["veil"], (5, LAST)),
        vector_layer("edge", file, "boundary", ["edge-glow", "edge"], (5, LAST)),
    ]


def _relief() -> str:
    rules = [
        rule(
            element("RasterSymbolizer", scaling=scaling, opacity=opacity, premultiplied="true"),
            zooms,
        )
        for zooms, opacity, scaling in RELIEF_BY_ZOOM
    ]
    return style("relief", rules)


def _cover(theme: Theme) -> list[str]:
    rules: dict[str, list[str]] = {name: [] for name in PASSES}
    for kind, colour in theme.cover.items():
        first = 10 if kind in BUILT else 7
        first = 13 if kind in WITHIN else first
        name = PASSES[1 if kind in BUILT else 2 if kind in WITHIN else 0]
        fill = element(
            "PolygonSymbolizer", fill=colour, fill_opacity=theme.cover_opacity, gamma=0.75
        )
        rules[name].append(rule(fill, (first, LAST), f"[kind] = '{kind}'"))
    return [style(name, each) for name, each in rules.items()]


def _water(theme: Theme) -> list[str]:
    area = element("PolygonSymbolizer", fill=theme.water, gamma=0.8)
    edge = element("LineSymbolizer", stroke=theme.water_edge, stroke_width=0.7)
    widths = {
        "river": {9: 0.6, 10: 0.9, 11: 1.3, 12: 1.8, 13: 2.4, 14: 3.2, 15: 4.5, 16: 6.0, 17: 8.0},
        "canal": {11: 0.5, 12: 0.7, 13: 1.1, 14: 1.6, 15: 2.4, 16: 3.4, 17: 5.0},
        "stream": {12: 0.4, 13: 0.7, 14: 1.0, 15: 1.5, 16: 2.0, 17: 3.0},
        "dam": {14: 1.5, 15: 2.5, 16: 4.0},
    }
    lines = []
    for kind, by_zoom in widths.items():
        last = max(by_zoom)
        for zoom, width in by_zoom.items():
            colour = theme.building_edge if kind == "dam" else theme.water
            line = element(
                "LineSymbolizer",
                stroke=colour,
                stroke_width=width,
                stroke_linecap="round",
                stroke_linejoin="round",
            )
            lines.append(rule(line, (zoom, LAST if zoom == last else zoom), f"[kind] = '{kind}'"))
    return [
        style("water", [rule(area, (7, 12)), rule(area + edge, (13, LAST))]),
        style("waterway", lines),
    ]


def _building(theme: Theme) -> str:
    soft = element("PolygonSymbolizer", fill=theme.building, fill_opacity=0.6)
    fill = element("PolygonSymbolizer", fill=theme.building)
    edge = element("LineSymbolizer", stroke=theme.building_edge, stroke_width=0.6)
    return style("building", [rule(soft, (14, 14)), rule(fill + edge, (15, LAST))])


def _veil(theme: Theme) -> str:
    fill = element("PolygonSymbolizer", fill=theme.veil, fill_opacity=theme.veil_opacity)
    full = element("PolygonSymbolizer", fill=theme.veil)
    return style(
        "veil",
        [rule(fill, None, f"[step] < {LAST_VEIL}"), rule(full, None, f"[step] = {LAST_VEIL}")],
    )


def _edges(theme: Theme) -> list[str]:
    glow, edge = [], []
    for first, last, width in ((5, 8, 4.0), (9, 11, 7.0), (12, 14, 10.0), (15, LAST, 14.0)):
        for share, opacity in ((1.0, 0.10), (0.6, 0.13), (0.3, 0.18)):
            line = element(
                "LineSymbolizer",
                stroke=theme.boundary_glow,
                stroke_width=width * share,
                stroke_opacity=opacity,
                stroke_linejoin="round",
            )
            glow.append(rule(line, (first, last)))
    for first, last, width in ((5, 8, 0.8), (9, 11, 1.1), (12, 14, 1.5), (15, LAST, 1.9)):
        line = element(
            "LineSymbolizer",
            stroke=theme.boundary,
            stroke_width=width,
            stroke_linejoin="round",
            stroke_opacity=0.9,
        )
        edge.append(rule(line, (first, last)))
    towns = [
        rule(
            element(
                "LineSymbolizer",
                stroke=theme.town_line,
                stroke_width=width,
                stroke_dasharray="7,3,1.5,3",
                stroke_opacity=opacity,
                stroke_linejoin="round",
            ),
            zooms,
        )
        for zooms, width, opacity in (
            ((9, 10), 0.5, 0.5),
            ((11, 13), 0.8, 0.65),
            ((14, LAST), 1.1, 0.6),
        )
    ]
    return [style("edge-glow", glow), style("edge", edge), style("town-line", towns)]
