"""Radio reach as dispatching asks for it: which networks are heard at a place. Who works that out stands elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

# Below this an operator's network does not carry a crew's phone reliably: 弱覆盖 by the common bound (domain.md V05).
WEAK_DBM: Final = -110.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PointReach:
    """One operator's network at one place; `technology` is "4G" or "5G", `rsrp_dbm` None: no signal of it at all."""

    operator: str
    technology: str
    rsrp_dbm: float | None


class RadioReach(Protocol):
    """Says which networks are heard where."""

    def at(self, lon_deg: float, lat_deg: float) -> Sequence[PointReach]:
        """Return what is heard at a position in WGS 84, a row per operator and technology; empty: it is not known."""
        ...


class NotKnown:
    """`RadioReach` where nobody has worked it out: it says so, instead of claiming a signal or a hole."""

    def at(self, lon_deg: float, lat_deg: float) -> Sequence[PointReach]:
        """Return that it is not known."""
        return ()


def is_hole(heard: Sequence[PointReach]) -> bool:
    """Say whether no network reaches a place well enough; what is not known is no hole."""
    return bool(heard) and all(one.rsrp_dbm is None or one.rsrp_dbm < WEAK_DBM for one in heard)
