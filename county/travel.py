"""How long by road: from one place outward or from many toward it, the nearest few, with the closures of the moment."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from county.closures import OPEN, InForce
from county.obstruction import Obstruction, Overlay
from county.roads import offsets, spread
from county.roads.graph import NONE, RoadGraph
from county.roads.metric import Floats
from county.roads.offsets import Ends
from county.roads.pathfinding import fastest
from county.roads.reach import BEYOND_S, Isochrone, Outliner, PieceTimes
from county.roads.route import Route
from county.roads.snap import Snapped, Snapper
from county.roads.speeds import OFF_ROAD_REACH_M
from county.roads.spread import Usual, Weights
from vocabulary.errors import Refused
from vocabulary.place import Place

KEPT: Final = (
    8  # states of the roads whose times are kept: several screens may look at several instants
)
FIRST_LIMIT_S: Final = 120.0
LAST_LIMIT_S: Final = 4 * 3600.0
USUAL_LIMITS_S: Final = (300.0, 600.0, 900.0)


class Reach(IntEnum):
    """Whether a place is reached, and if not, what is missing."""

    REACHED = 0
    NO_ROAD = 1  # no road within reach of the place
    CLOSED = 2  # there is a way, but closures bar it
    CUT_OFF = 3  # no way leads there even with every road open


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Travel times to or from many places, in the order they were asked; NaN where `reach` says why there is none."""

    seconds: Floats
    reach: NDArray[np.int8]

    def of(self, index: int) -> float | None:
        """Return one time, or None where the place is not reached."""
        return float(self.seconds[index]) if self.reach[index] == Reach.REACHED else None


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """The roads under certain closures: what each edge costs, and what is closed."""

    weights: Weights
    obstruction: Obstruction | None


