"""How fast one drives where the map does not say: a row per class of road, and what bad ground leaves of it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from county.roads.metric import Floats


@dataclass(frozen=True, slots=True)
class Pace:
    """One class: its speed, its ramps', the most believed of a maxspeed tag, the wait at a junction; 0 is not driven on."""

    road_class: str
    free_kmh: float
    link_kmh: float
    most_kmh: float
    junction_s: float


PACES: Final = (
    Pace("motorway", 105.0, 60.0, 120.0, 0.0),
    Pace("trunk", 90.0, 55.0, 110.0, 0.5),
    Pace("primary", 75.0, 45.0, 100.0, 0.75),
    Pace("secondary", 60.0, 40.0, 90.0, 1.0),
    Pace("tertiary", 50.0, 35.0, 80.0, 1.0),
    Pace("residential", 35.0, 25.0, 60.0, 1.0),
    Pace("service", 20.0, 15.0, 30.0, 1.0),
    Pace("pedestrian", 8.0, 8.0, 10.0, 1.0),  # a fire engine may; it creeps
    Pace("track", 12.0, 12.0, 30.0, 0.5),
    Pace("path", 0.0, 0.0, 0.0, 0.0),
)
UNKNOWN: Final = Pace("", 35.0, 25.0, 60.0, 1.0)
UNPAVED: Final = frozenset({
    "unpaved", "gravel", "fine_gravel", "compacted", "dirt", "earth", "ground", "mud", "sand", "grass", "pebblestone",
})  # fmt: skip
UNPAVED_KMH: Final = 30.0
# The rule for those who are called: `private`, `destination`, `customers`… let them in, and a zone for walkers is crept
# through; only `access=no` (fenced, blocked, unfinished) bars them, unless the map says that emergencies may pass.
BARRED: Final = frozenset({"no"})
LET_IN: Final = frozenset({"yes", "designated", "official"})  # of the tag `emergency`
SERVICE_KMH: Final = {"parking_aisle": 10.0, "driveway": 10.0, "drive-through": 10.0, "alley": 15.0}
# Beside the road (a yard, a field, the walk to the door), and how far that is believed.
OFF_ROAD_KMH: Final = 10.0
OFF_ROAD_REACH_M: Final = 2_000.0

Texts = NDArray[np.object_]


def per_class(road_class: Texts, link: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Return for each way its class's speed, the most believed of a tag (km/h), and the wait at a junction (s)."""
    rows = {pace.road_class: pace for pace in PACES}
    found = [rows.get(name, UNKNOWN) for name in road_class]
    free = np.array([pace.free_kmh for pace in found], dtype=float)
    ramp = np.array([pace.link_kmh for pace in found], dtype=float)
    most = np.array([pace.most_kmh for pace in found], dtype=float)
    wait = np.array([pace.junction_s for pace in found], dtype=float)
    return np.where(link, ramp, free), most, wait


def speeds_kmh(
    road_class: Texts, link: NDArray[np.bool_], maxspeed_kmh: Floats, surface: Texts, service: Texts
) -> Floats:
    """Return how fast each way is driven: as signed where a sign is known, else as its class; 0 where nobody drives."""
    usual, most, _ = per_class(road_class, link)
    for kind, kmh in SERVICE_KMH.items():
        usual = np.where((road_class == "service") & (service == kind), kmh, usual)
    signed = np.nan_to_num(maxspeed_kmh, nan=0.0)
    speed = np.where(signed > 0, np.minimum(signed, most), usual)
    rough = np.isin(surface.astype(str), tuple(UNPAVED))
    slowed: Floats = np.where(rough, np.minimum(speed, UNPAVED_KMH), speed)
    return slowed


def barred(access: Texts, emergency: Texts) -> NDArray[np.bool_]:
    """Return which ways are closed even to those who are called."""
    shut = np.isin(access.astype(str), tuple(BARRED))
    let_in: NDArray[np.bool_] = np.isin(emergency.astype(str), tuple(LET_IN))
    return shut & ~let_in


def top_mps() -> float:
    """Return the fastest anybody is ever thought to drive."""
    return max(max(pace.free_kmh, pace.most_kmh) for pace in PACES) / 3.6
