"""Marks of the base map, drawn here as paths on a 24 × 24 field: a disc with a glyph, road shields, place dots."""

# ruff: noqa: E501 - a glyph is one word, however long

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from layers.basemap_theme import Theme

SHIELD_LETTERS: Final = range(1, 8)
SHIELD_CLASSES: Final = ("motorway", "trunk", "primary", "secondary")


@dataclass(frozen=True, slots=True)
class Mark:
    """A kind of place: the colour group of its disc, its glyph, and from which display zooms its disc and its name are shown."""

    group: str
    glyph: str
    disc_from: int
    name_from: int


BOX: Final = "M7 8h10v9H7z"
MARKS: Final[Mapping[str, Mark]] = {
    "hospital": Mark("health", "M10.2 6h3.6v4.2H18v3.6h-4.2V18h-3.6v-4.2H6v-3.6h4.2z", 13, 15),
    "clinic": Mark("health", "M10.8 7h2.4v3.8H17v2.4h-3.8V17h-2.4v-3.8H7v-2.4h3.8z", 15, 16),
    "fire_station": Mark("safety", "M12 5c.6 2.6 4.6 4.2 4.6 8.100A4.6 4.6 0 0 1 12 18.200a4.6 4.6 0 0 1-4.6-5.100c0-1.9 1.3-2.9 1.8-4.3.9.7 1.3 1.4 1.4 2.300C11.8 9.6 12.3 7.2 12 5z", 13, 15),
    "police": Mark("safety", "M12 5.500l5.5 2v4.300c0 3.2-2.3 5.6-5.5 6.9-3.2-1.3-5.5-3.7-5.5-6.900V7.500z", 14, 15),
    "townhall": Mark("public", "M12 5.500l6 3.200v1.300H6V8.700zM7.5 11h1.800v5H7.500zm3.6 0h1.800v5h-1.800zm3.6 0h1.800v5h-1.800zM6 16.800h12v1.500H6z", 14, 15),
    "government": Mark("public", "M12 5.500l6 3.200v1.300H6V8.700zM7.5 11h1.800v5H7.500zm3.6 0h1.800v5h-1.800zm3.6 0h1.800v5h-1.800zM6 16.800h12v1.500H6z", 15, 16),
    "rail_station": Mark("traffic", "M8.5 5.500h7a1.5 1.5 0 0 1 1.5 1.500v7a1.5 1.5 0 0 1-1.5 1.500l1.5 2.500h-1.800l-1.2-2h-4l-1.2 2H7l1.5-2.500A1.5 1.5 0 0 1 7 14V7a1.5 1.5 0 0 1 1.5-1.500zM8.7 7.300v3.700h6.600V7.300zM9 12.500v1.500h1.500v-1.500zm4.5 0v1.500H15v-1.500z", 13, 14),
    "bus_station": Mark("traffic", "M8 5.500h8A1.5 1.5 0 0 1 17.5 7v9h-1.200v1.800h-1.800V16h-5v1.800H7.700V16H6.500V7A1.5 1.5 0 0 1 8 5.500zM8 7.500v4h8v-4zM8 13v1.500h1.600V13zm6.4 0v1.500H16V13z", 14, 15),
    "nursing_home": Mark("health", "M12 6l6 5h-1.500v7h-9v-7H6zM11.100 11v2.100H9v1.800h2.100V17h1.800v-2.100H15v-1.800h-2.100V11z", 15, 16),
    "community": Mark("public", "M12 6l6 5h-1.500v7h-3v-4h-3v4h-3v-7H6z", 15, 16),
    "university": Mark("school", "M12 6l7.5 3.600L12 13.2 4.5 9.600zM7.5 12.200l4.5 2.2 4.5-2.200v3.200L12 17.600l-4.5-2.200z", 15, 15),
    "school": Mark("school", "M12 6l7.5 3.600L12 13.2 4.5 9.600zM7.5 12.200l4.5 2.2 4.5-2.200v3.200L12 17.600l-4.5-2.200z", 15, 16),
    "kindergarten": Mark("school", "M12 6l7.5 3.600L12 13.2 4.5 9.600z", 16, 17),
    "fuel": Mark("traffic", "M7.5 6h6v12h-6zM9 7.500v3h3v-3zM14.5 9l2 1.500v5.200a.8.8 0 0 1-1.6 0V13h-.4z", 15, 16),
    "mall": Mark("trade", "M7 9h10l.8 9H6.200zM9.5 9a2.5 2.5 0 0 1 5 0h-1.300a1.2 1.2 0 0 0-2.4 0z", 15, 16),
    "market": Mark("trade", "M7 9h10l.8 9H6.200z", 15, 16),
    "pharmacy": Mark("health", "M10.8 7h2.400v3.800H17v2.400h-3.800V17h-2.400v-3.800H7v-2.400h3.800z", 17, 17),
    "bank": Mark("trade", "M12 6l5 6-5 6-5-6z", 17, 17),
    "post_office": Mark("public", "M6.5 8h11l-5.5 4.500zM6.5 9.500l5.5 4.5 5.5-4.500V16h-11z", 17, 17),
    "library": Mark("school", "M7 6.500h4.500v11H7zm5.5 0H17v11h-4.500z", 16, 17),
    "museum": Mark("plain", "M12 6l6 4H6zM7.5 11h9v1.200h-9zm0 5.500h9V18h-9z", 16, 17),
    "hotel": Mark("plain", "M6 8h1.500v5H18v4h-1.500v-1.500h-9V17H6zM12 9.500h4.500A1.5 1.5 0 0 1 18 11v1h-6z", 17, 17),
    "worship": Mark("plain", "M12 6l5 5v7H7v-7z", 17, 18),
    "parking": Mark("traffic", "M9 6.500h3.800a3.3 3.3 0 0 1 0 6.600h-1.600v4.400H9zm2.2 2v2.600h1.500a1.3 1.3 0 0 0 0-2.600z", 17, 19),
    "bus_stop": Mark("traffic", BOX, 17, 18),
    "restaurant": Mark("plain", "M9 6h1.400v12H9zm4.6 0c2.2 1.5 2.2 5 0 6.500V18h-1.400V6z", 18, 18),
    "peak": Mark("plain", "M12 7l5 9H7z", 13, 13),
}  # fmt: skip


def write(folder: Path, theme: Theme) -> None:
    """Write every mark of `theme` as an SVG file into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, mark in MARKS.items():
        (folder / f"{kind}.svg").write_text(
            _disc(theme.mark[mark.group], theme.mark_glyph, mark.glyph, theme.halo), "utf-8"
        )
    for name in SHIELD_CLASSES:
        for letters in SHIELD_LETTERS:
            (folder / f"shield-{name}-{letters}.svg").write_text(
                _shield(letters, theme, name), "utf-8"
            )


def _disc(colour: str, glyph_colour: str, glyph: str, halo: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="17" height="17" viewBox="0 0 24 24">'
        f'<circle cx="12" cy="12" r="11.5" fill="{halo}" fill-opacity="0.8"/><circle cx="12" cy="12" r="10.3" fill="{colour}"/>'
        f'<path d="{glyph}" fill="{glyph_colour}" fill-rule="evenodd"/></svg>'
    )


def _shield(letters: int, theme: Theme, road: str) -> str:
    width = 8 + 5.7 * letters
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="15" viewBox="0 0 {width} 15">'
        f'<rect x="0.6" y="0.6" width="{width - 1.2}" height="13.8" rx="3" fill="{theme.shield}" '
        f'stroke="{theme.road[road]}" stroke-width="1.2"/></svg>'
    )
