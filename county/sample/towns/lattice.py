"""A town's streets as a bent lattice: lines along and across, junctions where both are, stretches left out as towns grow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from county.sample.frame import Points

Node = tuple[int, int]
Stretch = tuple[Node, Node]
Bend = Callable[[Points], Points]


@dataclass(frozen=True, slots=True)
class Street:
    """One line of a plan: how far it lies across (or along), what class, what name; `main` ones are never left out."""

    at_m: float
    road_class: str
    name: str
    main: bool = False


@dataclass(slots=True, eq=False)
class Lattice:
    """Columns (streets across, by their place along) and rows (streets along, by their place across), bent by `bend`."""

    columns: list[Street]
    rows: list[Street]
    bend: Bend
    nodes: set[Node] = field(default_factory=set)
    stretches: set[Stretch] = field(default_factory=set)

    def spot(self, node: Node) -> Points:
        """Return where a junction lies."""
        column, row = node
        plan = np.array([[self.columns[column].at_m, self.rows[row].at_m]])
        spot: Points = self.bend(plan)[0]
        return spot

    def line(self, stretch: Stretch, pace_m: float = 30.0) -> Points:
        """Return a stretch's line."""
        (c0, r0), (c1, r1) = stretch
        start = np.array([self.columns[c0].at_m, self.rows[r0].at_m])
        end = np.array([self.columns[c1].at_m, self.rows[r1].at_m])
        count = max(2, int(np.hypot(*(end - start)) / pace_m) + 1)
        share = np.linspace(0, 1, count)[:, None]
        return self.bend(start * (1 - share) + end * share)

    def fill(self, ground: BaseGeometry) -> None:
        """Lay every stretch whose both ends stand on `ground`."""
        every = [(c, r) for c in range(len(self.columns)) for r in range(len(self.rows))]
        spots = np.array([self.spot(node) for node in every])
        shapely.prepare(ground)
        dry = shapely.contains_xy(ground, spots[:, 0], spots[:, 1])
        self.nodes = {node for node, ok in zip(every, dry, strict=True) if ok}
        for c, r in self.nodes:
            for other in ((c + 1, r), (c, r + 1)):
                if other in self.nodes:
                    self.stretches.add(((c, r), other))

    def drop(self, unwanted: Callable[[Stretch], bool]) -> None:
        """Leave out stretches."""
        self.stretches = {one for one in self.stretches if not unwanted(one)}

    def street(self, stretch: Stretch) -> Street:
        """Return the street a stretch belongs to."""
        (c0, r0), (c1, _) = stretch
        return self.columns[c0] if c0 == c1 else self.rows[r0]

    def thin(self, rng: np.random.Generator, share: Callable[[Stretch], float]) -> None:
        """Leave out a share (which may depend on where) of the lesser stretches, where both junctions keep three ways."""
        degree = self._degrees()
        for one in sorted(self.stretches):
            if self.street(one).main or rng.random() > share(one):
                continue
            if all(degree[end] >= 4 for end in one):
                self.stretches.discard(one)
                for end in one:
                    degree[end] -= 1

    def close(self) -> None:
        """Leave out loose ends, and whatever does not hang together with most."""
        while True:
            degree = self._degrees()
            loose = {one for one in self.stretches if min(degree[one[0]], degree[one[1]]) < 2}
            if not loose:
                break
            self.stretches -= loose
        self.stretches = self._largest()
        self.nodes = {end for one in self.stretches for end in one}

    def _degrees(self) -> dict[Node, int]:
        degree: dict[Node, int] = {}
        for one in self.stretches:
            for end in one:
                degree[end] = degree.get(end, 0) + 1
        return degree

    def _largest(self) -> set[Stretch]:
        around: dict[Node, list[Stretch]] = {}
        for one in self.stretches:
            for end in one:
                around.setdefault(end, []).append(one)
        best: set[Stretch] = set()
        seen: set[Node] = set()
        for start in sorted(around):
            if start in seen:
                continue
            mine, waiting = set(), [start]
            seen.add(start)
            while waiting:
                for one in around[waiting.pop()]:
                    mine.add(one)
                    fresh = [end for end in one if end not in seen]
                    seen.update(fresh)
                    waiting += fresh
            best = mine if len(mine) > len(best) else best
        return best

    def runs(self) -> Iterator[tuple[Street, list[Node]]]:
        """Give every street as its unbroken runs of junctions."""
        for upright in (True, False):
            lines = self.columns if upright else self.rows
            for number, street in enumerate(lines):
                count = len(self.rows if upright else self.columns)
                nodes = [(number, i) if upright else (i, number) for i in range(count)]
                yield from ((street, run) for run in self._unbroken(nodes))

    def _unbroken(self, nodes: list[Node]) -> Iterator[list[Node]]:
        run = nodes[:1]
        for one, other in pairwise(nodes):
            if (one, other) in self.stretches:
                run.append(other)
            else:
                if len(run) > 1:
                    yield run
                run = [other]
        if len(run) > 1:
            yield run

    def drawn(self, run: list[Node]) -> Points:
        """Return a run's line, a point at every junction."""
        lines = [self.line((one, other)) for one, other in pairwise(run)]
        return np.vstack([lines[0], *(line[1:] for line in lines[1:])])

    def rim(self) -> list[Node]:
        """Return the junctions on the outside, in no order: those without all four ways."""
        degree = self._degrees()
        return sorted(node for node in self.nodes if degree[node] < 4)


def gates(lattice: Lattice, middle: Points, towards: NDArray[np.float64], most: int) -> list[Node]:
    """Return up to `most` junctions on the rim by which roads come in, one for each direction in `towards` (radians)."""
    rim = lattice.rim()
    spots = np.array([lattice.spot(node) for node in rim]) - middle
    angle, reach = np.arctan2(spots[:, 1], spots[:, 0]), np.hypot(*spots.T)
    mains = np.array([lattice.columns[c].main or lattice.rows[r].main for c, r in rim])
    chosen: list[Node] = []
    for way in towards:
        off = np.abs((angle - way + np.pi) % (2 * np.pi) - np.pi)
        best = int(np.argmin(off - 0.0004 * reach - 0.5 * mains))
        if rim[best] not in chosen:
            chosen.append(rim[best])
    return chosen[:most]
