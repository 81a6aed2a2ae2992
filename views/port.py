"""What the views ask for: one port, the desk, which knows who is asking and which county this is."""

from dataclasses import dataclass, field
from typing import Protocol

from incidents.rulebook import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks at the page; `language` is their own choice, a cookie may overrule it."""

    name: str
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    language: str = "zh"
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyFacts:
    """What a page must know of the county before it draws: names, middle, extent and where the tiles are."""

    name_zh: str
    name_en: str
    lon: float
    lat: float
    zoom: int = 12
    bbox: tuple[float, float, float, float] | None = None
    tile_url: str = "/tiles/{theme}/{z}/{x}/{y}"
    version: str = ""
    attribution: str = "© OpenStreetMap contributors"
    time_zone: str = "Asia/Shanghai"
    outline: list[list[list[float]]] = field(default_factory=list)


class Desk(Protocol):
    """The one port of the views."""

    def viewer(self) -> Viewer | None:
        """Return who is asking, None where nobody has signed in."""
        ...

    def county(self) -> CountyFacts:
        """Return the county's facts."""
        ...

    def tables(self) -> Tables:
        """Return the tables that name categories' conditions and coded words."""
        ...
