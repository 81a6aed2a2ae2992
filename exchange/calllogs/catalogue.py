"""The call logs that can be read: one row each."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from exchange.calllogs import montgomery, sf_fire
from exchange.calllogs.model import CallLog

READERS: Final[dict[str, Callable[[Path], CallLog]]] = {
    sf_fire.NAME: sf_fire.read,
    montgomery.NAME: montgomery.read,
}
