"""Which OSM tags become columns: the configuration GDAL's OSM driver is given."""

from typing import Final

COLUMNS: Final = {
    "points": (
        "name,name:zh,name:en,place,population,amenity,highway,railway,shop,tourism,office,emergency,healthcare,"
        "natural,ele,man_made,aeroway,addr:full,addr:street,addr:place,addr:housenumber"
    ),
    "lines": (
        "name,name:zh,name:en,ref,highway,oneway,junction,maxspeed,bridge,tunnel,lanes,surface,access,motor_vehicle,"
        "service,emergency,layer,railway,waterway,boundary,admin_level,intermittent"
    ),
    "multipolygons": (
        "name,name:zh,name:en,type,boundary,admin_level,place,population,building,landuse,natural,leisure,amenity,"
        "waterway,water,healthcare,emergency,shop,tourism,office,railway,ref:CN,ref:gb,"
        "addr:full,addr:street,addr:place,addr:housenumber"
    ),
    "multilinestrings": "name,type,boundary,admin_level",
    "other_relations": "name,type",
}

HEAD: Final = """closed_ways_are_polygons=aeroway,amenity,boundary,building,craft,geological,historic,landuse,leisure,\
military,natural,office,place,shop,sport,tourism,highway=platform,public_transport=platform,waterway=riverbank
report_all_nodes=no
report_all_ways=no
attribute_name_laundering=yes
"""


def text() -> str:
    """Return the configuration file's text."""
    layers = (
        f"[{layer}]\nosm_id=yes\nattributes={names}\nignore=created_by,source\n"
        for layer, names in COLUMNS.items()
    )
    return HEAD + "\n".join(layers)
