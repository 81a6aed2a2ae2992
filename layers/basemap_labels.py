"""Words on the map: places by size, road names along their lines, road numbers, water names, marks of public places."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from layers.basemap_icons import MARKS, SHIELD_CLASSES, SHIELD_LETTERS
from layers.basemap_theme import Theme
from layers.basemap_xml import FONT, element, rule, style, words_layer

LAST: Final = 19
# (kind, zooms, size in px, strong): what a place is called like at each scale.
PLACES: Final = (
    ("city", (7, 8), 13.0, True), ("city", (9, 10), 15.5, True), ("city", (11, 12), 18.0, True), ("city", (13, 14), 20.0, True),
    ("town", (9, 9), 10.5, True), ("town", (10, 11), 12.5, True), ("town", (12, 13), 14.5, True), ("town", (14, 15), 16.5, True),
    ("suburb", (13, 14), 12.5, False), ("suburb", (15, 16), 14.0, False),
    ("village", (12, 12), 10.5, False), ("village", (13, 14), 11.5, False), ("village", (15, 17), 13.5, False),
    ("hamlet", (13, 13), 9.5, False), ("hamlet", (14, 15), 10.5, False), ("hamlet", (16, 18), 12.5, False),
    ("locality", (15, 17), 11.0, False),
)  # fmt: skip
DOTTED_UNTIL: Final = {"city": 11, "town": 11, "village": 12}
ROAD_NAMES: Final = (
    (
        ("motorway", "trunk", "primary"),
        ((12, 12), 9.5),
        ((13, 13), 10.0),
        ((14, 15), 11.0),
        ((16, LAST), 13.0),
    ),
    (("secondary",), ((13, 13), 9.5), ((14, 15), 10.5), ((16, LAST), 12.5)),
    (("tertiary",), ((14, 14), 9.5), ((15, 15), 10.5), ((16, LAST), 12.0)),
    (("residential", "pedestrian"), ((15, 15), 9.5), ((16, 16), 10.5), ((17, LAST), 12.0)),
    (("service", "track", "path"), ((17, LAST), 10.5)),
)


def styles(theme: Theme, icons: Path) -> list[str]:
    """Return the styles of all words and marks."""
    return [
        _county(theme),
        _places(theme, ("city", "town", "suburb"), "place"),
        _places(theme, ("village", "hamlet", "locality"), "village"),
        _dots(theme),
        _road_names(theme),
        _shields(theme, icons),
        _water_names(theme),
        _river_names(theme),
        _marks(icons),
        _mark_names(theme),
    ]


def layers(file: str) -> list[str]:
    """Return the label layers; the earlier one takes the room.

    Places and marks come first: with the margin around a tile, both tiles at an edge decide alike about them. What follows
    (along lines, under marks) depends on them and on its line's length, so it keeps off the edges and is never cut in two.
    """
    return [
        words_layer("county-name", file, "boundary", ["county-name"], (5, 8)),
        words_layer("place-names", file, "places", ["dot", "place"], (7, LAST)),
        words_layer("villages", file, "places", ["village"], (11, LAST)),
        words_layer("marks", file, "pois", ["mark"], (13, LAST)),
        words_layer("road-numbers", file, "roads_overview", ["shield"], (9, 11)),
        words_layer("road-numbers-near", file, "roads", ["shield"], (12, 17)),
        words_layer("road-names", file, "roads", ["road-name"], (12, LAST)),
        words_layer("water-names", file, "water", ["water-name"], (11, LAST)),
        words_layer("river-names", file, "waterways", ["river-name"], (10, LAST)),
        words_layer("mark-names", file, "pois", ["mark-name"], (13, LAST)),
    ]


def _text(
    expression: str, *, size: float, fill: str, halo: str, radius: float = 1.5, **attributes: object
) -> str:
    return element(
        "TextSymbolizer", expression, face_name=FONT, size=size, fill=fill, halo_fill=halo, halo_radius=radius,
        halo_rasterizer="full", **attributes,
    )  # fmt: skip


def _county(theme: Theme) -> str:
    text = _text("[name]", size=17, fill=theme.text_strong, halo=theme.halo, character_spacing=3)
    return style("county-name", [rule(text, (5, 8))])


def _places(theme: Theme, kinds: Iterable[str], name: str) -> str:
    rules = []
    for kind, zooms, size, strong in PLACES:
        if kind not in kinds:
            continue
        dotted = zooms[0] <= DOTTED_UNTIL.get(kind, 0)
        around: dict[str, Any] = (
            # Clear of its own dot, which has its place already, so that no name lies on another's.
            {"placement_type": "simple", "placements": "N,E,S,W", "dy": 8, "dx": 8, "margin": 2}
            if dotted
            else {"margin": 4}
        )
        text = _text(
            "[name]", size=size, fill=theme.text_strong if strong else theme.text, halo=theme.halo, radius=1.8,
            wrap_width=120, character_spacing=0.6 if strong else 0.2, **around,
        )  # fmt: skip
        rules.append(rule(text, zooms, f"[kind] = '{kind}' and not ([name] = '')"))
    return style(name, rules)


def _dots(theme: Theme) -> str:
    rules = []
    for kind, first, size in (("city", 7, 6.5), ("town", 9, 5.0)):
        dot = element(
            "MarkersSymbolizer", width=size, height=size, fill=theme.halo, stroke=theme.text_strong, stroke_width=1.3,
            allow_overlap="true",
        )  # fmt: skip
        rules.append(rule(dot, (first, DOTTED_UNTIL[kind]), f"[kind] = '{kind}'"))
    return style("dot", rules)


def _along(size: float, fill: str, halo: str, **attributes: Any) -> str:
    return _text(
        "[name]", size=size, fill=fill, halo=halo, placement="line", spacing=420, repeat_distance=180, margin=3,
        max_char_angle_delta=28, label_position_tolerance=60, avoid_edges="true", **attributes,
    )  # fmt: skip


def _road_names(theme: Theme) -> str:
    rules = []
    for classes, *sizes in ROAD_NAMES:
        for zooms, size in sizes:
            of_these = " or ".join(f"[class] = '{name}'" for name in classes)
            text = _along(size, theme.road_text, theme.halo)
            rules.append(rule(text, zooms, f"({of_these}) and not ([name] = '')"))
    return style("road-name", rules)


def _shields(theme: Theme, icons: Path) -> str:
    rules = []
    for name, first in zip(SHIELD_CLASSES, (9, 10, 10, 12), strict=True):
        for letters in SHIELD_LETTERS:
            shield = element(
                "ShieldSymbolizer", "[ref]", face_name=FONT, size=9, fill=theme.shield_text,
                file=icons / f"shield-{name}-{letters}.svg", placement="line", spacing=520, repeat_distance=260,
                margin=40, unlock_image="false", avoid_edges="true",
            )  # fmt: skip
            rules.append(
                rule(
                    shield,
                    (first, 17),
                    f"[class] = '{name}' and [ref].match('.{{{letters}}}') and [ref].match('.*[0-9].*')",
                )
            )
    return style("shield", rules, filter_mode="first")


def _water_names(theme: Theme) -> str:
    rules = [
        rule(
            _text(
                "[name]",
                size=size,
                fill=theme.water_text,
                halo=theme.halo,
                radius=1.0,
                wrap_width=80,
                margin=20,
                avoid_edges="true",
            ),
            zooms,
            f"not ([name] = '') and not ([kind] = 'river') and [area_ha] > {least_ha}",
        )
        for zooms, size, least_ha in (
            ((11, 11), 10.0, 90),
            ((12, 12), 10.5, 30),
            ((13, 13), 11.5, 8),
            ((14, 14), 11.5, 2),
            ((15, LAST), 13.0, 0),
        )
    ]
    return style("water-name", rules)


def _river_names(theme: Theme) -> str:
    rules = []
    for kind, sizes in (
        ("river", (((10, 11), 10.0), ((12, 13), 11.5), ((14, LAST), 13.5))),
        ("canal", (((13, LAST), 11.0),)),
        ("stream", (((14, LAST), 10.5),)),
    ):
        for zooms, size in sizes:
            text = _along(size, theme.water_text, theme.halo, character_spacing=2, radius=1.0)
            rules.append(rule(text, zooms, f"[kind] = '{kind}' and not ([name] = '')"))
    return style("river-name", rules)


def _marks(icons: Path) -> str:
    rules = [
        rule(
            element("MarkersSymbolizer", file=icons / f"{kind}.svg"),
            (mark.disc_from, LAST),
            f"[kind] = '{kind}'",
        )
        for kind, mark in MARKS.items()
    ]
    return style("mark", rules, filter_mode="first")


def _mark_names(theme: Theme) -> str:
    rules = []
    for kind, mark in MARKS.items():
        text = _text(
            "[name]", size=10.5, fill=theme.text, halo=theme.halo, dy=10, wrap_width=90,
            placement_type="simple", placements="S,N", avoid_edges="true",
        )  # fmt: skip
        rules.append(rule(text, (mark.name_from, LAST), f"[kind] = '{kind}' and not ([name] = '')"))
    return style("mark-name", rules, filter_mode="first")
