"""Turn restrictions out of an OpenStreetMap extract: GDAL drops the roles of a relation's members, so libosmium reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import osmium
import shapely
from shapely.geometry.base import BaseGeometry

from county.importing.report import LayerReport
from vocabulary.errors import Refused

KINDS: Final = frozenset({
    "no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit",
    "only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn",
})  # fmt: skip
# Several ways one may not come from, or go to: every pair of them is a restriction.
MANY_FROM, MANY_TO = "no_entry", "no_exit"
FREE: Final = frozenset({"emergency"})  # `except=` those we plan for: it binds none of ours
COLUMNS: Final = ("from_way", "to_way", "kind")


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of type restriction, its members by role."""

    kind: str
    froms: tuple[int, ...]
    tos: tuple[int, ...]
    via_nodes: tuple[int, ...]
    via_ways: tuple[int, ...]
    except_for: frozenset[str]


def take(file: Path, within: BaseGeometry, report: LayerReport) -> gpd.GeoDataFrame:
    """Return the `turn_restrictions` layer of an extract: a point at each via node; what is not supported is counted."""
    try:
        found = [relation for relation in _relations(file) if _usable(relation, report)]
        spots = _spots(file, {relation.via_nodes[0] for relation in found})
    except (RuntimeError, ValueError) as problem:
        short = str(problem).splitlines()[0][:200]
        raise Refused("county.osm_unreadable", file=file.name, problem=short) from problem
    rows, points = [], []
    shapely.prepare(within)
    for relation in found:
        at = spots.get(relation.via_nodes[0])
        if at is None or not shapely.intersects_xy(within, *at):
            report.refuse("outside")
            continue
        pairs = [(one, other) for one in relation.froms for other in relation.tos]
        rows += [(str(one), str(other), relation.kind) for one, other in pairs]
        points += [shapely.Point(at)] * len(pairs)
    report.accepted += len(rows)
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    values = {
        name: np.array(column, dtype=object) for name, column in zip(COLUMNS, columns, strict=True)
    }
    return gpd.GeoDataFrame(values, geometry=points, crs="EPSG:4326")


def _relations(file: Path) -> Iterable[Relation]:
    tagged = osmium.filter.TagFilter(("type", "restriction"))
    for found in osmium.FileProcessor(str(file), osmium.osm.RELATION).with_filter(tagged):
        yield _read(found)


def _read(found: Any) -> Relation:
    members: dict[tuple[str, str], list[int]] = {}
    for member in found.members:
        members.setdefault((member.role, member.type), []).append(member.ref)
    tags = {tag.k: tag.v for tag in found.tags}
    # One that binds cars alone binds us too; one for lorries or by the hour has no plain `restriction`.
    kind = tags.get("restriction") or tags.get("restriction:motorcar") or ""
    return Relation(
        kind=kind,
        froms=tuple(members.get(("from", "w"), ())),
        tos=tuple(members.get(("to", "w"), ())),
        via_nodes=tuple(members.get(("via", "n"), ())),
        via_ways=tuple(members.get(("via", "w"), ())),
        except_for=frozenset(part.strip() for part in tags.get("except", "").split(";")),
    )


def _usable(relation: Relation, report: LayerReport) -> bool:
    why = _why_not(relation)
    if why:
        report.refuse(why)
    return not why


def _why_not(relation: Relation) -> str:
    if relation.via_ways:
        return "via_way"
    if relation.except_for & FREE:
        return "exempt"
    if relation.kind not in KINDS:
        return "kind"
    many = (relation.kind == MANY_FROM, relation.kind == MANY_TO)
    counts = zip((relation.froms, relation.tos), many, strict=True)
    whole = len(relation.via_nodes) == 1 and all(
        len(ways) == 1 or (ways and several) for ways, several in counts
    )
    return "" if whole else "members"


def _spots(file: Path, nodes: set[int]) -> dict[int, tuple[float, float]]:
    if not nodes:
        return {}
    wanted = osmium.filter.IdFilter(nodes)
    found = osmium.FileProcessor(str(file), osmium.osm.NODE).with_filter(wanted)
    return {
        node.id: (node.location.lon, node.location.lat)
        for node in found
        if isinstance(node, osmium.osm.Node)
    }
