"""Roads and railways: a hierarchy of widths that grows with the zoom, casings, tunnels under and bridges over."""

from typing import Final

from layers.basemap_theme import Theme
from layers.basemap_xml import element, rule, style, vector_layer

LAST: Final = 19
FIRST_DETAIL: Final = 12  # below it the joined overview of main roads is drawn
# Width in pixels of the road's surface at each display zoom; a class is drawn from its first zoom on.
WIDTHS: Final = {
    "path": {15: 0.8, 16: 1.2, 17: 1.6, 18: 2.2},
    "track": {14: 0.8, 15: 1.2, 16: 1.6, 17: 2.2, 18: 3.0},
    "service": {14: 0.9, 15: 1.7, 16: 3.0, 17: 5.0, 18: 8.0},
    "pedestrian": {14: 1.2, 15: 2.4, 16: 4.0, 17: 6.5, 18: 10.0},
    "residential": {12: 0.6, 13: 1.0, 14: 1.8, 15: 3.4, 16: 5.4, 17: 8.5, 18: 13.0},
    "tertiary": {10: 0.5, 11: 0.8, 12: 1.3, 13: 2.0, 14: 3.2, 15: 5.0, 16: 7.6, 17: 11.0, 18: 15.5},
    "secondary": {9: 0.7, 10: 1.0, 11: 1.4, 12: 1.9, 13: 2.8, 14: 4.1, 15: 6.2, 16: 9.0, 17: 12.5, 18: 17.0},
    "primary": {7: 0.6, 8: 0.8, 9: 1.1, 10: 1.5, 11: 2.0, 12: 2.6, 13: 3.6, 14: 5.0, 15: 7.2, 16: 10.2, 17: 14.0, 18: 18.5},
    "trunk": {6: 0.6, 7: 0.8, 8: 1.0, 9: 1.3, 10: 1.8, 11: 2.3, 12: 3.0, 13: 4.0, 14: 5.4, 15: 7.8, 16: 10.8, 17: 14.5, 18: 19.0},
    "motorway": {6: 0.7, 7: 0.9, 8: 1.2, 9: 1.5, 10: 2.0, 11: 2.6, 12: 3.3, 13: 4.3, 14: 5.8, 15: 8.2, 16: 11.4, 17: 15, 18: 20},
}  # fmt: skip
LINK_SHARE: Final = 0.7
CASED_FROM: Final = {
    "motorway": 10,
    "trunk": 10,
    "primary": 10,
    "secondary": 11,
    "tertiary": 12,
    "residential": 14,
    "pedestrian": 15,
    "service": 16,
}
DASHES: Final = {"track": "5,3", "path": "2,2"}


# One pass a class, small roads first: a spatial index gives features in no order, and a lane must not lie on a highway.
PASSES: Final = tuple(WIDTHS)


def styles(theme: Theme) -> list[str]:
    """Return the styles of roads and railways."""
    made = []
    for name in PASSES:
        made += [
            style(
                f"tunnel-{name}", _fills(theme, name, "[tunnel]", tunnel=True), filter_mode="first"
            ),
            style(f"casing-{name}", _casings(theme, name, "not [tunnel]"), filter_mode="first"),
            style(f"fill-{name}", _fills(theme, name, "not [tunnel]"), filter_mode="first"),
            style(
                f"bridge-casing-{name}",
                _casings(theme, name, "[bridge]", bridge=True),
                filter_mode="first",
            ),
            style(f"bridge-fill-{name}", _fills(theme, name, "[bridge]"), filter_mode="first"),
            style(
                f"far-casing-{name}",
                _casings(theme, name, "not [tunnel]", far=True),
                filter_mode="first",
            ),
            style(
                f"far-fill-{name}",
                _fills(theme, name, "not [tunnel]", far=True),
                filter_mode="first",
            ),
        ]
    return [*made, *_rail(theme)]


