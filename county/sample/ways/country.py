"""Which places are joined by which road: trunk roads through the county, county roads between towns, lanes to villages."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from county.sample import names
from county.sample.frame import Frame, Points, eased
from county.sample.land.rivers import BROAD_KM2, River
from county.sample.road import Road
from county.sample.towns.quarter import Quarter
from county.sample.ways import chains
from county.sample.ways.network import BRIDGE_M, RANKS, Edge, Extra, Label, Network, path_to

BRIDGE_EVERY_M: Final = 2_600.0
BANK_M: Final = 185.0
STREETS: Final = 0.8  # what a metre through a town costs
LOOPS: Final = 0.75  # further roads between neighbouring towns, as a share of the towns
TOLL_AHEAD_M: Final = 140.0
NEIGHBOURS: Final = 1.1  # pairs of villages looked at, for each village


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Which extra node is what: the gates of each quarter, the villages, the edges of the map."""

    gates: list[list[int]]
    villages: list[int]
    ends: list[int]


def own_nodes(
    frame: Frame, rivers: list[River], quarters: list[Quarter], villages: Points, ends: Points
) -> tuple[Extra, Places]:
    """Return the nodes that are no cells: gates, bridge heads, villages, and where trunk roads leave the map."""
    spots: list[Points] = []
    links: list[tuple[int, int, float, bool]] = []
    gates: list[list[int]] = []
    for quarter in quarters:
        mine = list(range(len(spots), len(spots) + len(quarter.gates)))
        spots += [gate.at + 70.0 * gate.outward for gate in quarter.gates]
        for k, one in enumerate(mine):
            links += [
                (one, other, STREETS * float(np.hypot(*(spots[one] - spots[other]))), True)
                for other in mine[k + 1 :]
            ]
        gates.append(mine)
    for head, opposite in _bridge_heads(rivers, quarters):
        links.append(
            (len(spots), len(spots) + 1, BRIDGE_M + float(np.hypot(*(head - opposite))), False)
        )
        spots += [head, opposite]
    first = len(spots)
    places = Places(gates, list(range(first, first + len(villages))),
                    list(range(first + len(villages), first + len(villages) + len(ends))))  # fmt: skip
    return Extra(np.array([*spots, *villages, *ends]), links), places


def _bridge_heads(rivers: list[River], quarters: list[Quarter]) -> list[tuple[Points, Points]]:
    built = shapely.union_all([quarter.ground.buffer(250.0) for quarter in quarters])
    out = []
    for river in rivers:
        broad = np.flatnonzero(river.km2 >= BROAD_KM2)
        if len(broad) < 60:
            continue
        calm = eased(river.line[broad], 120.0, 25.0)
        pace = int(BRIDGE_EVERY_M / 25.0)
        for index in range(pace // 2, len(calm) - 12, pace):
            ahead = calm[min(index + 8, len(calm) - 1)] - calm[index - 8]
            side = np.array([-ahead[1], ahead[0]]) / max(float(np.hypot(*ahead)), 1e-9)
            heads = calm[index] + BANK_M * side, calm[index] - BANK_M * side
            if not shapely.intersects(built, shapely.LineString(heads)):
                out.append(heads)
    return out


def laid(net: Network, places: Places, base: int, labels: "Labels", tolls: int) -> None:
    """Lay all country roads; `base` is the number of the first extra node, the last `tolls` ends are toll gates."""
    gates = [[base + one for one in mine] for mine in places.gates]
    for number, end in enumerate(places.ends[: len(places.ends) - tolls]):
        price, before = net.ways(base + end)
        goal = min(gates[0], key=lambda gate: float(price[gate]))
        net.lay(path_to(before, goal), labels.trunk(number))
    done = [0]
    waiting = list(range(1, len(gates)))
    apart = np.array([[_gap(net, one, other) for other in gates] for one in gates])
    while waiting:
        near = min(waiting, key=lambda town: float(min(apart[town][other] for other in done)))
        _joined(
            net,
            gates[near],
            [gate for other in done for gate in gates[other]],
            labels.between(near, 0),
        )
        waiting.remove(near)
        done.append(near)
    for one, other in _loops(apart, round(LOOPS * len(gates))):
        _joined(net, gates[one], gates[other], labels.between(one, other))
    for end in places.ends[len(places.ends) - tolls :]:
        price, before = net.ways(base + end)
        used_now = sorted({node for edge in net.edges for node in edge})
        net.lay(
            path_to(before, min(used_now, key=lambda node: float(price[node]))), labels.approach()
        )
    back = net.flood()
    used = {end for edge in net.edges for end in edge}
    for village in places.villages:
        path = [base + village]
        while path[-1] not in used and back[path[-1]] >= 0:
            path.append(int(back[path[-1]]))
        used.update(path)
        net.lay(path, labels.lane())
    _between_villages(net, [base + one for one in places.villages], labels)


def _between_villages(net: Network, villages: list[int], labels: "Labels") -> None:
    """Join neighbouring villages between which one would drive far about."""
    spots = net.spots[villages]
    if len(spots) < 4:
        return
    triangles = Delaunay(spots).simplices
    pairs = np.unique(
        np.sort(
            np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]]), axis=1
        ),
        axis=0,
    )
    gap = np.hypot(*(spots[pairs[:, 0]] - spots[pairs[:, 1]]).T)
    for one, other in pairs[np.argsort(gap)][: int(NEIGHBOURS * len(villages))].tolist():
        straight = float(np.hypot(*(spots[one] - spots[other])))
        price, before = net.ways(villages[one], 3.2 * straight)
        laid_m = (
            _laid_share(net, path_to(before, villages[other]))
            if np.isfinite(price[villages[other]])
            else 1.0
        )
        if laid_m < 0.7:
            net.lay(path_to(before, villages[other]), labels.lane())


