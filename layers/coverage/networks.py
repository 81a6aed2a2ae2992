"""Fixed networks as layers: broadband of a village or community, and the backbone's nodes and links, with what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Layer = Literal["broadband", "backbone"]
LAYERS: Final = ("broadband", "backbone")
GIGABIT, HUNDRED = "gigabit", "hundred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """Broadband of a village or community: households, how many are reached and how many have it, at 1 Gbit/s and 100 Mbit/s."""

    id: str
    name: str
    kind: str  # village or community
    lon_deg: float
    lat_deg: float
    households: int
    gigabit_reached: int
    gigabit_users: int
    hundred_reached: int
    hundred_users: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A node or a link of the backbone; `ring` names the ring it closes, empty where it hangs on one leg."""

    id: str
    name: str
    kind: str  # node or link
    ring: str
    operator: str
    capacity_gbps: float
    in_service: bool
    geometry: dict[str, Any]  # GeoJSON: Point or LineString


def broadband_figures(rows: Sequence[Community]) -> dict[str, Any]:
    """Return shares of households reached and of those reached that use it, and how many places lack gigabit wholly."""
    households = sum(row.households for row in rows)
    told: dict[str, Any] = {"places": len(rows), "households": households}
    for speed in (GIGABIT, HUNDRED):
        reached = sum(getattr(row, f"{speed}_reached") for row in rows)
        users = sum(getattr(row, f"{speed}_users") for row in rows)
        told[f"{speed}_reach"] = round(reached / households, 4) if households else None
        told[f"{speed}_take_up"] = round(users / reached, 4) if reached else None
    told["without_gigabit"] = sum(row.gigabit_reached == 0 and row.households > 0 for row in rows)
    return told


def backbone_figures(rows: Sequence[Part]) -> dict[str, Any]:
    """Return nodes, links, rings, and the nodes that hang on a single leg: one cut takes them off the network."""
    nodes = [row for row in rows if row.kind == "node"]
    links = [row for row in rows if row.kind == "link"]
    return {
        "nodes": len(nodes),
        "links": len(links),
        "rings": len({row.ring for row in rows if row.ring}),
        "unringed_nodes": sum(not row.ring for row in nodes),
        "out_of_service": sum(not row.in_service for row in rows),
        "capacity_gbps": round(sum(row.capacity_gbps for row in links), 1),
    }
