"""Making the road graph from the county's roads: ways that share a vertex meet there, all others pass over or under."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from county.model import County
from county.roads import joints, speeds, turns
from county.roads.graph import (
    BACKWARD,
    FORWARD,
    NONE,
    Edges,
    Flags,
    Links,
    Pieces,
    RoadGraph,
    Ways,
    packed,
)
from county.roads.metric import Floats, Indexes, Plane, lengths_m
from county.store import read_layer

ALONG, AGAINST = 1, -1
LEAST_S = 1e-3  # two vertices on one spot take no time, but zero times infinity is not a time
CROSSING = 3  # pieces that meet where one has to look and wait


def road_graph(county: County) -> RoadGraph:
    """Return the graph of the county's roads, with the turn restrictions its import kept."""
    restrictions = turns.read(read_layer(county, turns.LAYER))
    return build(read_layer(county, "roads"), restrictions, version=county.version)


def build(
    roads_wgs84: gpd.GeoDataFrame,
    restrictions: Sequence[turns.Restriction] = (),
    *,
    version: str = "",
) -> RoadGraph:
    """Return the graph of a `roads` layer as the importer writes it; columns it lacks say nothing."""
    ways, table = _ways(roads_wgs84)
    cut = _cut(table)
    pieces_length, pieces_way = cut.length_m, table.row[cut.line]
    way_s = pieces_length / (table.kmh[cut.line] / 3.6)
    edges, of_piece = _edges(cut, way_s, table, len(cut.nodes))
    junctions = turns.Junctions(
        cut.nodes, edges.tail, edges.head, edges.piece, ways.id[pieces_way[edges.piece]]
    )
    banned, unused = turns.forbidden(restrictions, junctions)
    arrives = turns.arrivals(edges.head, banned, len(cut.nodes))
    count = len(cut.nodes) + len(banned)
    froms, to, along = turns.joined(edges.tail, edges.head, arrives, banned, len(cut.nodes))
    onward = packed(froms, to, along, count)
    edges = Edges(edges.piece, edges.direction, edges.tail, edges.head, arrives, edges.seconds)
    return RoadGraph(
        version=version,
        plane=_plane(cut.nodes),
        nodes_wgs84=cut.nodes,
        ways=ways,
        pieces=Pieces(cut.shapes, pieces_length, pieces_way, cut.start, cut.end, of_piece),
        edges=edges,
        onward=onward,
        back=packed(to, froms, along, count),
        entries=packed(along, froms, along, len(edges)),
        main=_main(onward, edges, len(cut.shapes)),
        tree=shapely.STRtree(cut.shapes),
        unused_restrictions=unused,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """The drivable lines, one part each, with their way's row, direction, speed and wait at junctions."""

    shapes: NDArray[np.object_]
    row: Indexes
    oneway: Indexes
    kmh: Floats
    wait_s: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """The lines cut at their junctions."""

    nodes: Floats
    shapes: NDArray[np.object_]
    line: Indexes
    start: Indexes
    end: Indexes
    length_m: Floats


def _ways(frame: gpd.GeoDataFrame) -> tuple[Ways, _Lines]:
    road_class, link = _texts(frame, "class"), _numbers(frame, "link", 0.0) > 0
    kmh = speeds.speeds_kmh(
        road_class, link, _numbers(frame, "maxspeed_kmh", np.nan), _texts(frame, "surface"), _texts(frame, "service")
    )  # fmt: skip
    kmh[speeds.barred(_texts(frame, "access"), _texts(frame, "emergency"))] = 0.0
    _, _, wait = speeds.per_class(road_class, link)
    ways = Ways(
        id=_texts(frame, "way_id"),
        road_class=road_class,
        name=_texts(frame, "name"),
        name_en=_texts(frame, "name_en"),
        ref=_texts(frame, "ref"),
        bridge=_numbers(frame, "bridge", 0.0) > 0,
        tunnel=_numbers(frame, "tunnel", 0.0) > 0,
    )
    driven = np.flatnonzero(kmh > 0)
    parts, part_of = shapely.get_parts(frame.geometry.to_numpy()[driven], return_index=True)
    row = driven[part_of]
    plane = _plane(shapely.get_coordinates(parts))
    parts, _ = joints.joined(parts, plane, (ways.bridge | ways.tunnel)[row])
    oneway = _numbers(frame, "oneway", 0.0).astype(np.int64)
    return ways, _Lines(parts, row, oneway[row], kmh[row], wait[row])


def _texts(frame: gpd.GeoDataFrame, column: str) -> NDArray[np.object_]:
    if column not in frame.columns:
        return np.full(len(frame), "", dtype=object)
    texts: NDArray[np.object_] = frame[column].fillna("").astype(str).to_numpy(dtype=object)
    return texts


def _numbers(frame: gpd.GeoDataFrame, column: str, missing: float) -> Floats:
    if column not in frame.columns:
        return np.full(len(frame), missing)
    numbers: Floats = frame[column].astype(float).fillna(missing).to_numpy(dtype=float)
    return numbers


def _cut(table: _Lines) -> _Cut:
    xy, line = _vertices(table.shapes)
    # Exactly equal, never "near": a bridge must not meet what it crosses.
    _, vertex, used = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True, return_counts=True)
    is_end = np.ones(len(xy), dtype=bool)
    is_end[1:-1] = (line[1:-1] != line[:-2]) | (line[1:-1] != line[2:])
    stops = np.flatnonzero(is_end | (used[vertex] > 1))
    nodes, node_of = _nodes(xy[stops], vertex[stops])
    same = np.flatnonzero(line[stops[:-1]] == line[stops[1:]])
    same = same[np.argsort(node_of[same], kind="stable")]  # neighbours in memory, too
    first, last = stops[same], stops[same + 1]
    count = last - first + 1
    owner = np.repeat(np.arange(len(first)), count)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    at = np.repeat(first, count) + step
    within = owner[1:] == owner[:-1]
    length = lengths_m(xy[at[:-1]], xy[at[1:]]) * within
    total = np.bincount(owner[:-1], weights=length, minlength=len(first)).astype(float)
    return _Cut(
        nodes=nodes,
        shapes=shapely.linestrings(xy[at], indices=owner)
        if len(at)
        else np.array([], dtype=object),
        line=line[first],
        start=node_of[same],
        end=node_of[same + 1],
        length_m=total,
    )


