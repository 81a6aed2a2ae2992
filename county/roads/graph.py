"""The road graph: ways cut at junctions into pieces, each piece driven as one or two edges, edges joined by links."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from county.roads.metric import Floats, Indexes, Plane

NONE: Final = -1
FORWARD, BACKWARD = 0, 1
Texts = NDArray[np.object_]
Flags = NDArray[np.bool_]
Cells = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """What the map says of each way; a piece names its way by row."""

    id: Texts
    road_class: Texts
    name: Texts
    name_en: Texts
    ref: Texts
    bridge: Flags
    tunnel: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Stretches between two junctions, drawn in the way's own direction."""

    lines_wgs84: NDArray[np.object_]
    length_m: Floats
    way: Indexes
    start_node: Indexes
    end_node: Indexes
    edges: Indexes  # (n, 2): the edge along the drawing and the one against it, NONE where that is forbidden

    def __len__(self) -> int:
        return len(self.way)


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Pieces as they are driven, one direction each. `arrives` is a link node: not `head` where turns are restricted."""

    piece: Indexes
    direction: Indexes
    tail: Indexes
    head: Indexes
    arrives: Indexes
    seconds: Floats

    def __len__(self) -> int:
        return len(self.piece)


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Rows of a compressed sparse matrix over link nodes: `edge` is driven from the row's node to `to`."""

    start: Cells
    to: Cells
    edge: Cells


@dataclass(frozen=True, slots=True, eq=False)
class RoadGraph:
    """Every road one may drive on; made by `county.roads.build`, never changed (closures are laid over it)."""

    version: str
    plane: Plane
    nodes_wgs84: Floats
    ways: Ways
    pieces: Pieces
    edges: Edges
    onward: Links
    back: Links
    entries: Links  # row = edge; `to` = the link nodes from which it may be driven
    main: Flags  # per piece: whether it hangs together with most of the county, both ways
    tree: shapely.STRtree  # of the pieces' lines
    unused_restrictions: int

    @property
    def link_nodes(self) -> int:
        """Return how many nodes the sparse matrix has: the junctions, and one more per restricted approach."""
        return len(self.onward.start) - 1

    def part_wgs84(self, piece: int, begin: float, end: float) -> BaseGeometry:
        """Return a piece from one share of its length in metres to another (backward when `end` is the smaller)."""
        plane = self.plane
        metric = shapely.transform(self.pieces.lines_wgs84[piece], plane.metric)
        return shapely.transform(substring(metric, begin, end, normalized=True), plane.degrees)

    def touching(self, shape: BaseGeometry) -> Indexes:
        """Return the pieces that touch `shape` (WGS 84)."""
        found: Indexes = np.sort(self.tree.query(shape, predicate="intersects"))
        return found


def packed(rows: Indexes | Cells, to: Indexes, edge: Indexes | Cells, count: int) -> Links:
    """Return columns as rows of a compressed sparse matrix with `count` rows."""
    order = np.argsort(rows, kind="stable")
    start = np.zeros(count + 1, dtype=np.int32)
    np.cumsum(np.bincount(rows, minlength=count), out=start[1:])
    cells: Cells = to[order].astype(np.int32)
    return Links(start, cells, edge[order].astype(np.int32))


def rows_of(links: Links, rows: Indexes) -> tuple[Indexes, Indexes]:
    """Return, for the asked rows one after another, which asked row each entry belongs to, and the entry's place."""
    first = links.start[rows].astype(np.int64)
    count = links.start[rows + 1].astype(np.int64) - first
    asked = np.repeat(np.arange(len(rows)), count)
    step = np.arange(len(asked)) - np.repeat(np.cumsum(count) - count, count)
    return asked, np.repeat(first, count) + step
