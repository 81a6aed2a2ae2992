"""The address of an outside tile source: what may be set, and which sources would put every street in the wrong place.

Several layers (a map and its names) stand apart by spaces, the lowest first. `{z} {x} {y}` as in XYZ, `{-y}` counted from
the south (TMS), `{s}` or `{s:0-7}` or `{s:abc}` for hosts that share the work, `{theme}` for dark or light. A WMTS is
given by its KVP address with TILEMATRIX={z}, TILEROW={y}, TILECOL={x}.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from vocabulary.errors import Refused

# Hosts whose maps are drawn in GCJ-02 or BD-09: over ours every incident would stand up to 700 m from its street.
SHIFTED: Final = {
    "amap.com": "GCJ-02", "autonavi.com": "GCJ-02", "gaode.com": "GCJ-02", "gtimg.com": "GCJ-02", "map.qq.com": "GCJ-02",
    "google.cn": "GCJ-02", "geoq.cn": "GCJ-02", "bdimg.com": "BD-09", "bdstatic.com": "BD-09", "baidu.com": "BD-09",
    "ditu.live.com": "GCJ-02", "mapbar.com": "GCJ-02", "sogoucdn.com": "GCJ-02",
}  # fmt: skip
FIELDS: Final = re.compile(r"\{([^{}]*)\}")
HOSTS: Final = re.compile(r"^s(?::(?:([0-9])-([0-9])|([0-9a-z]+)))?$")
OTHER_GRID: Final = re.compile(
    r"tilematrixset=(c|epsg:4490|epsg:4326)\b|/\w+_c/wmts", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Address:
    """One layer's template, taken apart; never shown, for it may hold a key."""

    template: str
    host: str

    def __repr__(self) -> str:
        return f"Address({self.host})"

    def of(self, theme: str, z: int, x: int, y: int) -> str:
        """Return the address of one tile of the 256 px grid."""

        def filled(match: re.Match[str]) -> str:
            name = match.group(1)
            if hosts := HOSTS.match(name):
                among = _hosts(hosts)
                return among[(x + y) % len(among)]
            values = {"z": z, "x": x, "y": y, "-y": 2**z - 1 - y, "theme": theme}
            return str(values[name])

        return FIELDS.sub(filled, self.template)


def read_addresses(setting: str) -> tuple[Address, ...]:
    """Return the layers of the setting, the lowest first; Refused says what is wrong and never tells the address."""
    return tuple(_read(template) for template in setting.split())


def _read(template: str) -> Address:
    try:
        parts = urlsplit(FIELDS.sub("0", template))
        host = parts.hostname or ""
    except ValueError:
        raise Refused("tiles.source_address") from None
    named = FIELDS.findall(template)
    known = all(name in {"z", "x", "y", "-y", "theme"} or HOSTS.match(name) for name in named)
    whole = "z" in named and "x" in named and ("y" in named or "-y" in named)
    if parts.scheme not in ("http", "https") or not host or not known or not whole:
        raise Refused("tiles.source_address")
    for shifted, datum in SHIFTED.items():
        if host == shifted or host.endswith(f".{shifted}"):
            raise Refused("tiles.source_shifted", host=host, datum=datum)
    if OTHER_GRID.search(template):
        raise Refused("tiles.source_grid", host=host)
    return Address(template, host)


def _hosts(match: re.Match[str]) -> str:
    first, last, listed = match.groups()
    if first is not None:
        return "".join(str(number) for number in range(int(first), int(last) + 1)) or first
    return listed or "abc"
