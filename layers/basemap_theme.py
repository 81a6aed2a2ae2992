"""The colours of the base map: a calm dark for the wall and the desk, a light for offices and paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One set of colours; `veil` hides what lies outside the county, `shade` and `tint` paint the relief."""

    name: str
    land: str
    veil: str
    veil_opacity: float
    cover: Mapping[str, str]
    cover_opacity: float
    water: str
    water_edge: str
    water_text: str
    building: str
    building_edge: str
    boundary: str
    boundary_glow: str
    town_line: str
    road: Mapping[str, str]
    casing: Mapping[str, str]
    rail: str
    rail_gap: str
    text: str
    text_strong: str
    text_faint: str
    halo: str
    road_text: str
    shield: str
    shield_text: str
    mark: Mapping[str, str]
    mark_glyph: str
    shade: tuple[tuple[int, str], ...]
    tint: tuple[tuple[int, str], ...]


DARK: Final = Theme(
    name="dark",
    land="#131c29",
    veil="#0b111a",
    veil_opacity=0.34,
    cover={
        "forest": "#122422", "scrub": "#152422", "grass": "#15252a", "farmland": "#151f28", "orchard": "#152427",
        "wetland": "#12283a", "rock": "#1d2530", "sand": "#22262c", "ice": "#243244", "residential": "#1f2a3b",
        "commercial": "#20283a", "industrial": "#1f2430", "cemetery": "#172622", "park": "#14292a",
        "pitch": "#163032", "campus": "#1f2a3a",
    },
    cover_opacity=0.9,
    water="#173f5e",
    water_edge="#215070",
    water_text="#6a9cc4",
    building="#2c3a52",
    building_edge="#3c4b64",
    boundary="#6f8fb8",
    boundary_glow="#3f6ea8",
    town_line="#54677f",
    road={
        "motorway": "#8d7a58", "trunk": "#7d7768", "primary": "#6a7688", "secondary": "#566478", "tertiary": "#475468",
        "residential": "#364152", "pedestrian": "#333d4c", "service": "#2f3948", "track": "#3a4552", "path": "#3a4654",
    },
    casing={
        "motorway": "#0d1420", "trunk": "#0d1420", "primary": "#0d1420", "secondary": "#0d1420", "tertiary": "#0f1723",
        "residential": "#111a27", "pedestrian": "#111a27", "service": "#111a27",
    },
    rail="#56626f",
    rail_gap="#18212e",
    text="#a9b8cb",
    text_strong="#d6e0ec",
    text_faint="#8090a5",
    halo="#0d1520",
    road_text="#92a2b6",
    shield="#2f3c4f",
    shield_text="#b9c6d6",
    mark={
        "health": "#7d5a63", "safety": "#6b6250", "public": "#4d6280", "school": "#4d6a68", "traffic": "#4a5f84",
        "trade": "#5d5678", "plain": "#475468",
    },
    mark_glyph="#dfe7f1",
    shade=((0, "#02060c78"), (70, "#02060c3c"), (118, "#02060c06"), (127, "#02060c00"), (134, "#c8dcf400"), (255, "#c8dcf448")),
    tint=((0, "#0e182600"), (60, "#16213018"), (140, "#25303e40"), (200, "#333f4e66"), (255, "#46525f80")),
)  # fmt: skip

LIGHT: Final = Theme(
    name="light",
    land="#f3f1ea",
    veil="#e9ebee",
    veil_opacity=0.3,
    cover={
        "forest": "#cfe0c3", "scrub": "#dbe6cb", "grass": "#e1ebcf", "farmland": "#eef0d9", "orchard": "#e0ebc8",
        "wetland": "#d3e5e2", "rock": "#e3dfd8", "sand": "#f3ead2", "ice": "#eef5fa", "residential": "#e9e5df",
        "commercial": "#f1e2dc", "industrial": "#e4dfe6", "cemetery": "#cfdcc8", "park": "#cfe6bf",
        "pitch": "#bfe0c0", "campus": "#f2ecd6",
    },
    cover_opacity=0.95,
    water="#aed0e8",
    water_edge="#8fbbd9",
    water_text="#3f7fae",
    building="#dad3ca",
    building_edge="#c4bbb0",
    boundary="#7a5fa8",
    boundary_glow="#b9a6d6",
    town_line="#9d8fb8",
    road={
        "motorway": "#f0a35c", "trunk": "#f6bd78", "primary": "#fad593", "secondary": "#fdeebd", "tertiary": "#ffffff",
        "residential": "#ffffff", "pedestrian": "#f2eef5", "service": "#fbfaf8", "track": "#b09a78", "path": "#b49a8a",
    },
    casing={
        "motorway": "#c9772e", "trunk": "#cf9244", "primary": "#cfa659", "secondary": "#cdb67c", "tertiary": "#c2bab0",
        "residential": "#cdc6bc", "pedestrian": "#cdc3d2", "service": "#d8d2c9",
    },
    rail="#7c7f86",
    rail_gap="#f7f6f2",
    text="#3d4450",
    text_strong="#1d2430",
    text_faint="#6a717c",
    halo="#ffffff",
    road_text="#50483c",
    shield="#ffffff",
    shield_text="#4a4a4a",
    mark={
        "health": "#d0505a", "safety": "#c9772e", "public": "#4a6da8", "school": "#3f8f7f", "traffic": "#3f74b8",
        "trade": "#8a63b0", "plain": "#7c8794",
    },
    mark_glyph="#ffffff",
    shade=((0, "#2b2a3a78"), (70, "#33324434"), (118, "#33324406"), (127, "#33324400"), (134, "#ffffff00"), (255, "#ffffff80")),
    tint=((0, "#ffffff00"), (90, "#efe7d422"), (170, "#e4d6bd55"), (255, "#f4f0ea88")),
)  # fmt: skip

THEMES: Final = {theme.name: theme for theme in (DARK, LIGHT)}
