"""The tables an office keeps for itself: a file in the home's `tables` folder stands for the shipped one of its name."""

from pathlib import Path
from typing import Final

from incidents.rulebook import Tables, read_tables, shipped_tables
from incidents.table_files import shipped
from vocabulary.errors import Refused

FOLDER: Final = "tables"
# Categories are brought in versions (`app.py import`), departments are what accounts and cases name: neither is edited here.
OWN: Final = frozenset(
    {
        *("approvals.csv", "calendar.csv", "escalations.csv", "holidays.csv"),
        *("priorities.csv", "quotas.csv", "raise_rules.csv", "timers.csv"),
    }
)


def own_tables(home: Path) -> Tables:
    """Return the shipped tables with the office's own in their places.

    Raises Refused that names the file, or its row and column, where it is not one of them or cannot be read.
    """
    folder = home / FOLDER
    own = {file.name: file for file in sorted(folder.glob("*.csv"))} if folder.is_dir() else {}
    for name in own.keys() - OWN:
        raise Refused("runtime.not_an_own_table", file=own[name], known=", ".join(sorted(OWN)))
    if not own:
        return shipped_tables()

    def text_of(name: str) -> str:
        return own[name].read_text("utf-8") if name in own else shipped(name)

    return read_tables(text_of)
