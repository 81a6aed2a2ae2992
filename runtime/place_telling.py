"""Where a position is, as the API tells it: town, grid cell, nearest road and place, and one line of all that."""

from typing import Any

from county.locate import Location, Near
from runtime.rooms import Rooms
from security.principal import Principal
from vocabulary.place import Place

Json = dict[str, Any]


class PlaceTelling:
    """The part of the API's service that tells where a position is."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def locate(self, principal: Principal, lon: float, lat: float) -> Json:
        """Return where a position is; Refused outside the county. A tenth of a millisecond: no thread is needed."""
        place = self._rooms.locator.place_inside(lon, lat)
        return place_told(place, self._rooms.locator.locate(place))


def place_told(place: Place, found: Location) -> Json:
    """Return a position and where it is as the API tells it."""
    town, cell = found.town, found.cell
    return {
        "lon": place.lon_deg,
        "lat": place.lat_deg,
        "town": town and {"id": town.id, "name": town.name_zh, "name_en": town.name_en},
        "cell": cell and {"code": cell.code, "name": cell.name_zh, "name_en": cell.name_en},
        "road": _near(found.road),
        "place": _near(found.place),
        "text": found.text("zh"),
        "text_en": found.text("en"),
    }


def _near(near: Near | None) -> Json | None:
    if near is None:
        return None
    away = round(near.distance_m, 1)
    return {"name": near.name, "name_en": near.name_en, "distance_m": away}