class Travel:
    """Answers for one road graph; make a new one after an import. Safe to use from several threads."""

    def __init__(self, graph: RoadGraph) -> None:
        """Index the roads; times under closures are worked out when first asked for."""
        self.graph = graph
        self._snapper = Snapper(graph)
        self._overlay = Overlay(graph)
        self._usual = Usual(graph)
        self._states: OrderedDict[InForce, State] = OrderedDict()
        self._lock = Lock()

    def warm_up(self) -> "Travel":
        """Ask once, so that the machine code is there before somebody waits for an answer; return this."""
        if len(self.graph.pieces):
            somewhere = [Place(*self.graph.nodes_wgs84[0].tolist())]
            self.outward(somewhere[0], somewhere)
        return self

    def snap(self, places: Sequence[Place], reach_m: float = OFF_ROAD_REACH_M) -> Snapped:
        """Return where on the roads the places are; keep it for units that stand still."""
        lonlat = np.array([(place.lon_deg, place.lat_deg) for place in places], dtype=float)
        return self._snapper.snap(lonlat.reshape(-1, 2), reach_m)

    def snap_lonlat(self, lonlat_deg: Floats, reach_m: float = OFF_ROAD_REACH_M) -> Snapped:
        """Return where on the roads the positions (n, 2) are."""
        return self._snapper.snap(np.asarray(lonlat_deg, dtype=float).reshape(-1, 2), reach_m)

    def require_road(self, place: Place) -> Snapped:
        """Return where on the roads `place` is; Refused where no road is within reach."""
        found = self.snap([place])
        if found.piece[0] == NONE:
            raise Refused(
                "roads.no_road", lon=place.lon_deg, lat=place.lat_deg, reach=round(OFF_ROAD_REACH_M)
            )
        return found

    def state(self, in_force: InForce = OPEN) -> State:
        """Return the roads under these closures, from the kept ones where they were asked for before."""
        with self._lock:
            kept = self._states.get(in_force)
            if kept is not None:
                self._states.move_to_end(in_force)
                return kept
        if in_force:
            laid = self._overlay.of(in_force)
            seconds = laid.seconds(self.graph.edges.seconds)
            made = State(self._usual.weights(laid.touched, seconds), laid)
        else:
            made = State(self._usual.weights(), None)
        with self._lock:
            self._states[in_force] = made
            while len(self._states) > KEPT:
                self._states.popitem(last=False)
        return made

    def outward(
        self, start: Place, to: Sequence[Place] | Snapped, in_force: InForce = OPEN
    ) -> Times:
        """Return how long it takes from `start` to each of `to`; Refused where `start` has no road."""
        return self._told(self.require_road(start), self._snapped(to), in_force, toward=False)

    def toward(
        self, goal: Place, units: Sequence[Place] | Snapped, in_force: InForce = OPEN
    ) -> Times:
        """Return how long it takes each of `units` to `goal`; Refused where `goal` has no road."""
        return self._told(self.require_road(goal), self._snapped(units), in_force, toward=True)

    def nearest(
        self, goal: Place, units: Sequence[Place] | Snapped, count: int, in_force: InForce = OPEN
    ) -> list[tuple[int, float]]:
        """Return up to `count` units that are soonest at `goal`: their places in `units` and their seconds, soonest first."""
        asked = self._asked(self.require_road(goal), self._snapped(units), in_force, toward=True)
        limit_s = FIRST_LIMIT_S
        while True:
            seconds = self._seconds(asked, limit_s)
            # Whatever is within the limit is exact; what is beyond it may have been found by a detour.
            within = np.flatnonzero(seconds <= limit_s)
            if len(within) >= count or limit_s == spread.NEVER_S:
                break
            limit_s = limit_s * 2 if limit_s < LAST_LIMIT_S else spread.NEVER_S
        order = within[np.argsort(seconds[within], kind="stable")][:count]
        return [(int(index), float(seconds[index])) for index in order]

    def route(self, start: Place, goal: Place, in_force: InForce = OPEN) -> Route:
        """Return the fastest way from `start` to `goal`; Refused says whether a road, or an open road, is missing."""
        one, other = self.require_road(start), self.require_road(goal)
        state = self.state(in_force)
        found = fastest(self.graph, one, other, state.weights, state.obstruction)
        if found is not None:
            return found
        usual = self.state().weights
        closed = in_force and fastest(self.graph, one, other, usual, None) is not None
        raise Refused(
            "roads.closed" if closed else "roads.no_way",
            from_lon=start.lon_deg, from_lat=start.lat_deg, to_lon=goal.lon_deg, to_lat=goal.lat_deg,
        )  # fmt: skip

    def isochrones(
        self,
        middle: Place,
        limits_s: Sequence[float] = USUAL_LIMITS_S,
        in_force: InForce = OPEN,
        *,
        toward: bool = False,
    ) -> list[Isochrone]:
        """Return the ground reached from `middle` within each limit (or from where it is reached, `toward`)."""
        if not limits_s or not all(0 < limit_s <= LAST_LIMIT_S for limit_s in limits_s):
            raise Refused("roads.limits", value=list(limits_s), most=round(LAST_LIMIT_S / 60))
        times = self._piece_times(
            self.require_road(middle), in_force, max(limits_s) + BEYOND_S, toward=toward
        )
        at = np.array([[middle.lon_deg, middle.lat_deg]])
        return self._outliner.outlines(times, limits_s, at)

    @cached_property
    def _outliner(self) -> Outliner:
        return Outliner(self.graph)

    def _piece_times(
        self, one: Snapped, in_force: InForce, limit_s: float, *, toward: bool
    ) -> PieceTimes:
        graph, state = self.graph, self.state(in_force)
        cost, edges = state.weights, self.graph.pieces.edges
        here = offsets.ends(graph, one, cost, state.obstruction)
        whole = np.where(edges == NONE, np.inf, cost.seconds[edges])
        if toward:
            times = spread.from_seeds(
                graph.back, cost.back, *offsets.seeds_back(graph, here), limit_s
            )
            # Whoever stands near the start of a piece leaves over it, against the drawing.
            begun, whole = spread.at_exit(graph, times, edges)[:, ::-1], whole[:, ::-1]
        else:
            times = spread.from_seeds(
                graph.onward, cost.onward, *offsets.seeds_onward(graph, here), limit_s
            )
            begun = spread.at_entry(graph, times, edges)
        begun = begun + one.off_s[0]
        own = int(one.piece[0]), float(one.fraction[0]), float(one.off_s[0])
        return PieceTimes(begun[:, 0], whole[:, 0], begun[:, 1], whole[:, 1], *own)

    def _snapped(self, places: Sequence[Place] | Snapped) -> Snapped:
        return places if isinstance(places, Snapped) else self.snap(places)

    def _told(self, one: Snapped, many: Snapped, in_force: InForce, *, toward: bool) -> Times:
        seconds = self._seconds(self._asked(one, many, in_force, toward=toward))
        reach = np.full(len(many), Reach.REACHED, dtype=np.int8)
        missing = ~np.isfinite(seconds)
        if missing.any():
            reach[missing] = Reach.CUT_OFF
            reach[many.piece == NONE] = Reach.NO_ROAD
            unsure = reach == Reach.CUT_OFF
            if in_force and unsure.any():
                reach[unsure & self._usually_reached(one, many, unsure, toward)] = Reach.CLOSED
            seconds[missing] = np.nan
        return Times(seconds, reach)

    def _usually_reached(
        self, one: Snapped, many: Snapped, unsure: NDArray[np.bool_], toward: bool
    ) -> NDArray[np.bool_]:
        main = self.graph.main
        if main[one.piece[0]] and main[many.piece[unsure]].all():
            return unsure  # within the one network every place reaches every other
        return np.isfinite(self._seconds(self._asked(one, many, OPEN, toward=toward)))

    def _asked(self, one: Snapped, many: Snapped, in_force: InForce, *, toward: bool) -> "_Asked":
        state = self.state(in_force)
        here = offsets.ends(self.graph, one, state.weights, state.obstruction)
        there = offsets.ends(self.graph, many, state.weights, state.obstruction)
        straight = np.full(len(many), np.inf)
        for index in np.flatnonzero((many.piece == one.piece[0]) & (many.piece != NONE)):
            other = many.of(int(index))
            start, goal = (other, one) if toward else (one, other)
            straight[index] = offsets.along_piece(
                self.graph, start, goal, state.obstruction, state.weights
            )
        beside_s: Floats = one.off_s[0] + many.off_s
        return _Asked(here, there, straight, beside_s, float(one.off_s[0]), state.weights, toward)

    def _seconds(self, asked: "_Asked", limit_s: float = spread.NEVER_S) -> Floats:
        graph, cost = self.graph, asked.cost
        limit_s = max(limit_s - asked.off_s, 0.0)
        if asked.toward:
            seeds = offsets.seeds_back(graph, asked.here)
            times = spread.from_seeds(graph.back, cost.back, *seeds, limit_s)
            by_end = asked.there.leaving_s + spread.at_exit(graph, times, asked.there.edges)
        else:
            seeds = offsets.seeds_onward(graph, asked.here)
            times = spread.from_seeds(graph.onward, cost.onward, *seeds, limit_s)
            by_end = asked.there.entering_s + spread.at_entry(graph, times, asked.there.edges)
        seconds: Floats = np.minimum(by_end.min(axis=1), asked.straight_s) + asked.beside_s
        return seconds


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """One question: from or to one position, to or from many; everything but the spreading itself."""

    here: Ends
    there: Ends
    straight_s: Floats  # to places on the very piece one stands on, without leaving it
    beside_s: Floats
    off_s: float
    cost: Weights
    toward: bool
