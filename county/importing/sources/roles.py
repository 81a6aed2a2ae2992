"""What a county's files may be for: one row per role, with its shape, its columns and what must be there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Shape = Literal["area", "line", "point", "raster", "table", "plans", "osm", "ignore"]
PLACED: Final = frozenset({"area", "line", "point"})


@dataclass(frozen=True, slots=True)
class Role:
    """One thing a file can be for: `needs` are the columns without which it is refused, `may` those that are used as well."""

    name: str
    shape: Shape
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Return every column that means something here."""
        return self.needs + self.may


NAMED: Final = ("name", "name_en")
ROAD_MAY: Final = (
    "way_id", "link", "name", "name_en", "ref", "oneway", "maxspeed_kmh", "bridge", "tunnel", "access", "surface", "highway",
    "service", "emergency",
)  # fmt: skip
SITE_MAY: Final = (
    "name", "technology", "band", "arfcn", "pci", "azimuth_deg", "height_m", "tilt_deg", "power_dbm", "antenna", "in_service",
    "indoor",
)  # fmt: skip
ROLES: Final = (
    Role("osm", "osm"),
    Role("boundary", "area", (), ("code", *NAMED)),
    Role("towns", "area", ("name",), ("code", "name_en", "kind")),
    Role("grid_cells", "area", ("code",), ("name", "town_code")),
    Role("roads", "line", ("class",), ROAD_MAY),
    Role("turn_restrictions", "point", ("from_way", "to_way", "kind")),
    Role("water", "area", (), ("kind", *NAMED)),
    Role("waterways", "line", (), ("kind", *NAMED)),
    Role("landcover", "area", ("kind",), NAMED),
    Role("railways", "line", (), ("kind", *NAMED)),
    Role("buildings", "area", (), ("kind", "name", "address", "height_m")),
    Role("places", "point", ("name",), ("kind", "name_en", "population")),
    Role("pois", "point", ("kind", "name"), ("name_en", "address")),
    Role("population", "raster", (), ("population",)),
    Role("dem", "raster"),
    Role("codes", "table", ("code", "name"), ("name_en", "parent")),
    Role("sites", "table", ("site_id", "operator", "lon", "lat"), ("sector", *SITE_MAY)),
    Role("devices", "table", ("device_id", "name", "kind", "lon", "lat"),
         ("channel", "unit", "department", "period_s", "low", "high")),
    Role("departments", "table", ("code", "name"), ("name_en", "kind", "phone")),
    Role("units", "table", ("unit_id", "name", "kind", "department"),
         ("name_en", "home_lon", "home_lat", "skills", "crew", "vehicle", "radio")),
    Role("duty", "table", ("unit_id", "weekday", "from", "to"), ("shift",)),
    Role("broadband", "table", ("id", "name", "lon", "lat", "households"),
         ("kind", "gigabit_reached", "gigabit_users", "hundred_reached", "hundred_users")),
    Role("backbone", "table", ("id", "name", "kind"),
         ("ring", "operator", "capacity_gbps", "in_service", "lon", "lat", "path")),
    Role("plans", "plans"),
    Role("ignore", "ignore"),
)  # fmt: skip
BY_NAME: Final[Mapping[str, Role]] = {role.name: role for role in ROLES}
# What a role is when its file does not say: a water surface is a lake until told otherwise.
USUAL_KIND: Final = {
    "water": "lake",
    "waterways": "river",
    "railways": "rail",
    "buildings": "yes",
    "places": "village",
}


def known() -> str:
    """Return the roles as people are told of them."""
    return ", ".join(role.name for role in ROLES if role.name != "osm")
