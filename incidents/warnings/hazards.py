"""What is warned of: a table of events with the issuers' codes and both names; what is not in it keeps its issuer's words."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from incidents.table_files import rows

COLUMNS: Final = ("hazard", "codes", "zh", "en", "words")
TABLE: Final = Path(__file__).parent / "tables" / "hazards.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """One event: our word for it, the eventType codes of the national platform, its names, and other names it goes by."""

    id: str
    codes: frozenset[str]
    zh: str
    en: str
    names: frozenset[str]


@cache
def hazards() -> dict[str, Hazard]:
    """Return the table by our words, in its own order."""
    found = {}
    for row in rows(TABLE.name, TABLE.read_text("utf-8"), COLUMNS):
        cells = row.cells
        # Chinese names are parted by blanks; English ones have blanks and are parted by bars.
        chinese = [one for one in cells["words"].split() if not one.isascii()]
        english = " ".join(one for one in cells["words"].split() if one.isascii()).split("|")
        names = {cells["zh"], cells["en"], *chinese, *english} - {""}
        found[cells["hazard"]] = Hazard(
            id=row.text("hazard"),
            codes=frozenset(cells["codes"].split()),
            zh=row.text("zh"),
            en=row.text("en"),
            names=frozenset(names),
        )
    return found


def hazard_of(code: str, *told: str) -> str:
    """Return our word for an event by its issuer's code, else by one of the names it was told by; empty where unknown."""
    for hazard in hazards().values():
        if code in hazard.codes:
            return hazard.id
    spoken = [_plain(one) for one in told if one]
    for hazard in hazards().values():
        if any(one in hazard.names for one in spoken):
            return hazard.id
    return ""


def _plain(name: str) -> str:
    """Return a name without the words every warning has: 暴雨黄色预警信号, Rainstorm warning."""
    plain = name.strip().lower()
    for word in ("信号", "预警", "红色", "橙色", "黄色", "蓝色", "warning", "alert"):
        plain = plain.replace(word, "")
    return plain.strip()
