"""Fixed networks as they are brought: CSV with its columns or GeoJSON; a row that is not right is refused with its reason."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from layers.coverage.networks import Community, Part
from vocabulary.errors import Refused
from vocabulary.place import Place

WORDS: Final = {
    "id": ("id", "编号", "代码"), "name": ("name", "名称", "村(社区)", "村社区"), "kind": ("kind", "类型"),
    "lon": ("lon", "经度"), "lat": ("lat", "纬度"), "households": ("households", "户数"),
    "gigabit_reached": ("gigabit_reached", "千兆覆盖户数"), "gigabit_users": ("gigabit_users", "千兆用户数"),
    "hundred_reached": ("hundred_reached", "百兆覆盖户数"), "hundred_users": ("hundred_users", "百兆用户数"),
    "ring": ("ring", "环名"), "operator": ("operator", "运营商"), "capacity_gbps": ("capacity_gbps", "容量G", "容量"),
    "in_service": ("in_service", "在网"), "path": ("path", "路径"),
}  # fmt: skip
NEEDS: Final = {
    "broadband": ("id", "name", "households", "gigabit_reached", "hundred_reached"),
    "backbone": ("id", "name", "kind"),
}
VILLAGE: Final = {"村": "village", "社区": "community"}
PARTS: Final = {"节点": "node", "链路": "link", "光缆": "link"}
HOUSEHOLDS_MOST: Final = 1_000_000
Row = Mapping[str, str]
Inside = Callable[[Place], bool]


@dataclass(slots=True)
class NetworkReading:
    """What a reading found, and what was refused by its row."""

    rows: int = 0
    communities: list[Community] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    refused: list[tuple[int, Refused]] = field(default_factory=list)


def read_network(layer: str, name: str, form: str, text: str, inside: Inside) -> NetworkReading:
    """Return the good rows of a table or a GeoJSON file."""
    rows = _features(name, text) if form == "geojson" else _table(layer, name, text)
    reading = NetworkReading(rows=len(rows))
    seen: set[str] = set()
    for number, (row, geometry) in enumerate(rows, 2 if form == "csv" else 1):
        try:
            known = _text(row, "id")
            _need_new(known, seen)
            if layer == "broadband":
                reading.communities.append(_community(row, geometry, inside))
            else:
                reading.parts.append(_part(row, geometry, inside))
            seen.add(known)
        except Refused as why:
            reading.refused.append((number, why))
    return reading


def _need_new(known: str, seen: set[str]) -> None:
    if known in seen:
        raise Refused("radio.network_twice", value=known)


def _table(layer: str, name: str, text: str) -> list[tuple[Row, Any]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    lines = [row for row in reader if any(cell.strip() for cell in row)]
    if len(lines) < 2:
        raise Refused("radio.no_rows", name=name)
    head = [cell.strip() for cell in lines[0]]
    ours = {column: word for column, words in WORDS.items() for word in words if word in head}
    missing = [column for column in NEEDS[layer] if column not in ours]
    if missing:
        present = ", ".join(head)
        raise Refused(
            "radio.network_columns", name=name, missing=", ".join(missing), present=present
        )
    at = {column: head.index(word) for column, word in ours.items()}
    return [
        ({column: row[n].strip() for column, n in at.items() if n < len(row)}, None)
        for row in lines[1:]
    ]


def _features(name: str, text: str) -> list[tuple[Row, Any]]:
    try:
        whole = orjson.loads(text)
        found = [(one["properties"] or {}, one["geometry"]) for one in whole["features"]]
    except (ValueError, KeyError, TypeError) as problem:
        raise Refused(
            "radio.unreadable", name=name, problem="GeoJSON FeatureCollection"
        ) from problem
    if not found:
        raise Refused("radio.no_rows", name=name)
    return [
        ({key: str(value) for key, value in told.items() if value is not None}, shape)
        for told, shape in found
    ]


def _community(row: Row, geometry: Any, inside: Inside) -> Community:
    lon, lat = _spot(row, geometry)
    _need_inside(lon, lat, inside)
    households = _count(row, "households", HOUSEHOLDS_MOST)
    reached = {name: _count(row, f"{name}_reached", households) for name in ("gigabit", "hundred")}
    users = {name: _count(row, f"{name}_users", reached[name]) for name in reached}
    kind = row.get("kind", "") or "village"
    return Community(
        id=_text(row, "id"), name=_text(row, "name"), kind=VILLAGE.get(kind, kind), lon_deg=lon, lat_deg=lat,
        households=households, gigabit_reached=reached["gigabit"], gigabit_users=users["gigabit"],
        hundred_reached=reached["hundred"], hundred_users=users["hundred"],
    )  # fmt: skip


def _part(row: Row, geometry: Any, inside: Inside) -> Part:
    kind = PARTS.get(row.get("kind", ""), row.get("kind", ""))
    if kind not in ("node", "link"):
        raise Refused("radio.network_kind", value=kind)
    shape = geometry or _geometry(row, kind)
    wanted = "Point" if kind == "node" else "LineString"
    if not isinstance(shape, dict) or shape.get("type") != wanted:
        raise Refused("radio.network_shape", kind=kind, wanted=wanted)
    points = [shape["coordinates"]] if kind == "node" else shape["coordinates"]
    if not points or not all(isinstance(point, list) and len(point) >= 2 for point in points):
        raise Refused("radio.network_shape", kind=kind, wanted=wanted)
    if not any(inside(Place(point[0], point[1])) for point in points):
        raise Refused("radio.network_outside", lon=points[0][0], lat=points[0][1])
    return Part(
        id=_text(row, "id"), name=_text(row, "name"), kind=kind, ring=row.get("ring", ""),
        operator=row.get("operator", ""), capacity_gbps=_number(row, "capacity_gbps"),
        in_service=row.get("in_service", "1").lower() not in ("0", "false", "否"), geometry=shape,
    )  # fmt: skip


def _geometry(row: Row, kind: str) -> dict[str, Any]:
    """Return a shape from columns: lon and lat of a node, `path` of a link as "lon lat;lon lat"."""
    if kind == "node":
        return {"type": "Point", "coordinates": [_coordinate(row, "lon"), _coordinate(row, "lat")]}
    try:
        points = [
            [float(n) for n in pair.split()] for pair in row.get("path", "").split(";") if pair
        ]
    except ValueError:
        points = []
    return {"type": "LineString" if len(points) > 1 else "", "coordinates": points}


def _spot(row: Row, geometry: Any) -> tuple[float, float]:
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        lon, lat = geometry["coordinates"][:2]
        return float(lon), float(lat)
    return _coordinate(row, "lon"), _coordinate(row, "lat")


def _need_inside(lon: float, lat: float, inside: Inside) -> None:
    if not inside(Place(lon, lat)):
        raise Refused("radio.network_outside", lon=lon, lat=lat)


def _text(row: Row, name: str) -> str:
    if not row.get(name):
        raise Refused("coverage.missing", field=name)
    return row[name]


def _coordinate(row: Row, name: str) -> float:
    try:
        return float(row.get(name, ""))
    except ValueError:
        raise Refused("place.not_a_number", field=name, value=repr(row.get(name, ""))) from None


def _number(row: Row, name: str) -> float:
    told = row.get(name, "") or "0"
    try:
        value = float(told)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e6:
        raise Refused("coverage.number", field=name, value=told, low=0.0, high=1e6)
    return value


def _count(row: Row, name: str, most: int) -> int:
    told = row.get(name, "") or "0"
    if not (told.isascii() and told.isdecimal() and int(told) <= most):
        raise Refused("radio.network_count", field=name, value=told, most=most)
    return int(told)