def _laid_share(net: Network, path: list[int]) -> float:
    steps = list(pairwise(path))
    return sum(_key(*step) in net.edges for step in steps) / max(len(steps), 1)


def _joined(net: Network, start: list[int], goals: list[int], label: Label) -> None:
    price, before = net.ways(start[0])
    goal = min(goals, key=lambda gate: float(price[gate]))
    net.lay(path_to(before, goal), label)


def _gap(net: Network, one: list[int], other: list[int]) -> float:
    return float(np.hypot(*(net.spots[one].mean(axis=0) - net.spots[other].mean(axis=0))))


def _loops(apart: NDArray[np.float64], count: int) -> list[tuple[int, int]]:
    pairs = [(a, b) for a in range(1, len(apart)) for b in range(a + 1, len(apart))]
    return sorted(pairs, key=lambda pair: float(apart[pair]))[:count]


@dataclass(slots=True)
class Labels:
    """Hands out names and numbers of roads."""

    towns: list[str]
    county: int = 100
    rural: int = 200

    def trunk(self, number: int) -> Label:
        """Return the label of the trunk road towards the map's edge `number`."""
        at = number // 2 % len(names.TRUNK)
        return (
            (1, names.TRUNK_NAMES[at], names.TRUNK[at])
            if at in (0, 3)
            else (2, names.TRUNK_NAMES[at], names.TRUNK[at])
        )

    def between(self, one: int, other: int) -> Label:
        """Return the label of the road between two towns."""
        self.county += 1
        first, second = self.towns[other][0], self.towns[one][0]
        if other == 0:
            return (2, f"{first}{second}线", f"X{self.county}")
        self.rural += 1
        return (3, f"{first}{second}公路", f"Y{self.rural:03d}")

    def approach(self) -> Label:
        """Return the label of the road to a toll gate."""
        return (2, "高速连接线", "")

    def lane(self) -> Label:
        """Return the label of a lane to a village."""
        return (4, "", "")


def stretches(
    net: Network, quarters: list[Quarter], places: Places, base: int, tolls: Points
) -> tuple[list[Road], Points]:
    """Return the network as roads from junction to junction, and where the villages came to lie beside them."""
    around: dict[int, list[int]] = {}
    for one, other in net.edges:
        if (one, other) in net.inner:
            continue
        around.setdefault(one, []).append(other)
        around.setdefault(other, []).append(one)
    tips = {base + node: gate.at for quarter, mine in zip(quarters, places.gates, strict=True)
            for node, gate in zip(mine, quarter.gates, strict=True)}  # fmt: skip
    last = places.ends[len(places.ends) - len(tolls) :]
    tips |= {base + node: toll for node, toll in zip(last, tolls, strict=True)}
    stops = set(tips) | {base + one for one in (*places.villages, *places.ends)}
    ends = {node for node, others in around.items()
            if len(others) != 2 or node in stops or _changes(net, node, others)}  # fmt: skip
    paths = _paths(around, ends)
    labels = [net.edges[_key(path[0], path[1])] for path in paths]
    spots = net.spots
    for node, tip in tips.items():
        if node in around:  # the last bit, from the gate to where roads meet before it
            labels.append(min(net.edges[_key(node, other)] for other in around[node]))
            paths.append([len(spots), node])
            spots = np.vstack([spots, tip])
    whole = chains.drawn(spots, paths, labels)
    roads = [
        Road(RANKS[rank], line, name, ref)
        for line, (rank, name, ref) in zip(whole.lines, labels, strict=True)
    ]
    return roads, np.array(
        [whole.at.get(base + one, net.spots[base + one]) for one in places.villages]
    )


def _paths(around: dict[int, list[int]], ends: set[int]) -> list[list[int]]:
    seen: set[Edge] = set()
    paths = []
    for end in sorted(ends):
        for following in around[end]:
            path = _walk(end, following, around, ends)
            keys = {_key(path[0], path[1]), _key(path[-2], path[-1])}
            if not keys & seen:
                seen |= keys
                paths.append(path)
    return paths


def _key(one: int, other: int) -> Edge:
    return (min(one, other), max(one, other))


def _changes(net: Network, node: int, others: list[int]) -> bool:
    one, other = (net.edges[_key(node, each)] for each in others)
    return one != other


def _walk(end: int, following: int, around: dict[int, list[int]], ends: set[int]) -> list[int]:
    path = [end, following]
    while path[-1] not in ends:
        a, b = around[path[-1]]
        path.append(b if a == path[-2] else a)
    return path
