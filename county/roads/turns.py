"""Turn restrictions: a junction is doubled only for approaches from which some turn is forbidden."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from county.roads.graph import NONE
from county.roads.metric import Floats, Indexes

LAYER: Final = "turn_restrictions"
# OpenStreetMap keeps positions to 1e-7 degrees; two readers differ in the last bit of the fraction.
SPOTS_PER_DEG: Final = 10_000_000
FORBIDS, DEMANDS, U_TURN = "no_", "only_", "u_turn"


@dataclass(frozen=True, slots=True)
class Restriction:
    """Coming along `from_way` to the node at this position, `to_way` may not (`no_…`) or must (`only_…`) be taken."""

    from_way: str
    via_lon_deg: float
    via_lat_deg: float
    to_way: str
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Junctions:
    """What restrictions are resolved against: nodes by position, and each edge's ends, piece and way id."""

    nodes_wgs84: Floats
    tail: Indexes
    head: Indexes
    piece: Indexes
    way_id: NDArray[np.object_]


def read(layer: gpd.GeoDataFrame) -> list[Restriction]:
    """Return the rows of the county's `turn_restrictions` layer: points at the node, with from_way, to_way and kind."""
    if not len(layer):
        return []
    points = layer.geometry
    rows = zip(layer["from_way"], points.x, points.y, layer["to_way"], layer["kind"], strict=True)
    return [Restriction(str(a), float(x), float(y), str(b), str(kind)) for a, x, y, b, kind in rows]


def forbidden(
    restrictions: Sequence[Restriction], roads: Junctions
) -> tuple[dict[int, set[int]], int]:
    """Return, per edge, the edges that may not follow it, and how many restrictions name nothing on this map."""
    spots = [_spot(one.via_lon_deg, one.via_lat_deg) for one in restrictions]
    wanted = set(spots)
    nodes = np.rint(roads.nodes_wgs84 * SPOTS_PER_DEG).astype(np.int64)
    at = {spot: node for node, spot in enumerate(map(tuple, nodes.tolist())) if spot in wanted}
    arriving, leaving = _by_node(roads.head, at.values()), _by_node(roads.tail, at.values())
    banned: dict[int, set[int]] = defaultdict(set)
    unused = 0
    for one, spot in zip(restrictions, spots, strict=True):
        node = at.get(spot, NONE)
        pairs = _pairs(one, arriving.get(node, []), leaving.get(node, []), roads)
        unused += not pairs
        for edge, following in pairs.items():
            banned[edge] |= following
    return dict(banned), unused


def _spot(lon_deg: float, lat_deg: float) -> tuple[int, int]:
    return round(lon_deg * SPOTS_PER_DEG), round(lat_deg * SPOTS_PER_DEG)


def _by_node(ends: Indexes, nodes: Iterable[int]) -> dict[int, list[int]]:
    # Only junctions with a restriction are looked at: a county has few of them among its tens of thousands.
    return {node: np.flatnonzero(ends == node).tolist() for node in set(nodes)}


def _pairs(
    one: Restriction, arriving: list[int], leaving: list[int], roads: Junctions
) -> dict[int, set[int]]:
    targets = {edge for edge in leaving if roads.way_id[edge] == one.to_way}
    found: dict[int, set[int]] = {}
    if not targets or not one.kind.startswith((FORBIDS, DEMANDS)):
        return found
    for edge in arriving:
        if roads.way_id[edge] != one.from_way:
            continue
        back = {following for following in leaving if roads.piece[following] == roads.piece[edge]}
        # Between the two carriageways of one road a U-turn leads onto another way, and no piece is driven back.
        turns_back = one.kind.endswith(U_TURN) and one.from_way == one.to_way
        named = targets & back if turns_back else targets - back
        if not named:
            continue
        found[edge] = named if one.kind.startswith(FORBIDS) else set(leaving) - named
    return found


def arrivals(head: Indexes, banned: Mapping[int, set[int]], nodes: int) -> Indexes:
    """Return the link node each edge leads to: its junction, or a node of its own where turns are forbidden after it."""
    out = head.copy()
    for extra, edge in enumerate(sorted(banned)):
        out[edge] = nodes + extra
    return out


def joined(
    tail: Indexes, head: Indexes, arrives: Indexes, banned: Mapping[int, set[int]], nodes: int
) -> tuple[Indexes, Indexes, Indexes]:
    """Return the links as three columns: from which link node, to which, along which edge."""
    froms, edges = [tail], [np.arange(len(tail))]
    for extra, edge in enumerate(sorted(banned)):
        allowed = [
            following
            for following in np.flatnonzero(tail == head[edge]).tolist()
            if following not in banned[edge]
        ]
        froms.append(np.full(len(allowed), nodes + extra))
        edges.append(np.array(allowed, dtype=np.int64))
    all_edges = np.concatenate(edges)
    return np.concatenate(froms), arrives[all_edges], all_edges