def layers(file: str) -> list[str]:
    """Return the layers of roads and railways, lowest first."""
    return [
        vector_layer(
            "roads-far",
            file,
            "roads_overview",
            _passes("far-casing", "far-fill", far=True),
            (6, FIRST_DETAIL - 1),
        ),
        vector_layer(
            "roads", file, "roads", _passes("tunnel", "casing", "fill"), (FIRST_DETAIL, LAST)
        ),
        vector_layer("railways", file, "railways", ["rail", "rail-gap"], (9, LAST)),
        vector_layer("bridges", file, "roads", _passes("bridge-casing", "bridge-fill"), (13, LAST)),
    ]


def _passes(*kinds: str, far: bool = False) -> list[str]:
    drawn = [name for name in PASSES if not far or min(WIDTHS[name]) < FIRST_DETAIL]
    return [
        f"{kind}-{name}"
        for kind in kinds
        for name in drawn
        if "casing" not in kind or name in CASED_FROM
    ]


def _spans(name: str, far: bool) -> list[tuple[tuple[int, int], float]]:
    by_zoom = WIDTHS[name]
    last = max(by_zoom)
    spans = [((zoom, LAST if zoom == last else zoom), width) for zoom, width in by_zoom.items()]
    return [(zooms, width) for zooms, width in spans if (zooms[0] < FIRST_DETAIL) == far]


def _sized(width: float, far: bool) -> list[tuple[float, str]]:
    # The overview holds no slip roads.
    return (
        [(width, "")] if far else [(width, " and not [link]"), (width * LINK_SHARE, " and [link]")]
    )


def _fills(
    theme: Theme, name: str, where: str, *, tunnel: bool = False, far: bool = False
) -> list[str]:
    rules = []
    for zooms, width in _spans(name, far):
        for size, link in _sized(width, far):
            line = element(
                "LineSymbolizer", stroke=theme.road[name], stroke_width=size, stroke_linejoin="round",
                stroke_linecap="butt" if name in DASHES or tunnel else "round", stroke_dasharray=DASHES.get(name),
                stroke_opacity=0.4 if tunnel else None,
            )  # fmt: skip
            rules.append(rule(line, zooms, f"[class] = '{name}' and {where}{link}"))
    return rules


def _casings(
    theme: Theme, name: str, where: str, *, bridge: bool = False, far: bool = False
) -> list[str]:
    rules = []
    for zooms, width in _spans(name, far):
        if zooms[0] < CASED_FROM.get(name, LAST + 1):
            continue
        edge = 1.0 if zooms[0] < 13 else 1.4 if zooms[0] < 16 else 2.0
        for size, link in _sized(width, far):
            line = element(
                "LineSymbolizer", stroke=theme.casing[name], stroke_width=size + edge + (1.2 if bridge else 0.0),
                stroke_linejoin="round", stroke_linecap="butt" if bridge else "round",
            )  # fmt: skip
            rules.append(rule(line, zooms, f"[class] = '{name}' and {where}{link}"))
    return rules


def _rail(theme: Theme) -> list[str]:
    solid = [
        rule(
            element(
                "LineSymbolizer", stroke=theme.rail, stroke_width=width, stroke_linejoin="round"
            ),
            zooms,
            "[kind] = 'rail'",
        )
        for zooms, width in (((9, 11), 0.8), ((12, 13), 1.5), ((14, 15), 2.4), ((16, LAST), 3.4))
    ]
    gaps = [
        rule(
            element(
                "LineSymbolizer", stroke=theme.rail_gap, stroke_width=width, stroke_dasharray=dash
            ),
            zooms,
            "[kind] = 'rail'",
        )
        for zooms, width, dash in (
            ((12, 13), 0.8, "6,6"),
            ((14, 15), 1.4, "8,8"),
            ((16, LAST), 2.0, "11,11"),
        )
    ]
    return [style("rail", solid), style("rail-gap", gaps)]
