"""Which OSM tags make which kind on our map: tables of rows; the first row that fits wins, what fits none is left out."""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from county.importing.extract.osm import text_column


@dataclass(frozen=True, slots=True)
class Kind:
    """Features whose `tag` is one of `values` are `name`."""

    name: str
    tag: str
    values: tuple[str, ...]


ROADS: Final = (
    Kind("motorway", "highway", ("motorway", "motorway_link")),
    Kind("trunk", "highway", ("trunk", "trunk_link")),
    Kind("primary", "highway", ("primary", "primary_link")),
    Kind("secondary", "highway", ("secondary", "secondary_link")),
    Kind("tertiary", "highway", ("tertiary", "tertiary_link")),
    Kind(
        "residential", "highway", ("residential", "unclassified", "living_street", "road", "busway")
    ),
    Kind("pedestrian", "highway", ("pedestrian",)),
    Kind("service", "highway", ("service",)),
    Kind("track", "highway", ("track",)),
    Kind("path", "highway", ("path", "footway", "steps", "cycleway", "bridleway")),
)
RAILWAYS: Final = (
    Kind(
        "rail", "railway", ("rail", "light_rail", "narrow_gauge", "tram", "funicular", "monorail")
    ),
    Kind("subway", "railway", ("subway",)),
)
WATERWAYS: Final = (
    Kind("river", "waterway", ("river",)),
    Kind("canal", "waterway", ("canal",)),
    Kind("stream", "waterway", ("stream", "drain", "ditch", "wadi")),
    Kind("dam", "waterway", ("dam", "weir")),
)
WATER: Final = (
    Kind("lake", "natural", ("water", "bay")),
    Kind("reservoir", "landuse", ("reservoir", "basin")),
    Kind("river", "waterway", ("riverbank", "dock", "canal")),
)
LANDCOVER: Final = (
    Kind("forest", "natural", ("wood",)),
    Kind("forest", "landuse", ("forest",)),
    Kind("scrub", "natural", ("scrub", "heath", "fell")),
    Kind("rock", "natural", ("bare_rock", "rock", "scree", "stone", "shingle")),
    Kind("ice", "natural", ("glacier",)),
    Kind("sand", "natural", ("sand", "beach")),
    Kind("wetland", "natural", ("wetland", "mud")),
    Kind("grass", "natural", ("grassland",)),
    Kind(
        "farmland", "landuse", ("farmland", "farm", "farmyard", "greenhouse_horticulture", "paddy")
    ),
    Kind("orchard", "landuse", ("orchard", "vineyard", "plant_nursery", "allotments")),
    Kind("grass", "landuse", ("meadow", "grass", "village_green", "recreation_ground")),
    Kind("industrial", "landuse", ("industrial", "quarry", "landfill", "port", "railway", "depot")),
    Kind("commercial", "landuse", ("commercial", "retail")),
    Kind("residential", "landuse", ("residential", "construction")),
    Kind("cemetery", "landuse", ("cemetery",)),
    Kind("park", "leisure", ("park", "garden", "golf_course", "nature_reserve_core", "common")),
    Kind("pitch", "leisure", ("pitch", "track", "stadium", "sports_centre", "playground")),
    Kind(
        "campus",
        "amenity",
        ("school", "college", "university", "kindergarten", "hospital", "townhall"),
    ),
)
PLACES: Final = (
    Kind("city", "place", ("city",)),
    Kind("town", "place", ("town", "municipality")),
    Kind("suburb", "place", ("suburb", "quarter", "borough")),
    Kind("village", "place", ("village",)),
    Kind("hamlet", "place", ("hamlet", "neighbourhood", "isolated_dwelling", "farm")),
    Kind("locality", "place", ("locality",)),
)
POIS: Final = (
    Kind("hospital", "amenity", ("hospital",)),
    Kind("clinic", "amenity", ("clinic", "doctors")),
    Kind("fire_station", "amenity", ("fire_station",)),
    Kind("police", "amenity", ("police",)),
    Kind("townhall", "amenity", ("townhall",)),
    Kind("bus_station", "amenity", ("bus_station",)),
    Kind("rail_station", "railway", ("station", "halt")),
    Kind("nursing_home", "amenity", ("nursing_home", "social_facility", "retirement_home")),
    Kind("community", "amenity", ("community_centre", "social_centre")),
    Kind("university", "amenity", ("university", "college")),
    Kind("school", "amenity", ("school",)),
    Kind("kindergarten", "amenity", ("kindergarten",)),
    Kind("fuel", "amenity", ("fuel",)),
    Kind("mall", "shop", ("mall", "department_store", "supermarket")),
    Kind("government", "office", ("government",)),
    Kind("pharmacy", "amenity", ("pharmacy",)),
    Kind("bank", "amenity", ("bank",)),
    Kind("post_office", "amenity", ("post_office",)),
    Kind("library", "amenity", ("library", "arts_centre", "theatre")),
    Kind("market", "amenity", ("marketplace",)),
    Kind("worship", "amenity", ("place_of_worship",)),
    Kind("hotel", "tourism", ("hotel", "guest_house", "hostel")),
    Kind("museum", "tourism", ("museum", "attraction")),
    Kind("parking", "amenity", ("parking",)),
    Kind("bus_stop", "highway", ("bus_stop",)),
    Kind("restaurant", "amenity", ("restaurant", "fast_food", "cafe")),
    Kind("peak", "natural", ("peak",)),
)

# The smaller the rank, the earlier a label or a mark is placed.
PLACE_RANK: Final = {"city": 0, "town": 1, "suburb": 2, "village": 3, "hamlet": 4, "locality": 5}
POI_RANK: Final = {kind.name: rank for rank, kind in enumerate(POIS)}
ROAD_RANK: Final = {
    name: rank for rank, name in enumerate(dict.fromkeys(kind.name for kind in ROADS))
}


def kind_of(frame: gpd.GeoDataFrame, kinds: tuple[Kind, ...]) -> NDArray[np.object_]:
    """Return each feature's kind, empty where no row fits."""
    out = np.full(len(frame), "", dtype=object)
    for kind in kinds:
        fits = (out == "") & np.isin(text_column(frame, kind.tag).astype(str), kind.values)
        out[fits] = kind.name
    return out
