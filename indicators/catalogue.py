"""Every indicator of the console, one row each, in the order in which they are shown."""

from typing import Final

from indicators import closure, coverage, emergency, platform, sensing
from indicators.model import Indicator

CATALOGUE: Final[tuple[Indicator, ...]] = (
    *closure.ROWS,
    *emergency.ROWS,
    *sensing.ROWS,
    *coverage.ROWS,
    *platform.ROWS,
)
BY_ID: Final[dict[str, Indicator]] = {row.id: row for row in CATALOGUE}
