"""The base map of a county in one theme, as Mapnik XML: ground, roads, edges, words, in the order they are painted."""

from pathlib import Path

from county.model import County
from layers import basemap_ground, basemap_icons, basemap_labels, basemap_relief, basemap_roads
from layers.basemap_theme import THEMES, Theme
from layers.basemap_xml import MERCATOR, element
from vocabulary.errors import Refused

BUFFER_PX = 160  # so that a label is decided alike on both sides of a tile's edge


def theme(name: str) -> Theme:
    """Return the theme called `name`; Refused (404) when there is none."""
    found = THEMES.get(name)
    if found is None:
        raise Refused("tiles.no_theme", theme=name, themes="、".join(THEMES))
    return found


def prepare(county: County, theme_name: str, folder: Path) -> str:
    """Write the marks and the painted relief of one theme into `folder` and return the map as Mapnik XML."""
    colours = theme(theme_name)
    icons = folder / f"marks-{theme_name}"
    basemap_icons.write(icons, colours)
    relief = folder / f"relief-{theme_name}.tif" if county.has_terrain else None
    if relief is not None and not relief.is_file():
        basemap_relief.paint(county.hillshade, colours, relief)
    return _style_xml(county, colours, icons, relief)


def _style_xml(county: County, theme: Theme, icons: Path, relief: Path | None) -> str:
    file = str(county.geopackage)
    parts = [
        *basemap_ground.styles(theme),
        *basemap_roads.styles(theme),
        *basemap_labels.styles(theme, icons),
        *basemap_ground.layers_below(file, str(relief) if relief else None),
        *basemap_roads.layers(file),
        *basemap_ground.layers_above(file),
        *basemap_labels.layers(file),
    ]
    drawn = element(
        "Map", "".join(parts), srs=MERCATOR, background_color=theme.land, buffer_size=BUFFER_PX
    )
    # A new county lies under the same path: without its version the painter would take the map for the one it has open.
    return f"{drawn}<!-- {county.version} -->"
