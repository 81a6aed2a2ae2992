"""The map both pages stand around: base tiles and scale by dash-leaflet; everything that moves is drawn by `assets/map.mjs`."""

from html import escape
from typing import Any

import dash_leaflet as dl

from layers.tile_grid import LEAFLET_OPTIONS
from views.port import CountyFacts

MAP_ID = "map"


def tile_url(county: CountyFacts, theme: str) -> str:
    """Return the county's tile address for one theme; the other braces are Leaflet's own ({r}: @2x on fine screens)."""
    return county.tile_url.replace("{theme}", theme).replace("{y}", "{y}{r}")


def base_layer(county: CountyFacts, theme: str) -> Any:
    """Return the base map's layer."""
    return dl.TileLayer(
        url=tile_url(county, theme),
        attribution=escape(county.attribution),  # Leaflet takes it for HTML
        className="basemap",
        # A flight crosses many zooms: only where it ends are tiles asked for, because every picture
        # under way holds one of the few connections that a dispatch needs too.
        updateWhenZooming=False,
        keepBuffer=1,
        **LEAFLET_OPTIONS,
    )


def layout(county: CountyFacts, theme: str, *, wall: bool = False) -> Any:
    """Return the map's component; on the wall it has no buttons, because nobody stands there."""
    return dl.Map(
        id=MAP_ID,
        className="map",
        center=[county.lat, county.lon],
        zoom=county.zoom,
        minZoom=LEAFLET_OPTIONS["minZoom"],
        maxZoom=LEAFLET_OPTIONS["maxZoom"],
        zoomControl=not wall,
        attributionControl=True,
        trackViewport=False,
        keyboard=not wall,
        zoomSnap=0.25 if wall else 1,
        children=[
            base_layer(county, theme),
            dl.ScaleControl(imperial=False, position="bottomright", maxWidth=200 if wall else 100),
        ],
    )
