"""Devices that measure: five thousand over the kinds a county has, each where such a thing would be. Units are UCUM codes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from county.sample.tables.files import degrees
from county.sample.tables.land import Land, Points

COLUMNS: Final = (
    "device_id", "name", "kind", "channel", "unit", "lon", "lat", "department", "period_s", "low", "high",
)  # fmt: skip
SEAT_REACH_M: Final = 2600.0
TOWN_REACH_M: Final = 700.0
SITE_REACH_M: Final = 60.0  # from a building's middle to its corridors
Where = Callable[[Land, np.random.Generator, int], Points]


def _rivers(land: Land, rng: np.random.Generator, count: int) -> Points:
    return land.along(rng, "waterways", ("river",), count)


def _streams(land: Land, rng: np.random.Generator, count: int) -> Points:
    return land.along(rng, "waterways", ("river", "stream"), count)


def _streets(land: Land, rng: np.random.Generator, count: int) -> Points:
    """Return points on streets: residential ones, and greater roads where they pass through a settlement."""
    many = land.along(rng, "roads", ("residential", "secondary", "tertiary", "primary"), 4 * count)
    centres = land.metres(np.vstack([land.seat[None], land.places.of("city", "town", "suburb").at]))
    away = np.hypot(*(land.metres(many)[:, None] - centres).transpose(2, 0, 1)).min(axis=1)
    return many[np.argsort(away)[:count]]


def _crossroads(land: Land, rng: np.random.Generator, count: int) -> Points:
    return land.along(rng, "roads", ("primary", "secondary"), count)


def _low_streets(land: Land, rng: np.random.Generator, count: int) -> Points:
    """Return the lowest points of many on streets: where water stands."""
    many = _streets(land, rng, 6 * count)
    return many[np.argsort(land.heights(many))[:count]]


def _seat(land: Land, rng: np.random.Generator, count: int) -> Points:
    return land.near(rng, land.seat[None], count, SEAT_REACH_M)


def _towns(land: Land, rng: np.random.Generator, count: int) -> Points:
    return land.near(rng, land.places.of("city", "town", "suburb").at, count, TOWN_REACH_M)


def _homes(land: Land, rng: np.random.Generator, count: int) -> Points:
    return land.people(rng, count)


def _slopes(land: Land, rng: np.random.Generator, count: int) -> Points:
    return land.steep(rng, count)


def _peaks(land: Land, rng: np.random.Generator, count: int) -> Points:
    return land.near(rng, land.pois.of("peak").at, count, 500.0)


def _bridges(land: Land, rng: np.random.Generator, count: int) -> Points:
    """Return points on great roads as near to rivers as many draws find them."""
    many = land.along(rng, "roads", ("motorway", "primary", "secondary"), 40 * count)
    water = land.metres(land.along(rng, "waterways", ("river",), 3000))
    away = np.hypot(*(land.metres(many)[:, None] - water).transpose(2, 0, 1)).min(axis=1)
    return many[np.argsort(away)[:count]]


def _inside(*kinds: str) -> Where:
    def where(land: Land, rng: np.random.Generator, count: int) -> Points:
        return land.near(rng, land.pois.of(*kinds).at, count, SITE_REACH_M)

    return where


PUBLIC: Final = (
    "hospital", "school", "kindergarten", "university", "mall", "market", "hotel", "townhall", "library", "museum",
    "rail_station", "bus_station", "government", "clinic", "post_office", "bank",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeviceKind:
    """One row: `count` of them; `low` and `high` are limits in `unit`, None where there is none."""

    kind: str
    zh: str
    count: int
    channel: str
    unit: str
    where: Where
    department: str
    period_s: int
    low: float | None
    high: float | None


KINDS: Final = (
    DeviceKind("river_level", "河道水位计", 150, "level", "m", _rivers, "water_affairs", 300, None, 3.2),
    DeviceKind("rain", "雨量站", 60, "rain_1h", "mm", _streams, "water_affairs", 300, None, 50.0),
    DeviceKind("road_water", "积水监测点", 180, "depth", "cm", _low_streets, "drainage", 60, None, 15.0),
    DeviceKind("sewer_level", "排水管网液位计", 160, "level", "m", _streets, "drainage", 300, None, 2.5),
    DeviceKind("manhole", "智能井盖", 900, "tilt", "deg", _streets, "urban_management", 21600, None, 15.0),
    DeviceKind("street_light", "单灯控制器", 1060, "voltage", "V", _streets, "urban_management", 900, 187.0, 253.0),
    DeviceKind("smoke", "烟感", 800, "obscuration", "dB/m", _inside(*PUBLIC), "fire", 3600, None, 0.65),
    DeviceKind("electrical", "电气火灾监测", 320, "residual_current", "mA", _homes, "fire", 900, None, 300.0),
    DeviceKind("hydrant", "消火栓水压计", 140, "pressure", "MPa", _towns, "fire", 1800, 0.15, 0.8),
    DeviceKind("gas", "可燃气体探测器", 400, "methane_lel", "%", _seat, "gas", 300, None, 20.0),
    DeviceKind("water_pressure", "供水管网压力计", 180, "pressure", "MPa", _towns, "water", 300, 0.18, 0.6),
    DeviceKind("water_flow", "供水流量计", 60, "flow", "m3/h", _towns, "water", 300, None, 600.0),
    DeviceKind("heat", "换热站", 70, "supply_temperature", "Cel", _seat, "heating", 300, 45.0, 95.0),
    DeviceKind("transformer", "配变监测终端", 220, "oil_temperature", "Cel", _homes, "power", 300, None, 85.0),
    DeviceKind("slope", "边坡位移计", 130, "displacement", "mm", _slopes, "natural_resources", 600, None, 10.0),
    DeviceKind("bridge", "桥梁位移计", 40, "displacement", "mm", _bridges, "transport", 60, None, 12.0),
    DeviceKind("forest_fire", "林火热成像", 30, "spot_temperature", "Cel", _peaks, "forestry", 60, None, 70.0),
    DeviceKind("air", "空气质量站", 30, "pm25", "ug/m3", _towns, "environment", 3600, None, 75.0),
    DeviceKind("noise", "噪声监测点", 30, "level_a", "dB", _seat, "environment", 300, None, 70.0),
    DeviceKind("traffic", "车流检测器", 40, "flow", "/h", _crossroads, "traffic_police", 300, None, 1800.0),
)  # fmt: skip


def rows(land: Land, rng: np.random.Generator) -> Iterator[list[object]]:
    """Yield the devices, kind after kind; a name says near what and which one of its kind it is."""
    for kind in KINDS:
        spots = kind.where(land, rng, kind.count)
        nearby = land.nearest(spots, land.places)
        for order, (spot, place) in enumerate(zip(spots, nearby, strict=True), start=1):
            yield [
                f"{kind.kind.replace('_', '-')}-{order:04d}", f"{place}{kind.zh}{order}", kind.kind, kind.channel,
                kind.unit, *map(degrees, spot), kind.department, kind.period_s, _limit(kind.low), _limit(kind.high),
            ]  # fmt: skip


def _limit(value: float | None) -> object:
    return "" if value is None else value
