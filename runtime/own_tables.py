"""The tables an office keeps for itself: a file in the home's `tables` folder stands for the shipped one of its name."""

from pathlib import Path
from typing import Final

from dispatch.kinds import ANSWER_WITHIN, Waits, answer_within, read_answer_within
from incidents.rulebook import Tables, read_tables, shipped_tables
from incidents.table_files import shipped
from vocabulary.errors import Refused

FOLDER: Final = "tables"
# Categories are brought in versions (`app.py import`), departments are what accounts and cases name: neither is edited here.
OF_CASES: Final = frozenset(
    {
        *("approvals.csv", "calendar.csv", "escalations.csv", "holidays.csv"),
        *("priorities.csv", "quotas.csv", "raise_rules.csv", "timers.csv"),
    }
)
OWN: Final = OF_CASES | {ANSWER_WITHIN}


def own_tables(home: Path) -> Tables:
    """Return the shipped tables of cases with the office's own in their places.

    Raises Refused that names the file, or its row and column, where it is not one of them or cannot be read.
    """
    own = _own_files(home)
    if not own.keys() & OF_CASES:
        return shipped_tables()

    def text_of(name: str) -> str:
        return own[name].read_text("utf-8") if name in own else shipped(name)

    return read_tables(text_of)


def own_waits(home: Path) -> Waits:
    """Return how long a unit has to answer an offer: the office's own table, else the shipped one."""
    file = _own_files(home).get(ANSWER_WITHIN)
    return read_answer_within(file.read_text("utf-8")) if file else answer_within()


def _own_files(home: Path) -> dict[str, Path]:
    folder = home / FOLDER
    own = {file.name: file for file in sorted(folder.glob("*.csv"))} if folder.is_dir() else {}
    for name in own.keys() - OWN:
        raise Refused("runtime.not_an_own_table", file=own[name], known=", ".join(sorted(OWN)))
    return own