def _nodes(spots: Floats, vertex: Indexes) -> tuple[Floats, Indexes]:
    """Return the junctions and which one each spot is, numbered along a Z-order curve: spreading stays in the cache."""
    ends, node_of = np.unique(vertex, return_inverse=True)
    nodes = np.empty((len(ends), 2))
    nodes[node_of] = spots
    order = np.argsort(_z_order(nodes), kind="stable")
    rank = np.empty(len(ends), dtype=np.int64)
    rank[order] = np.arange(len(ends))
    return nodes[order], rank[node_of]


def _z_order(nodes: Floats) -> NDArray[np.uint64]:
    if not len(nodes):
        return np.array([], dtype=np.uint64)
    low, high = nodes.min(axis=0), nodes.max(axis=0)
    cells = ((nodes - low) / np.maximum(high - low, 1e-9) * 0xFFFF).astype(np.uint64)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        cells = (cells | (cells << np.uint64(shift))) & np.uint64(mask)
    code: NDArray[np.uint64] = cells[:, 0] | (cells[:, 1] << np.uint64(1))
    return code


def _vertices(shapes: NDArray[np.object_]) -> tuple[Floats, Indexes]:
    xy, line = shapely.get_coordinates(shapes, return_index=True)
    repeated = np.zeros(len(xy), dtype=bool)
    repeated[1:] = (xy[1:] == xy[:-1]).all(axis=1) & (line[1:] == line[:-1])
    kept, owner = xy[~repeated], line[~repeated]
    alone = np.bincount(owner, minlength=len(shapes))[owner] < 2
    return kept[~alone], owner[~alone]


def _edges(cut: _Cut, driving_s: Floats, table: _Lines, nodes: int) -> tuple[Edges, Indexes]:
    meeting = np.bincount(np.concatenate([cut.start, cut.end]), minlength=nodes)
    crossing = (meeting >= CROSSING).astype(float)
    # Half of each junction's wait belongs to each of the pieces one leaves and enters.
    wait = table.wait_s[cut.line] * (crossing[cut.start] + crossing[cut.end]) / 2
    seconds = np.maximum(driving_s + wait, LEAST_S)
    oneway = table.oneway[cut.line]
    along, against = np.flatnonzero(oneway != AGAINST), np.flatnonzero(oneway != ALONG)
    piece = np.concatenate([along, against])
    direction = np.repeat([FORWARD, BACKWARD], [len(along), len(against)])
    tail = np.concatenate([cut.start[along], cut.end[against]])
    head = np.concatenate([cut.end[along], cut.start[against]])
    order = np.argsort(tail, kind="stable")
    piece, direction, tail, head = (one[order] for one in (piece, direction, tail, head))
    of_piece = np.full((len(cut.line), 2), NONE, dtype=np.int64)
    of_piece[piece, direction] = np.arange(len(piece))
    return Edges(piece, direction, tail, head, head, seconds[piece]), of_piece


def _main(onward: Links, edges: Edges, pieces: int) -> Flags:
    """Return which pieces lie in the largest part from everywhere of which everywhere can be reached."""
    main = np.zeros(pieces, dtype=bool)
    if not len(edges):
        return main
    count = len(onward.start) - 1
    matrix = csr_array((np.ones(len(onward.to)), onward.to, onward.start), shape=(count, count))
    matrix = matrix.copy()  # for what follows works in place
    matrix.sum_duplicates()  # scipy never ends on parallel links
    _, label = connected_components(matrix, directed=True, connection="strong")
    largest = np.argmax(np.bincount(label))
    inside = (label[edges.tail] == largest) & (label[edges.arrives] == largest)
    main[edges.piece[inside]] = True
    return main


def _plane(nodes: Floats) -> Plane:
    if not len(nodes):
        return Plane(0.0, 0.0)
    middle = (nodes.min(axis=0) + nodes.max(axis=0)) / 2
    return Plane(float(middle[0]), float(middle[1]))
