"""What every wire gives: readings by the sender's own names, before anybody looked up which channel that is."""

import math
from typing import NamedTuple

from sensors.model import Quality

NO_VALUE = math.nan


class WireReading(NamedTuple):
    """One value as it came: `station` and `factor` are the sender's names, `at_ms` its own instant in ms since 1970 (UTC).

    `value` is NaN where the sender says that it has none.
    """

    station: str
    factor: str
    at_ms: int
    value: float
    quality: Quality = Quality.GOOD
