"""How long from many places to a scene: by road under the closures of the moment; where no road is known, as the crow flies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from county.closures import InForce
from dispatch.recommendation.gathering import Drive
from dispatch.recommendation.model import Way
from dispatch.recommendation.weighing import Weighing
from vocabulary.errors import Refused
from vocabulary.place import Place, distance_m

if TYPE_CHECKING:
    from county.travel import Travel

NOT_READ: Final = "roads.not_yet"


@dataclass(frozen=True, slots=True)
class Drives:
    """The ways in the order of the places; `estimated` says why they are no ways by road, empty where they are."""

    ways: tuple[Drive, ...]
    closures: int
    walk_m: float | None = None
    estimated: str = ""


def drives_to(
    travel: "Travel | None",
    scene: Place,
    places: Sequence[Place],
    force: InForce,
    weights: Weighing,
) -> Drives:
    """Return how long it takes from each place; a scene beside all roads, or roads not read yet, are estimated and said so."""
    if travel is None:
        return _straight(scene, places, force, weights, NOT_READ)
    try:
        return _by_road(travel, scene, places, force, weights)
    except Refused as refused:
        return _straight(scene, places, force, weights, refused.code)


def _by_road(
    travel: "Travel", scene: Place, places: Sequence[Place], force: InForce, weights: Weighing
) -> Drives:
    # With scipy, which the start does not wait for.
    from county.scene import times_to_scene
    from county.travel import Reach

    found = times_to_scene(travel, scene, travel.snap(places), force, walk_mps=weights.walk_mps)
    named = {
        Reach.REACHED: Way.ROAD,
        Reach.NO_ROAD: Way.NO_ROAD,
        Reach.CLOSED: Way.CLOSED,
        Reach.CUT_OFF: Way.CUT_OFF,
    }
    reached = found.times.reach.tolist()
    seconds = found.times.seconds.tolist()
    ways = tuple(
        Drive(way=Way.ROAD, seconds=s) if r == Reach.REACHED else Drive(way=named[Reach(r)])
        for r, s in zip(reached, seconds, strict=True)
    )
    return Drives(ways, len(force.closures), found.walk_m)


def _straight(
    scene: Place, places: Sequence[Place], force: InForce, weights: Weighing, why: str
) -> Drives:
    ways = tuple(
        Drive(way=Way.STRAIGHT, seconds=distance_m(place, scene) / weights.straight_mps)
        for place in places
    )
    return Drives(ways, len(force.closures), None, why)
