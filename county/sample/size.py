"""How large a county is drawn: the whole one for a console, and a small one for tests."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """The measures of a county; `seat` scales its street plan."""

    half_m: float
    area_km2: float
    towns: int
    people: int
    seat: float
    town_apart_m: float
    villages: int
    interchanges: int


COUNTY: Final = Size(
    half_m=25_600.0, area_km2=1_000.0, towns=14, people=600_000, seat=1.0, town_apart_m=6_500.0,
    villages=345, interchanges=3,
)  # fmt: skip
SMALL: Final = Size(
    half_m=12_000.0, area_km2=150.0, towns=4, people=90_000, seat=0.5, town_apart_m=3_400.0,
    villages=36, interchanges=1,
)  # fmt: skip
