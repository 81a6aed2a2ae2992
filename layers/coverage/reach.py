"""What is heard at a place, operator by operator and technology by technology, those that are not heard included."""

from dataclasses import dataclass
from typing import Final

from layers.coverage.grid import cell_of
from layers.coverage.model import CoverageMap, Which
from layers.coverage.tables import customers
from vocabulary.place import Place

THRESHOLD_DBM: Final = -105.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An operator's network at a place; `rsrp_dbm` None: no signal. `chance`: that it really is above the threshold asked."""

    operator: str
    technology: str  # 4G or 5G
    rsrp_dbm: float | None
    sinr_db: float | None
    chance: float


class Reach:
    """Answers for whoever has to know whether a crew can be called there."""

    def __init__(self, made: CoverageMap, threshold_dbm: float = THRESHOLD_DBM) -> None:
        """Take the map."""
        self._map, self._threshold_dbm = made, threshold_dbm

    def at(self, lon_deg: float, lat_deg: float) -> tuple[Heard, ...]:
        """Return every network the county has, best first; empty off the map: there it is not known."""
        place = Place(lon_deg, lat_deg)
        if cell_of(self._map.grid, place) is None:
            return ()
        best = {
            (one.operator, one.technology): Heard(
                operator=one.operator, technology=one.technology.generation, rsrp_dbm=one.rsrp_dbm, sinr_db=one.sinr_db,
                chance=one.chance,
            )
            for one in self._map.at(place, self._threshold_dbm)
        }  # fmt: skip
        known = {
            (operator, carrier.technology)
            for carrier in self._map.carriers(Which())
            for operator in customers(carrier)
        }
        silent = [
            Heard(operator=operator, technology=technology.generation, rsrp_dbm=None, sinr_db=None, chance=0.0)
            for operator, technology in sorted(known - best.keys())
        ]  # fmt: skip
        return (*best.values(), *silent)
