"""Where a log's own calls can be: a position far outside is a mistake of its geocoder, and is refused, not mapped."""

from dataclasses import dataclass

from exchange.calllogs.rows import BadRow
from vocabulary.errors import Refused
from vocabulary.place import Place


@dataclass(frozen=True, slots=True)
class Extent:
    """West, south, east, north in degrees, a few kilometres of margin included."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, place: Place) -> bool:
        """Say whether `place` lies inside."""
        return self.west <= place.lon_deg <= self.east and self.south <= place.lat_deg <= self.north

    def place(self, lon: str, lat: str, field: str) -> Place:
        """Return the position, or refuse it: unreadable, swapped, or far outside."""
        shown = f"{lon},{lat}"
        try:
            lon_deg, lat_deg = float(lon), float(lat)
            if self._holds(lat_deg, lon_deg):
                raise BadRow("place_swapped", field, shown)
            place = Place(lon_deg, lat_deg)
        except (ValueError, Refused):
            raise BadRow("place_unreadable", field, shown) from None
        if not self.holds(place):
            raise BadRow("place_far_outside", field, shown)
        return place

    def _holds(self, lon_deg: float, lat_deg: float) -> bool:
        return self.west <= lon_deg <= self.east and self.south <= lat_deg <= self.north
